/** Describes a table's layout if it is unusual. */

import type { Layout } from "./layout.ts";
import type { TableQuestion } from "./tableQuestion.ts";

const names = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": '"|"', " ": "blanks" } as const;

export function layoutNotes({ separator, before, headerLine, rowNames }: Layout, question: TableQuestion): string[] {
  const notes: string[] = [];
  if (question.separator === null && separator !== ",") notes.push(`Cells are separated by ${names[separator]}.`);
  if (before.length > 0) {
    const one = before.length === 1;
    const where = headerLine === null ? "before the data" : `before the names in line ${headerLine}`;
    notes.push(`${linesText(before)} ${where} ${one ? "is" : "are"} left out.`);
  }
  if (rowNames) notes.push('The first column has no name in the header: it is "1".');
  return notes;
}

/** `Line 3`, `Lines 3 to 5`, `Lines 3, 7 and 9`; `Row 3` if rows are counted. */
export function linesText(lines: readonly number[], counted: Layout["counted"] = "line"): string {
  const name = counted === "line" ? "Line" : "Row";
  const [first = 0] = lines;
  const last = lines.at(-1) ?? 0;
  if (lines.length === 1) return `${name} ${first}`;
  if (last - first === lines.length - 1 && lines.length > 2) return `${name}s ${first} to ${last}`;
  const shown = lines.length > 6 ? [...lines.slice(0, 5), "…"] : lines;
  return `${name}s ${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

export function showCell(cell: string): string {
  return cell.length > 40 ? `${cell.slice(0, 40)}…` : cell;
}
