/** Tables in JSON with one list for each column or, in another form of pandas, one object of values by row name. */

import { fileWords } from "../../../messages/files.ts";
import { tableWords } from "../../../messages/tables.ts";
import type { JsonEntry } from "../../reading/scanJson.ts";
import { isObject, type Place, valuesIn } from "../jsonWalk.ts";
import type { FileFault } from "../readFile.ts";
import { RowFault } from "./csvRows.ts";
import { type Cell, cellAt, rowOf } from "./jsonCells.ts";
import { type JsonTable, keyName, layoutOf, sampleRows } from "./jsonLayout.ts";
import { RepeatedKeys } from "./repeatedKeys.ts";

/** @param shown the file's name in messages. */
export function columnsIn(bytes: Uint8Array, columns: readonly JsonEntry[], shown: string): JsonTable | FileFault {
  const named = columns.map(({ name }) => name);
  const keyed = columns.map(({ at }) => isObject(bytes, at));
  const first = keyed.indexOf(true);
  const key = first >= 0 && hasNames(bytes, columns[first]!.at) ? keyName(named) : null;
  const names = key === null ? named : [key, ...named];
  function* rows(): Generator<readonly Cell[], string | null> {
    const cursors = columns.map(({ at }) => valuesIn(bytes, at));
    const seen = new Set<string>();
    for (let row = 1; ; row++) {
      const steps = cursors.map((cursor) => cursor.next());
      const ended = steps.filter(({ done }) => done).length;
      if (ended === steps.length) return null;
      if (ended > 0) return named[steps.findIndex(({ done }) => done)] ?? "";
      const places = steps.flatMap((step) => (step.done ? [] : [step.value]));
      const name = first < 0 ? null : nameOf(places, keyed, row);
      if (name !== null && seen.has(name))
        throw new RowFault(fileWords().inLine({ line: null, fault: tableWords().rowTwice(name) }));
      if (name !== null) seen.add(name);
      const cells = places.map((place) => cellAt(bytes, place));
      yield key === null || name === null ? cells : [name, ...cells];
    }
  }
  const sample: (readonly Cell[])[] = [];
  try {
    for (const row of rows()) {
      sample.push(row);
      if (sample.length === sampleRows) break;
    }
  } catch (error) {
    if (error instanceof RowFault) return { fault: `${shown}${error.message}` };
    throw error;
  }
  if (sample.length === 0) return { fault: tableWords().noValues({ file: shown, column: named[0] ?? "" }) };
  return {
    layout: layoutOf(names, sample, "row"),
    notes: key === null ? [] : [tableWords().keyColumn(key)],
    repeated: new RepeatedKeys(),
    each: (visit) => {
      const walk = rows();
      for (let line = 1; ; line++) {
        const step = walk.next();
        if (step.done) {
          if (step.value === null) return;
          throw new RowFault(
            fileWords().inLine({ line: null, fault: tableWords().fewerValues({ column: step.value, n: line - 1 }) }),
          );
        }
        if (!visit(rowOf(step.value, line))) return;
      }
    },
  };
}

/** Whether rows are called anything else than 0, 1, 2, …, or 1, 2, 3, …. */
function hasNames(bytes: Uint8Array, at: number): boolean {
  let index = 0;
  let from = 0;
  for (const { key } of valuesIn(bytes, at)) {
    if (index === 0 && key === "1") from = 1;
    if (key !== String(from + index)) return true;
    index++;
  }
  return false;
}

/** The name that all objects give a row. @throws RowFault if they differ */
function nameOf(places: readonly Place[], keyed: readonly boolean[], row: number): string | null {
  const keys = places.flatMap(({ key }, i) => (keyed[i] === true ? [key] : []));
  const [name = null] = keys;
  const other = keys.find((key) => key !== name);
  if (other === undefined || name === null) return name;
  throw new RowFault(fileWords().inLine({ line: null, fault: tableWords().rowsDiffer({ row, name, other }) }));
}
