/** Keeps the rows of a table in which some columns have the requested values. */

import { didYouMean } from "../../../config/didYouMean.ts";
import { listWords } from "../../../messages/lists.ts";
import { noteWords } from "../../../messages/tableNotes.ts";
import { tableWords } from "../../../messages/tables.ts";
import type { Row } from "./csvRows.ts";
import type { FaultList } from "./faultList.ts";
import type { Layout } from "./layout.ts";
import { showCell } from "./layoutText.ts";
import type { TableQuestion } from "./tableQuestion.ts";

/** Most values of a column that are remembered for messages. */
const maxSeen = 1000;
/** Most of them that a message lists. */
const maxShown = 12;

interface Condition {
  readonly name: string;
  readonly index: number;
  readonly values: readonly (string | number)[];
  readonly texts: ReadonlySet<string>;
  readonly numbers: ReadonlySet<number>;
  /** Different cells of the column. */
  readonly seen: Set<string>;
  readonly found: Set<string | number>;
}

type Walk = (visit: (row: Row) => boolean) => void;

export class RowFilter {
  readonly #question: TableQuestion;
  readonly #conditions: readonly Condition[];
  /** Last line before the data. */
  readonly #start: number;
  #rows = 0;
  #kept = 0;

  constructor(question: TableQuestion, { names, headerLine, before }: Layout) {
    this.#question = question;
    this.#start = headerLine ?? before.at(-1) ?? 0;
    this.#conditions = question.where.map(({ column, values }) => ({
      name: column,
      index: names.indexOf(column),
      values,
      texts: new Set(values.filter((value) => typeof value === "string")),
      numbers: new Set(values.filter((value) => typeof value === "number")),
      seen: new Set(),
      found: new Set(),
    }));
  }

  /** The same walk without the rows that are not requested. */
  filtered(each: Walk): Walk {
    if (this.#conditions.length === 0) return each;
    return (visit) => {
      this.#rows = 0;
      this.#kept = 0;
      each((row) => row.line <= this.#start || !this.#keeps(row) || visit(row));
    };
  }

  #keeps(row: Row): boolean {
    // A row that is too short is no row of data; what it is, the reader decides.
    if (this.#conditions.some(({ index }) => index >= row.cells)) return true;
    this.#rows++;
    let kept = true;
    for (const condition of this.#conditions) {
      const cell = row.text(condition.index);
      if (condition.seen.size < maxSeen) condition.seen.add(cell);
      const number = condition.numbers.size > 0 && cell !== "" ? Number(cell) : Number.NaN;
      const match = condition.texts.has(cell) ? cell : condition.numbers.has(number) ? number : null;
      if (match === null) kept = false;
      else condition.found.add(match);
    }
    if (kept) this.#kept++;
    return kept;
  }

  /** Adds a fault for each value that no row has, and if no row has all of them. */
  check(faults: FaultList): void {
    if (this.#rows === 0) return;
    const { shown } = this.#question;
    const absent = this.#conditions.flatMap(({ name, values, found, seen }) =>
      values.filter((value) => !found.has(value)).map((value) => ({ name, value, cells: [...seen] })),
    );
    for (const { name, value, cells } of absent) {
      const listed = cells.slice(0, maxShown).map((cell) => `"${showCell(cell)}"`);
      const values = listWords().commas([...listed, ...(cells.length > maxShown ? ["…"] : [])]);
      const hint = didYouMean(String(value), cells);
      const message = tableWords().noRowHas({ file: shown, value: valueText(value), column: name, hint, values });
      faults.add("column", message, null, { place: ["where", name] });
    }
    if (absent.length > 0 || this.#kept > 0) return;
    const columns = listWords().and(this.#conditions.map(({ name }) => `"${name}"`));
    faults.add("column", tableWords().noRowHasAll({ file: shown, columns }), null, { place: ["where"] });
  }

  notes(): string[] {
    if (this.#conditions.length === 0) return [];
    const wanted = this.#conditions.map(({ name, values }) => `"${name}" ${listWords().or(values.map(valueText))}`);
    return [noteWords().keptRows({ kept: this.#kept, rows: this.#rows, values: listWords().and(wanted) })];
  }
}

function valueText(value: string | number): string {
  return typeof value === "number" ? String(value) : `"${showCell(value)}"`;
}
