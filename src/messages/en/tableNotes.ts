/** How a table was read: its layout, its rows, and their order in time. */

type Separator = "," | ";" | "\t" | "|" | " ";
type Mark = "," | "." | " " | "'";
/** The part with which numeric dates begin. */
type First = "day" | "month" | "year";
/** The unit of a duration. */
export type Unit = "year" | "month" | "day" | "hour" | "minute" | "second" | "millisecond";

const separators: { readonly [S in Separator]: string } = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": '"|"',
  " ": "blanks",
};
const marks: { readonly [M in Mark]: string } = { ",": "commas", ".": "dots", " ": "spaces", "'": "apostrophes" };
const parts: { readonly [F in First]: string } = {
  day: "day, month, year",
  month: "month, day, year",
  year: "year, month, day",
};
/** @param columns null: all */
const numbersOf = (columns: string | null) => (columns === null ? "Numbers" : `Numbers of ${columns}`);

export const tableNotes = {
  readAs: (encoding: string) => `The file is read as ${encoding}.`,
  separated: (separator: Separator) => `Cells are separated by ${separators[separator]}.`,
  /** `header`: the line of the names; null: there are none. */
  linesBefore: ({ lines, n, header }: { lines: string; n: number; header: number | null }) =>
    `${lines} before the ${header === null ? "data" : `names in line ${header}`} ${n === 1 ? "is" : "are"} left out.`,
  firstNameless: 'The first column has no name in the header: it is "1".',
  decimalCommas: (columns: string | null) => `${numbersOf(columns)} have a decimal comma.`,
  thousands: ({ columns, mark }: { columns: string | null; mark: Mark }) =>
    `${numbersOf(columns)} have thousands grouped by ${marks[mark]}.`,
  keptRows: ({ kept, rows, values }: { kept: number; rows: number; values: string }) =>
    `${kept} of ${rows} rows have ${values}; the others are left out.`,
  series: ({ n, columns }: { n: number; columns: string }) => `${n} series by ${columns}.`,
  sorted: (columns: string) => `The rows are sorted by ${columns}.`,
  filled: ({ n, forward }: { n: number; forward: boolean }) =>
    `${n} missing ${n === 1 ? "value is" : "values are"} filled ${forward ? "with the last one before" : "on lines between their neighbours"}.`,
  dates: ({ column, first }: { column: string; first: First }) => `Dates of "${column}" are read as ${parts[first]}.`,
  unsureDates: ({ column, first }: { column: string; first: First }) =>
    `The dates of "${column}" may be day first or month first: no row says which. They are read as ${parts[first]}.`,
  backward: ({ columns, several, from, to }: { columns: string; several: boolean; from: string; to: string }) =>
    `The rows run backward in time, as ${columns} ${several ? "say" : "says"}: from ${from} to ${to}. A window would be read from its newest row to its oldest, and the oldest rows would be kept for testing.`,
  unordered: ({ columns, several, n, all }: { columns: string; several: boolean; n: number; all: number }) =>
    `The rows are not in the order of time: ${n} of ${all} are earlier than the row before, as ${columns} ${several ? "say" : "says"}.`,
  /** `series`: whether there seem to be several; `inSeries`: whether they are known. */
  sameTimes: (same: {
    columns: string;
    several: boolean;
    n: number;
    rows: number;
    series: boolean;
    inSeries: boolean;
  }) =>
    `${same.n} of ${same.rows} rows have the same time as another one${same.inSeries ? " of their series" : ""}, as ${same.columns} ${same.several ? "say" : "says"}: the file holds ${same.series ? "several series" : "duplicate rows, or several series"}. A window reads them one after the other. ${same.series ? 'Set "series" to the column that names them, or read one of them with "where".' : "Remove the duplicates."}`,
  gaps: (gaps: {
    columns: string;
    several: boolean;
    n: number;
    usual: string;
    longest: string;
    from: string;
    to: string;
  }) =>
    `${gaps.columns} ${gaps.several ? "have" : "has"} ${gaps.n === 1 ? "a gap" : `${gaps.n} gaps`}: most rows are ${gaps.usual} apart, but ${gaps.longest} lie between ${gaps.from} and ${gaps.to}. A window across a gap treats the rows on both sides as consecutive.`,
  duration: ({ n, unit }: { n: number; unit: Unit }) => `${n} ${unit}${n === 1 ? "" : "s"}`,
  unknownTime: "an unknown time",
};
