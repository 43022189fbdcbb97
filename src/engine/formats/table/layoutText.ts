/** Describes a table's layout if it is unusual. */

import { fileWords } from "../../../messages/files.ts";
import { listWords } from "../../../messages/lists.ts";
import { noteWords } from "../../../messages/tableNotes.ts";
import { tableWords } from "../../../messages/tables.ts";
import type { Layout } from "./layout.ts";
import type { TableQuestion, TableRemark } from "./tableQuestion.ts";

export function layoutNotes(
  { separator, before, headerLine, rowNames, names: { length } }: Layout,
  question: TableQuestion,
): string[] {
  const notes: string[] = [];
  if (question.separator === null && separator !== "," && length > 1) notes.push(noteWords().separated(separator));
  if (before.length > 0)
    notes.push(noteWords().linesBefore({ lines: linesText(before), n: before.length, header: headerLine }));
  if (rowNames) notes.push(noteWords().firstNameless);
  return notes;
}

/** A remark about cells that may be the two halves of numbers, in a table without names. */
export function splitRemarks({ split }: Layout): readonly TableRemark[] {
  if (!split) return [];
  const message = fileWords().perhapsCut({ line: split.line, row: showCell(split.row) });
  const value = split.cells === 2 ? [{ set: "separator" as const, value: ";" as const }] : [];
  return [{ about: "numbers", message, remedies: [...value, { set: "decimal", value: "." }] }];
}

/** `Line 3`, `Lines 3 to 5`, `Lines 3, 7 and 9`; `Row 3` if rows are counted. */
export function linesText(lines: readonly number[], counted: Layout["counted"] = "line"): string {
  const [first = 0] = lines;
  const last = lines.at(-1) ?? 0;
  if (lines.length === 1) return tableWords().line({ counted, line: first });
  if (last - first === lines.length - 1 && lines.length > 2) return tableWords().lines({ counted, first, last });
  const shown = lines.length > 6 ? lines.slice(0, 5) : lines.slice(0, -1);
  return tableWords().someLines({
    counted,
    lines: listWords().commas(shown.map(String)),
    more: lines.length > 6,
    last,
  });
}

/** Most columns with the same message that each have one of their own. */
export const maxApart = 3;

/** `12 columns ("a", "b", "c", …)`. */
export function columnsText(names: readonly string[]): string {
  const shown = names.slice(0, maxApart).map((name) => `"${showCell(name)}"`);
  return tableWords().columns({ n: names.length, names: listWords().commas(shown) });
}

export function showCell(cell: string): string {
  return cell.length > 40 ? `${cell.slice(0, 40)}…` : cell;
}
