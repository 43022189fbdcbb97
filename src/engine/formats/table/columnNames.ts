/** Checks whether a table has the requested columns. */

import { didYouMean } from "../../../config/didYouMean.ts";
import { fileWords } from "../../../messages/files.ts";
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
  if (at >= 0) return names.lastIndexOf(name) === at ? null : fileWords().sameColumns({ file: shown, name });
  if (doubt === "no header")
    return fileWords().headerIsData({
      file: shown,
      name,
      first: names.slice(0, 5).map(showCell).join(", "),
      n: names.length,
    });
  const listed = names
    .slice(0, 20)
    .map((each) => `"${each}"`)
    .join(", ");
  return fileWords().noColumn({
    file: shown,
    name,
    hint: didYouMean(name, names),
    names: listed,
    more: names.length > 20,
  });
}
