/**
 * Reads selected columns of a table in text as numbers. Every fault is reported with its line and column, and so is
 * what was detected from the file itself. No file can take more memory than its numbers need.
 */

import { textStart } from "../../reading/utf8.ts";
import { readTextBytes } from "../readFile.ts";
import { layoutOf } from "./layout.ts";
import { RowFault } from "./rows.ts";
import type { TableColumns, TableFault, TableQuestion } from "./tableQuestion.ts";
import { TableReader } from "./tableReader.ts";

export async function readTable(question: TableQuestion): Promise<TableColumns | TableFault[]> {
  const { file, shown, encoding } = question;
  const read = await readTextBytes(file, shown, "CSV", encoding);
  if ("fault" in read) {
    const remedies = (read.encodings ?? []).map((value) => ({ set: "encoding" as const, value }));
    return [{ message: read.fault, column: null, remedies }];
  }
  const { bytes, marked } = read;
  if (isBlank(bytes)) {
    const message = `"${shown}" is empty. It needs a header row with column names, then rows of numbers.`;
    return [{ message, column: null }];
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const wanted = [...question.wanted, ...question.orderBy];
    const table = new TableReader(text, question, layoutOf(text, { ...question, wanted })).read();
    if (marked === null || "length" in table) return table;
    return { ...table, notes: [`It is read as ${marked.toUpperCase()}.`, ...table.notes] };
  } catch (error) {
    if (error instanceof RowFault) return [{ message: `"${shown}"${error.message}`, column: null }];
    throw error;
  }
}

function isBlank(bytes: Uint8Array): boolean {
  const first = bytes.subarray(textStart(bytes)).findIndex((c) => c > 32);
  return first < 0;
}
