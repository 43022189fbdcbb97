/** Checks whether a table has the requested columns. */

import { didYouMean } from "../../../config/didYouMean.ts";
import { fileWords } from "../../../messages/files.ts";
import { listWords } from "../../../messages/lists.ts";
import { tableWords } from "../../../messages/tables.ts";
import type { FaultList } from "./faultList.ts";
import type { Layout } from "./layout.ts";
import { columnsText, maxApart, showCell } from "./layoutText.ts";
import type { Remedy, TableQuestion } from "./tableQuestion.ts";

/** Adds a fault for each requested column that does not exist, and if the first row cannot name the columns. */
export function checkNames(question: TableQuestion, layout: Layout, faults: FaultList): void {
  const { wanted, orderBy, where, series, shown } = question;
  const { names, doubt, headerLine } = layout;
  if (doubt === "names are numbers") {
    const cells = [...names.slice(0, 5).map(showCell), ...(names.length > 5 ? ["…"] : [])];
    const told = { file: shown, line: headerLine ?? 1, cells: listWords().commas(cells), n: names.length };
    const message = tableWords().firstRowNumbers(told);
    faults.add("header", message, null, {
      remedies: [
        { set: "header", value: false },
        { set: "header", value: true },
      ],
    });
    return;
  }
  const { split } = layout;
  if (split && !split.headless) {
    const words = { file: shown, line: split.line, row: showCell(split.row), cells: split.cells, names: split.names };
    const one = split.names === 1;
    // With one cell more than names, the first column may be one of row names.
    const nameless = split.cells === split.names + 1;
    const message = one ? fileWords().cutNumber(words) : fileWords().cutNumbers({ ...words, nameless });
    const remedies: Remedy[] = [
      ...(one ? [{ set: "separator" as const, value: ";" as const }] : []),
      ...(nameless ? [{ set: "decimal" as const, value: "." as const }] : []),
    ];
    faults.add("header", message, null, { remedies });
    return;
  }
  const missing = wanted.flatMap((name, column) => (names.includes(name) ? [] : [{ name, column }]));
  const remedies: Remedy[] = doubt === "no header" ? [{ set: "header", value: false }] : [];
  if (missing.length > maxApart) {
    const columns = columnsText(missing.map(({ name }) => name));
    const listed = listWords().commas(names.slice(0, 20).map((each) => `"${showCell(each)}"`));
    const message = tableWords().noColumns({ file: shown, columns, names: listed, more: names.length > 20 });
    faults.add("column", message, missing[0]!.column, { remedies });
  }
  wanted.forEach((name, column) => {
    if (missing.length > maxApart && !names.includes(name)) return;
    const message = nameFault(name, question, layout);
    if (message !== null) faults.add("column", message, column, { remedies });
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
