/** Tables: how one was read, and what is wrong with its cells. */

type Counted = "line" | "row";

/** A cell as it is written, and its line. */
interface Cell {
  readonly cell: string;
  readonly line: number;
}

export const tables = {
  line: ({ counted, line }: { counted: Counted; line: number }) => `${counted === "line" ? "Line" : "Row"} ${line}`,
  lines: ({ counted, first, last }: { counted: Counted; first: number; last: number }) =>
    `${counted === "line" ? "Lines" : "Rows"} ${first} to ${last}`,
  someLines: ({ counted, lines, more, last }: { counted: Counted; lines: string; more: boolean; last: number }) =>
    `${counted === "line" ? "Lines" : "Rows"} ${lines}${more ? ", …" : ""} and ${last}`,
  underHeader: ({ lines, n }: { lines: string; n: number }) =>
    `${lines} under the header ${n === 1 ? "holds" : "hold"} no data and ${n === 1 ? "is" : "are"} left out.`,
  emptyFooters: ({ lines, n }: { lines: string; n: number }) =>
    `${lines} at the end ${n === 1 ? "is empty and is" : "are empty and are"} left out.`,
  footers: ({ lines, n, cell }: { lines: string; n: number; cell: string }) =>
    `${lines} at the end ${n === 1 ? "is no row of data and is" : "are no rows of data and are"} left out: "${cell}".`,
  totals: ({ lines, n, column, cell }: { lines: string; n: number; column: string; cell: string }) =>
    `${lines} at the end ${n === 1 ? "has" : "have"} numbers but, unlike all rows before, ${n === 1 ? "does" : "do"} not name a row in "${column}", as totals do, and ${n === 1 ? "is" : "are"} left out: "${cell}". Complete "${column}" there if ${n === 1 ? "it is a row" : "they are rows"} of data.`,
  signsInPlaces: (mixed: {
    file: string;
    column: string;
    counted: Counted;
    signed: Cell;
    plain: Cell;
    sign: string;
    share: string;
    number: string;
  }) =>
    `"${mixed.file}": column "${mixed.column}" has "${mixed.signed.cell}" (${mixed.counted} ${mixed.signed.line}) beside "${mixed.plain.cell}" (${mixed.counted} ${mixed.plain.line}). "${mixed.plain.cell}" may be a share, which is ${mixed.share}, or a number whose ${mixed.sign} was left out, which is ${mixed.number}. Write all cells of the column with ${mixed.sign}, or all without it in one unit.`,
  percentAndPerMille: (mixed: { file: string; column: string; counted: Counted; percent: Cell; perMille: Cell }) =>
    `"${mixed.file}": column "${mixed.column}" has "${mixed.percent.cell}" (${mixed.counted} ${mixed.percent.line}) beside "${mixed.perMille.cell}" (${mixed.counted} ${mixed.perMille.line}), and 1% is 10‰. Write all cells of the column with the same sign.`,
  rowsAt: (path: string) => `The rows are the list "${path}" in the JSON.`,
  entriesAt: ({ path, key }: { path: string; key: string }) =>
    `The rows are the entries of ${path === "" ? "the JSON" : `"${path}" in the JSON`}; their keys are the column "${key}".`,
  columnsAt: (path: string) => `The columns are the lists in "${path}" in the JSON.`,
  severalLists: ({ file, lists, example }: { file: string; lists: string; example: string }) =>
    `${file} has several lists with the requested columns: ${lists}. Set "list" to the one that you mean, such as "${example}".`,
  listMissing: ({ file, list, lists }: { file: string; list: string; lists: string }) =>
    `${file} has no list "${list}". ${lists === "" ? "It has none that could be a table." : `Its lists are ${lists}.`}`,
  rowsInColumn: ({ file, column, n }: { file: string; column: string; n: number }) =>
    `"${column}" in ${file} is a list of rows with ${n} ${n === 1 ? "cell" : "cells"} each, not of numbers. To read it as a table, set "list" to "${column}" and name its columns ${n === 1 ? '"1"' : `"1" to "${n}"`}; to read it as an array, write "inputs": { "file": …, "array": "${column}" }.`,
  listOfText: ({ file, list }: { file: string; list: string }) =>
    `"${file}" is no JSON file, so it has no list "${list}". Remove "list".`,
  repeatedPath: ({ file, path }: { file: string; path: string }) =>
    `${file} has two keys "${path}", so it is not known which of their values is meant. Rename or remove one.`,
  keyColumn: (key: string) => `The names of the rows are the column "${key}".`,
  rowTwice: (name: string) => `two rows are named "${name}". Remove one.`,
  rowsDiffer: ({ row, name, other }: { row: number; name: string; other: string }) =>
    `row ${row} is named "${name}" in one column and "${other}" in another. Give all columns the same rows in the same order; pandas's to_json(orient="records") does so.`,
  fewerValues: ({ column, n }: { column: string; n: number }) =>
    `column "${column}" has ${n} ${n === 1 ? "value" : "values"}, which is fewer than other columns have.`,
  noValues: ({ file, column }: { file: string; column: string }) => `${file} has no values in "${column}".`,
  noLists: (file: string) => `${file} is one JSON object without lists; a table needs rows.`,
  emptyList: (file: string) => `${file} is an empty list.`,
  notRows: (file: string) => `${file} is a list of values, not of records or rows.`,
  longRecord: ({ counted, line, most }: { counted: Counted; line: number; most: number }) =>
    `, ${counted} ${line}: a record has more than ${most} MB.`,
  mixedRows: ({ counted, line, records }: { counted: Counted; line: number; records: boolean }) =>
    `, ${counted} ${line}: ${records ? "a list among records" : "a record among lists"}.`,
  emptyTable: (file: string) => `"${file}" is empty. It needs a header row with column names, then rows of numbers.`,
  noRows: (file: string) => `"${file}" has a header row but no rows of data.`,
  tooManyNumbers: ({ file, most }: { file: string; most: number }) =>
    `"${file}" has more than ${most} numbers in these columns, which is the limit. Use a part of it.`,
  noSeries: (of: { file: string; counted: Counted; line: number; column: string }) =>
    `"${of.file}", ${of.counted} ${of.line}: column "${of.column}" does not say to which series the row belongs.`,
  notADate: (of: { file: string; counted: Counted; line: number; column: string; cell: string }) =>
    `"${of.file}", ${of.counted} ${of.line}, column "${of.column}": "${of.cell}" is not a date in the same format as the others, so the rows cannot be sorted by this column.`,
  firstRowNumbers: (of: { file: string; line: number; cells: string; n: number }) =>
    `"${of.file}", line ${of.line}: the first row consists of numbers (${of.cells}). Set "header" to true if they are names, or to false if they are data. Columns without names are called "1" to "${of.n}".`,
  noRowHas: (of: { file: string; value: string; column: string; hint: string; values: string }) =>
    `"${of.file}": no row has ${of.value} in column "${of.column}".${of.hint} Its values are ${of.values}.`,
  noRowHasAll: ({ file, columns }: { file: string; columns: string }) =>
    `"${file}": no row has these values of ${columns} together.`,
  notListed: ({ cell, key }: { cell: string; key: "oneHot" | "classes" }) =>
    `"${cell}" is a ${key === "oneHot" ? "word" : "label"} that "${key}" does not list`,
  tooLargeNumber: (cell: string) => `${cell} is too large for a 32-bit number`,
  infinite: "an infinite value cannot be learnt from; fill in a number",
  /** `decimal`: the mark of the column's other numbers, if the cell is a number with another one; otherwise null. */
  notANumber: ({ cell, decimal }: { cell: string; decimal: string | null }) =>
    `"${cell}" is not a number${decimal === null ? "" : ` with "${decimal}" as its decimal mark, as others of this column are`}`,
  datesNotNumbers: ({ file, column, cell }: { file: string; column: string; cell: string }) =>
    `"${file}": column "${column}" holds dates ("${cell}"), not numbers. To sort the rows by time, set "order": { "by": "${column}" } and remove the column from this list.`,
  /** `n`: number of different words if they may be classes or categories, otherwise 0. */
  wordsNotNumbers: (of: { file: string; column: string; cell: string; target: boolean; n: number }) => {
    const listed =
      of.n > 0
        ? `list its ${of.n} words in "oneHot": each becomes an input of 0 and 1`
        : "replace its words in the file";
    const ofTarget =
      of.n > 0
        ? `If these are classes, list its ${of.n} words as "classes".`
        : "Replace each word in the file with a number.";
    const advice = of.target ? ofTarget : `An input must be a number: remove it from this list, or ${listed}.`;
    return `"${of.file}": column "${of.column}" holds words ("${of.cell}"), not numbers. ${advice}`;
  },
  noSuchList: ({ file, lists }: { file: string; lists: string }) =>
    `${file} has several lists, and none has the requested columns: ${lists}. Request columns of one of them, and it is read.`,
  repeatedKeys: ({ name, counted, line, n }: { name: string; counted: Counted; line: number; n: number }) =>
    `${n === 1 ? "A record has" : `${n} times, a record has`} a key twice${n === 1 ? "" : ", first"} in ${counted} ${line}: "${name}". The last of its values is read. Give each value a key of its own.`,
  doubtfulNumber: ({ cell, readings }: { cell: string; readings: string }) =>
    `"${cell}" may mean ${readings}: its letters can be a factor or a unit. Write the number that is meant in the file, with a factor multiplied out, and all numbers of the column in one unit`,
  numberWithText: (cell: string) =>
    `"${cell}" is a number with other text; write it as a number in the unit of the others, and multiply it out if the text is a factor`,
  numbersWithText: ({ file, column, cell }: { file: string; column: string; cell: string }) =>
    `"${file}": column "${column}" holds numbers with other text ("${cell}"). Write numbers alone in the file, all in one unit, and multiply them out where the text is a factor.`,
  moreCells: ({ n, orMore }: { n: number; orMore: boolean }) =>
    `… and ${n} ${orMore ? "or more" : "more"} ${n === 1 ? "cell that is no number" : "cells that are not numbers"}.`,
  moreRows: ({ n, orMore }: { n: number; orMore: boolean }) =>
    `… and ${n} ${orMore ? "or more" : "more"} ${n === 1 ? "row" : "rows"} of another length.`,
  columns: ({ n, names }: { n: number; names: string }) => `${n} columns (${names}, …)`,
  missingIn: (lacks: { file: string; name: string; n: number; mark: string; counted: Counted; line: number }) =>
    `"${lacks.file}": column "${lacks.name}" has ${lacks.n === 1 ? "a cell" : `${lacks.n} cells`} without a value${lacks.mark === "" ? "" : ` ("${lacks.mark}")`}, ${lacks.n === 1 ? "in" : "the first in"} ${lacks.counted} ${lacks.line}. Set "missing" to fill them or to leave out the samples that contain them.`,
  missingInColumns: (lack: { file: string; columns: string; cells: number; counted: Counted; line: number }) =>
    `"${lack.file}": ${lack.columns} have ${lack.cells} cells without a value, the first in ${lack.counted} ${lack.line}. Set "missing" to fill them or to leave out the samples that contain them.`,
  missingNote: ({ name, n, mark }: { name: string; n: number; mark: string }) =>
    `"${name}" has ${n} ${n === 1 ? "cell" : "cells"} without a value${mark === "" ? "" : ` ("${mark}")`}.`,
  missingNotes: ({ columns, cells }: { columns: string; cells: number }) =>
    `${columns} have ${cells} cells without a value.`,
  timesOfDay: ({ file, column, cell }: { file: string; column: string; cell: string }) =>
    `"${file}": column "${column}" holds times or durations ("${cell}"), not numbers. Write each as a number in the file, such as its seconds or hours: 01:30:00 is 5400 seconds or 1.5 hours.`,
  contraryMarks: (marks: { file: string; name: string; counted: Counted; sure: Cell; doubtful: Cell }) =>
    `"${marks.file}": in column "${marks.name}", "${marks.sure.cell}" (${marks.counted} ${marks.sure.line}) and "${marks.doubtful.cell}" (${marks.counted} ${marks.doubtful.line}) have different decimal marks, or the mark of the second groups thousands. Write all numbers of the column in one way, or set "decimal" to the mark of the first if the other one groups thousands.`,
  noColumns: ({ file, columns, names, more }: { file: string; columns: string; names: string; more: boolean }) =>
    `"${file}" does not have ${columns}. Its columns are ${names}${more ? ", …" : ""}.`,
  doubtfulMark: (told: { mark: string; columns: string; grouped: boolean; several: boolean }) =>
    `Every "${told.mark}" in ${told.several ? "" : "column "}${told.columns} stands before three digits: it may be a decimal mark or a thousands separator. It is read as ${told.grouped ? `a thousands separator: 1${told.mark}234 is 1234` : `a decimal mark: 1${told.mark}234 is 1.234`}.`,
  wrongCell: (of: {
    file: string;
    counted: Counted;
    line: number;
    column: string;
    wrong: string;
    mayBeMark: boolean;
  }) =>
    `"${of.file}", ${of.counted} ${of.line}, column "${of.column}": ${of.wrong}.${of.mayBeMark ? ' If it marks a missing value, add it to "marks" in "missing".' : ""}`,
};
