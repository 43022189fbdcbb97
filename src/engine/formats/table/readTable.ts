/**
 * Reads selected columns of a table as numbers, from text or JSON. Every fault is reported with its line and column, and
 * so is what was detected from the file itself. No file can take more memory than its numbers need.
 */

import { fileWords } from "../../../messages/files.ts";
import { noteWords } from "../../../messages/tableNotes.ts";
import { tableWords } from "../../../messages/tables.ts";
import { signatureOf } from "../../reading/fileSignature.ts";
import { textStart } from "../../reading/utf8.ts";
import { jsonText } from "../jsonText.ts";
import { notData } from "../notData.ts";
import { maxTextBytes, readBytes, textOf } from "../readFile.ts";
import { eachRow, RowFault } from "./csvRows.ts";
import { jsonTable } from "./jsonTable.ts";
import { layoutOf } from "./layout.ts";
import type { TableColumns, TableFault, TableQuestion } from "./tableQuestion.ts";
import { TableReader } from "./tableReader.ts";

export async function readTable(question: TableQuestion): Promise<TableColumns | TableFault[]> {
  const { file, shown } = question;
  const read = await readBytes(file, shown, "CSV", maxTextBytes);
  if ("fault" in read) return [{ message: read.fault, column: null }];
  const kind = signatureOf(read.bytes);
  try {
    if (kind === "json") return readJson(read.bytes, question, question.encoding);
    // Bytes that look like a signature may be text in an encoding that the config names.
    if (kind !== null && question.encoding === null) return [{ message: notData(kind, `"${shown}"`), column: null }];
    return readText(read.bytes, question);
  } catch (error) {
    if (error instanceof RowFault)
      return [{ message: fileWords().tableThat({ file: shown, rest: error.message }), column: null }];
    throw error;
  }
}

function readText(file: Uint8Array<ArrayBuffer>, question: TableQuestion): TableColumns | TableFault[] {
  const { shown, encoding } = question;
  const read = textOf(file, `"${shown}"`, "CSV", encoding);
  if ("fault" in read) {
    const remedies = (read.encodings ?? []).map((value) => ({ set: "encoding" as const, value }));
    return [{ message: read.fault, column: null, remedies }];
  }
  const { bytes, marked } = read;
  // In UTF-16, only the decoded text shows what it is.
  if (signatureOf(bytes) === "json") return readJson(bytes, question, null);
  if (isBlank(bytes)) {
    return [{ message: tableWords().emptyTable(shown), column: null }];
  }
  if (question.list !== null) {
    const message = tableWords().listOfText({ file: shown, list: question.list });
    return [{ message, column: null, place: ["list"] }];
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const layout = layoutOf(text, { ...question, wanted: namedColumns(question) });
  const each = eachRow.bind(null, text, layout.separator);
  const table = new TableReader({ each, most: mostRows(text) }, question, layout).read();
  if (marked === null || "length" in table) return table;
  return { ...table, notes: [noteWords().readAs(marked.toUpperCase()), ...table.notes] };
}

/** All columns that the config names. */
function namedColumns({ wanted, orderBy, where, series }: TableQuestion): readonly string[] {
  return [...wanted, ...orderBy, ...where.map(({ column }) => column), ...series];
}

/** @param encoding null: UTF-8, or the encoding of its byte order mark. */
function readJson(
  file: Uint8Array<ArrayBuffer>,
  question: TableQuestion,
  encoding: string | null,
): TableColumns | TableFault[] {
  const { shown } = question;
  const text = jsonText(file, `"${shown}"`, encoding);
  if ("fault" in text) return [{ message: text.fault, column: null }];
  const table = jsonTable(text, `"${shown}"`, question);
  if ("fault" in table) {
    const remedies = (table.lists ?? []).map((value) => ({ set: "list" as const, value }));
    return [
      { message: table.fault, column: table.column ?? null, remedies, ...(table.noSuchList && { place: ["list"] }) },
    ];
  }
  // Each row contains at least a comma, a bracket or a brace.
  const most = text.bytes.reduce((count, c) => count + (c === 44 || c === 91 || c === 123 ? 1 : 0), 1);
  const read = new TableReader({ each: table.each, most }, question, table.layout).read();
  if ("length" in read) return read;
  const remarks = [...table.repeated.remarks(table.layout.counted), ...read.remarks];
  return { ...read, notes: [...table.notes, ...read.notes], remarks };
}

function isBlank(bytes: Uint8Array): boolean {
  const first = bytes.subarray(textStart(bytes)).findIndex((c) => c > 32);
  return first < 0;
}

/** A row ends in a line feed, a carriage return, or both. */
function mostRows(bytes: Uint8Array): number {
  let count = 1;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 10 || (bytes[i] === 13 && bytes[i + 1] !== 10)) count++;
  return count;
}
