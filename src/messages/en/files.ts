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
  noArray: (file: string) => `${file} holds no array.`,
  itsArrays: ({ names, more }: { names: string; more: boolean }) => `Its arrays are ${names}${more ? ", …" : ""}.`,
  nameArray: ({ file, n, arrays }: { file: string; n: number; arrays: string }) =>
    `${file} holds ${n} arrays; name one with "array". ${arrays}`,
  noSuchArray: ({ file, name, hint, arrays }: { file: string; name: string; hint: string; arrays: string }) =>
    `${file} has no array "${name}".${hint} ${arrays}`,
  sameColumns: ({ file, name }: { file: string; name: string }) =>
    `"${file}" has two columns named "${name}"; rename one.`,
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
  firstRow: (names: boolean): string => (names ? "Use the first row as names" : "Use the first row as data"),
  readAs: (encoding: string) => `Read it as ${encoding}`,
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
