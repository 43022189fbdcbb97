/** Checks whether a table has the requested columns. */

import { didYouMean } from "../../../config/didYouMean.ts";
import type { FaultList } from "./faultList.ts";
import type { Layout } from "./layout.ts";
import { showCell } from "./layoutText.ts";
import type { TableQuestion } from "./tableQuestion.ts";

/** Adds a fault for each requested column that does not exist, and if the first row cannot name the columns. */
export function checkNames(question: TableQuestion, layout: Layout, faults: FaultList): void {
  const { wanted, orderBy, where, series, shown } = question;
  const { names, doubt, headerLine } = layout;
  if (doubt === "names are numbers") {
    const message = `"${shown}", line ${headerLine}: the first row consists of numbers (${names.slice(0, 5).map(showCell).join(", ")}${names.length > 5 ? ", …" : ""}). Set "header" to true if they are names, or to false if they are data. Columns without names are called "1" to "${names.length}".`;
    faults.add("header", message, null, {
      remedies: [
        { set: "header", value: false },
        { set: "header", value: true },
      ],
    });
    return;
  }
  wanted.forEach((name, column) => {
    const message = nameFault(name, question, layout);
    if (message !== null)
      faults.add("column", message, column, {
        remedies: doubt === "no header" ? [{ set: "header", value: false }] : [],
      });
  });
  const others = [
    ...orderBy.map((name) => ({ name, place: ["order", "by"] })),
    ...where.map(({ column }) => ({ name: column, place: ["where", column] })),
    ...series.map((name) => ({ name, place: ["series"] })),
  ];
  for (const { name, place } of others) {
    const message = nameFault(name, question, layout);
    if (message !== null) faults.add("column", message, null, { place });
  }
}

function nameFault(name: string, { shown }: TableQuestion, { names, doubt }: Layout): string | null {
  const at = names.indexOf(name);
  if (at >= 0) return names.lastIndexOf(name) === at ? null : `"${shown}" has two columns named "${name}"; rename one.`;
  if (doubt === "no header")
    return `"${shown}" has no column "${name}", and its first row seems to be data: ${names.slice(0, 5).map(showCell).join(", ")}. With "header": false its columns are called "1" to "${names.length}".`;
  const listed = names
    .slice(0, 20)
    .map((each) => `"${each}"`)
    .join(", ");
  return `"${shown}" has no column "${name}".${didYouMean(name, names)} Its columns are ${listed}${names.length > 20 ? ", …" : ""}.`;
}
