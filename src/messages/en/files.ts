/** Files of data: why one cannot be read or used, with the remedy; and what its fixes do. */

import { count } from "../numberText.ts";

export const files = {
  missing: (file: string) => `There is no file "${file}". Paths are relative to the config's folder.`,
  folder: ({ file, kind }: { file: string; kind: string }) => `"${file}" is a folder, not a ${kind} file.`,
  irregular: (file: string) => `"${file}" is not a regular file.`,
  denied: (file: string) => `"${file}" cannot be read: permission denied.`,
  unread: ({ file, code }: { file: string; code: string }) =>
    `"${file}" cannot be read${code === "" ? "" : ` (${code})`}.`,
  tooLarge: ({ file, size, most }: { file: string; size: string; most: string }) =>
    `"${file}" has ${size} MB; the limit is ${most} MB. Use a part of it.`,
  zeroCharacters: ({ file, encoding, kind }: { file: string; encoding: string; kind: string }) =>
    `${file} is not ${encoding} text: it has zero characters, as UTF-32 has. Save it as ${kind} in UTF-8.`,
  notEncoding: ({ file, encoding, line }: { file: string; encoding: string; line: number }) =>
    `${file} is not ${encoding} text (about line ${line}). Name its "encoding", or leave it out.`,
  notText: ({ file, line, remedy }: { file: string; line: number | null; remedy: string }) =>
    `${file} is not ${line === null ? "a text file in UTF-8 (it has zero bytes)" : `UTF-8 text (line ${line})`}. ${remedy}`,
  saveAsUtf8: (kind: string) => `Save it as ${kind} in UTF-8.`,
  nameEncoding: (encoding: string) => `Name its "encoding", perhaps "${encoding}".`,
  fieldTwice: ({ file, record, name }: { file: string; record: number; name: string }) =>
    `${file}: record [${record}] has two keys "${name}", so it is not known which of their values is meant. Rename or remove one.`,
  noArray: (file: string) => `${file} holds no array.`,
  itsArrays: ({ names, more }: { names: string; more: boolean }) => `Its arrays are ${names}${more ? ", …" : ""}.`,
  nameArray: ({ file, n, arrays }: { file: string; n: number; arrays: string }) =>
    `${file} holds ${n} arrays; name one with "array". ${arrays}`,
  noSuchArray: ({ file, name, hint, arrays }: { file: string; name: string; hint: string; arrays: string }) =>
    `${file} has no array "${name}".${hint} ${arrays}`,
  sameColumns: ({ file, name }: { file: string; name: string }) =>
    `"${file}" has two columns named "${name}"; rename one.`,
  unreadDates: ({ column, cell }: { column: string; cell: string }) =>
    `"${column}" should say when each row was, but "${cell}" is in no form of dates that is known here, so nothing checks whether the rows are in the order of time. Write its dates as 2020-01-31 or 2020-01-31 13:00, or see to it that the oldest row comes first.`,
  hashedDates: ({ column, cell }: { column: string; cell: string }) =>
    `"${column}" holds "${cell}" in place of its dates: the column was too narrow when a spreadsheet wrote the file. Widen it there, and save the file again.`,
  strangeDates: ({ column, n, cell }: { column: string; n: number; cell: string }) =>
    `"${column}" has ${n === 1 ? "a cell that is no date" : `${n} cells that are no dates`} like the others (${n === 1 ? "" : "the first is "}"${cell}"): the order of ${n === 1 ? "this row" : "these rows"} is not checked. Write all dates in one form, such as 2020-01-31.`,
  mixedDates: (column: string) =>
    `Some dates of "${column}" have the day first and others the month, so they have no order. Write all of them as 2020-01-31.`,
  unsortable: ({ file, column, cell }: { file: string; column: string; cell: string }) =>
    `"${file}": the rows cannot be sorted by column "${column}", because "${cell}" is neither a number nor a date in a form that is known here. Write its dates as 2020-01-31 or 2020-01-31 13:00.`,
  cutNumber: ({ file, line, row }: { file: string; line: number; row: string }) =>
    `"${file}", line ${line}: "${row}" may be one number with a comma in it, or two cells. Set "separator" to ";" if it is one number, or "decimal" to "." if commas separate the cells and the first column has no name.`,
  cutNumbers: ({
    file,
    line,
    row,
    cells,
    names,
    nameless,
  }: {
    file: string;
    line: number;
    row: string;
    cells: number;
    names: number;
    nameless: boolean;
  }) =>
    `"${file}", line ${line}: "${row}" has ${cells} cells, but there are ${names} names. Commas seem to be decimal marks and separators at once, so the numbers cannot be told apart. Save the file with another separator, such as ";", or with decimal points.${nameless ? ' If only the first column has no name, set "decimal" to ".".' : ""}`,
  perhapsCut: ({ line, row }: { line: number; row: string }) =>
    `Commas may be decimal marks and separators at once: line ${line} is "${row}". They are read as separators. Save the file with ";" between its cells if they are decimal marks, or set "decimal" to "." if they are not.`,
  amounts: {
    percent: ({ cell, value }: { cell: string; value: string }) =>
      `Per cent signs are left out: "${cell}" is ${value}.`,
    perMille: ({ cell, value }: { cell: string; value: string }) =>
      `Per mille signs are left out: "${cell}" is ${value}.`,
    brackets: ({ cell, value }: { cell: string; value: string }) =>
      `Numbers in brackets are negative, as in accounting: "${cell}" is ${value}.`,
    minusBehind: ({ cell, value }: { cell: string; value: string }) =>
      `A minus sign behind a number makes it negative: "${cell}" is ${value}.`,
    size: ({ cell, value }: { cell: string; value: string }) =>
      `Units of size are multiplied out: "${cell}" is ${value}.`,
  },
  raggedRow: (row: {
    file: string;
    counted: "line" | "row";
    line: number;
    cells: number;
    header: boolean;
    width: number;
    quote: boolean;
  }) =>
    `"${row.file}", ${row.counted} ${row.line}: ${row.cells} ${row.cells === 1 ? "cell" : "cells"}, but ${row.header ? "the header" : "the first row"} has ${row.width}. ${row.quote ? "A quoted cell in it is not closed: close it, or write a quote within it twice." : "Complete the row, or put a cell with a separator in it into quotes."}`,
  raggedLists: (list: { file: string; place: string; length: number; usual: number }) =>
    `${list.file} is ragged: the list${list.place} has ${list.length}, but those before it have ${list.usual}. Give all lists one length: fill the shorter ones up, and let a layer "masking" pass over what fills them.`,
  notANumber: (value: { file: string; found: string; place: string; why: "null" | "text" | "other" }) =>
    `${value.file} has ${value.found}${value.place}, where a number is expected.${{ null: " Leave such samples out: only tables can have missing values.", text: " Write numbers without quotes, and classes as indices.", other: "" }[value.why]}`,
  openQuote: "a quoted cell begins here and is never closed. Close it, or write a quote within it twice.",
  swallowedRows: (rows: number) =>
    `a quoted cell begins in this row, and ${rows === 1 ? "the line" : `the ${rows} lines`} within it ${rows === 1 ? "looks" : "look"} like ${rows === 1 ? "a row" : "rows"}. Close the quote in this row, or write a quote within a cell twice.`,
  longRow: (megabytes: number) =>
    `a row, or a quoted cell that is never closed, has more than ${megabytes} MB. Close the quote, or check the file's line ends.`,
  currencies: ({ signs, several }: { signs: string; several: boolean }) =>
    several ? `The currencies ${signs} are left out; nothing is converted.` : `The currency ${signs} is left out.`,
  textsNotNumbers: ({ file, column, cell }: { file: string; column: string; cell: string }) =>
    `"${file}": column "${column}" holds texts ("${cell}"), not decimal numbers. Write one number into each of its cells.`,
  listsInCells: ({ file, column }: { file: string; column: string }) =>
    `"${file}": column "${column}" holds lists or objects, but a cell of a table is one number. Name the lists as arrays: "inputs": { "file": …, "array": … }, or write one number per cell.`,
  headerIsData: ({ file, name, first, n }: { file: string; name: string; first: string; n: number }) =>
    `"${file}" has no column "${name}", and its first row seems to be data: ${first}. With "header": false its columns are called "1" to "${n}".`,
  noColumn: ({
    file,
    name,
    hint,
    names,
    more,
  }: {
    file: string;
    name: string;
    hint: string;
    names: string;
    more: boolean;
  }) => `"${file}" has no column "${name}".${hint} Its columns are ${names}${more ? ", …" : ""}.`,

  wordsAsClasses: (loss: string | null) => `List the words as classes${loss === null ? "" : `, with the loss ${loss}`}`,
  readList: (list: string) => `Read the list "${list}"`,
  firstRow: (names: boolean): string => (names ? "Use the first row as names" : "Use the first row as data"),
  readAs: (encoding: string) => `Read it as ${encoding}`,
  separator: (mark: string) => `Separate the cells by "${mark}"`,
  decimal: (comma: boolean) => `Read numbers with a decimal ${comma ? "comma" : "point"}`,
  sortBy: (columns: string) => `Sort the rows by ${columns}`,
  dayFirst: (day: boolean) => `Read dates with the ${day ? "day" : "month"} first`,
  seriesBy: (columns: string) => `Read a series for each ${columns}`,
  interpolate: "Fill missing values on a line between their neighbours",
  forward: "Fill missing values with the last value before them",
  drop: (windows: boolean) => `Leave out ${windows ? "windows" : "rows"} with missing values`,
  oneHot: (n: number) => `Make an input of each of its ${n} words`,
  orderInstead: (column: string) => `Order the rows by "${column}" instead`,
  allMissing: (file: string) => `In "${file}" every sample has a missing value.`,
  keptWhole: (n: number) =>
    `No series has enough samples to keep its last ones, so ${n === 1 ? "1 series is" : `${n} series are`} kept whole for testing.`,
  leftOut: ({ n, windows }: { n: number; windows: boolean }) =>
    `${count(n, windows ? "window" : "row")} with missing values ${n === 1 ? "is" : "are"} left out.`,
  shortSeries: ({ n, rows }: { n: number; rows: number }) =>
    `${n} series with fewer than ${rows} rows, as a sample needs, ${n === 1 ? "is" : "are"} left out.`,
  ofFile: ({ file, fault }: { file: string; fault: string }) => `"${file}": ${fault}`,
  sentence: (text: string) => `${text}.`,
  /** What is wrong with a table, after its name. */
  tableThat: ({ file, rest }: { file: string; rest: string }) => `"${file}"${rest}`,
  withoutRows: " has no rows.",
  inLine: ({ line, fault }: { line: number | null; fault: string }) =>
    `${line === null ? "" : `, line ${line}`}: ${fault}`,
  badCsv: ({ line, why }: { line: number | null; why: string }) =>
    `${line === null ? "" : `, line ${line}`} is not well-formed CSV: ${why}`,
  ofColumn: ({ column, fault }: { column: string; fault: string }) => `Column "${column}": ${fault}`,
  manyWindows: ({
    samples,
    window,
    columns,
    values,
    most,
  }: {
    samples: number;
    window: number;
    columns: number;
    values: number;
    most: number;
  }) =>
    `${samples} windows of ${window} rows and ${columns} columns are ${values} numbers; the limit is ${most} (400 MB). Choose a smaller "window" or a part of the file.`,
  aWindow: (rows: number) => `a window of ${rows}`,
  aTargetLater: (rows: number) => `a target ${rows} later`,
  targetRows: (rows: number) => `${rows} rows of it`,
  rowsOf: ({ file, rows, series }: { file: string; rows: number; series: number }) =>
    series === 1
      ? `"${file}" has ${count(rows, "row")} of data`
      : `The longest of the ${series} series in "${file}" has ${count(rows, "row")}`,
  oneSampleNeeds: ({ which, rows, parts }: { which: string; rows: number; parts: string }) =>
    `${which}, but one sample needs ${rows}: ${parts}.`,
  smallerKey: ({ has, key }: { has: string; key: string }) => `${has} Use more data, or a smaller "${key}".`,
  largestWindow: ({ has, most }: { has: string; most: number }) =>
    `${has} The largest "window" that fits is ${most}, for one sample; use a smaller one.`,
  setWindow: (rows: number) => `Set window to ${rows}`,
  noneLeft: ({
    test,
    kept,
    samples,
    gap,
    overlaps,
  }: {
    test: number;
    kept: number;
    samples: number;
    gap: number;
    overlaps: boolean;
  }) =>
    `"test": ${test} keeps ${kept} of ${count(samples, "sample")}${overlaps ? `, and the ${gap} before them overlap with them` : ""}. None are left to learn from. Use more data${gap > 0 ? ", a shorter window," : ""} or a smaller share.`,
  overlap: ({ file, from }: { file: string; from: number }) =>
    `Samples of "${file}" overlap: each repeats the one before it from ${from === 2 ? "its second timestep" : `timestep ${from}`} on`,
  inTime: (file: string) => `Rows of "${file}" are in the order of time`,
  alike: (file: string) => `Neighbouring samples of "${file}" are alike, as in a time series`,
  leaks: (because: string) =>
    `${because}, and the test samples are drawn at random among them. The net knows them from their neighbours, so the test loss looks better than it is. Keep the last samples for testing.`,
  keepLast: "Keep the last samples for testing",
};
