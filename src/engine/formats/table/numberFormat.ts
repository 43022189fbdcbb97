/**
 * Detects how a table writes its numbers (the decimal mark, and the mark that groups thousands) from all cells of a
 * column.
 */

import { amountOf } from "./vocabulary/amounts.ts";

export type Decimal = "." | ",";
/** The mark that groups digits; `""`: none. */
export type Thousands = "" | "," | "." | " " | "'";

export interface NumberFormat {
  readonly decimal: Decimal;
  readonly thousands: Thousands;
}

/** A longer cell is not a realistic number. */
const maxLength = 400;
const decimalPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Groups of three or, as in India, of two before the last three: 1,43,926. */
const grouped = /^\d{1,3}(?: \d{2,3})* \d{3}$/;
const wholeStart = /^[\d ,.']+/;

/** @returns NaN if the cell is not a number in this format. (A number too large for float64 is infinite.) */
export function numberOf(cell: string, { decimal, thousands }: NumberFormat): number {
  if (cell.length > maxLength) return decimal === "." && decimalPattern.test(cell) ? Number(cell) : Number.NaN;
  if (decimal === "." && decimalPattern.test(cell)) return Number(cell);
  const amount = amountOf(cell);
  let { text } = amount;
  if (thousands !== "" && text.includes(thousands)) {
    const sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    const whole = text.slice(sign, wholeEnd(text, sign, decimal));
    const spaced = whole.replaceAll(thousands, " ");
    if (!grouped.test(spaced) || (thousands !== " " && whole.includes(" "))) return Number.NaN;
    text = text.slice(0, sign) + spaced.replaceAll(" ", "") + text.slice(sign + whole.length);
  }
  if (decimal === ",") {
    if (text.includes(".")) return Number.NaN;
    text = text.replace(",", ".");
  }
  if (!decimalPattern.test(text)) return Number.NaN;
  if (amount.factor === 1) return Number(text);
  // 1.2K is 1200, rounded once: the exponent takes the power of ten.
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const power = Math.round(Math.log10(Math.abs(amount.factor)));
  return Math.sign(amount.factor) * Number(`${mantissa}e${Number(exponent) + power}`);
}

function wholeEnd(text: string, from: number, decimal: Decimal): number {
  const at = text.indexOf(decimal, from);
  if (at >= 0) return at;
  const exponent = text.search(/[eE]/);
  return exponent < 0 ? text.length : exponent;
}

/** A cell as it is written, and its line. */
export interface Placed {
  readonly cell: string;
  readonly line: number;
}

/**
 * Two cells of a column that contradict each other, such as 0,500 and 12.250: one of the marks is decimal, and the other one
 * may be or may group thousands, as no cell with groups says. Null: there are none.
 */
export function contradiction({ decimal, thousands, either, three, ...first }: Evidence): readonly Placed[] | null {
  if (Object.values(thousands).some((count) => count > 0)) return null;
  for (const mark of [".", ","] as const) {
    const [sure, doubtful] = [first.firstThree[mark], first.firstEither[other(mark)]];
    const all = decimal[mark] > 0 && three[mark] === decimal[mark] && decimal[other(mark)] === 0;
    if (all && either[other(mark)] > 0 && sure && doubtful) return [sure, doubtful];
  }
  return null;
}

/** What the cells of a column show about its format; each field is a number of cells. */
export class Evidence {
  /** The mark is certainly decimal. */
  readonly decimal = { ".": 0, ",": 0 };
  /** The mark certainly groups digits. */
  readonly thousands = { ",": 0, ".": 0, " ": 0, "'": 0 };
  /** One mark before exactly three digits, which can be either. */
  readonly either = { ".": 0, ",": 0 };
  /** Only digits; and those of them that would have been grouped. */
  plain = 0;
  ungrouped = 0;
  /** The decimals with three digits behind the mark; and the first of them, as it is written. */
  readonly three = { ".": 0, ",": 0 };
  readonly firstThree: { ".": Placed | null; ",": Placed | null } = { ".": null, ",": null };
  /** The first cell of each kind that can be either. */
  readonly firstEither: { ".": Placed | null; ",": Placed | null } = { ".": null, ",": null };

  add(cell: string, line = 0): void {
    if (cell.length > maxLength) return;
    const text = amountOf(cell).text.replace(/^[+-]/, "");
    const whole = wholeStart.exec(text)?.[0];
    if (whole === undefined || !/^(?:[eE][+-]?\d+)?$/.test(text.slice(whole.length))) return;
    const marks = whole.replaceAll(/\d/g, "");
    if (marks === "") {
      this.plain++;
      if (whole.length > 3) this.ungrouped++;
      return;
    }
    const last = marks.at(-1)!;
    const first = marks[0]!;
    if (marks.length === 1 && (last === "." || last === ",")) {
      const [before = "", after = ""] = whole.split(last);
      const clear =
        after.length !== 3 || before.length > 3 || before === "" || before.startsWith("0") || text !== whole;
      if (clear) {
        this.decimal[last]++;
        if (after.length === 3) this.three[last]++;
        if (after.length === 3) this.firstThree[last] ??= { cell, line };
      } else {
        this.either[last]++;
        this.firstEither[last] ??= { cell, line };
      }
      return;
    }
    const same = marks === first.repeat(marks.length);
    const groups = (part: string, mark: string) => grouped.test(part.replaceAll(mark, " "));
    if (same && isThousands(first) && groups(whole, first)) {
      this.thousands[first]++;
      return;
    }
    // Groups, then a decimal mark of another kind.
    const head = marks.slice(0, -1);
    if ((last !== "." && last !== ",") || first === last || head !== first.repeat(head.length)) return;
    if (!isThousands(first) || !groups(whole.slice(0, whole.lastIndexOf(last)), first)) return;
    this.decimal[last]++;
    this.thousands[first]++;
  }

  plus(other: Evidence): Evidence {
    const sum = new Evidence();
    for (const each of [this, other]) {
      for (const mark of [".", ","] as const) {
        sum.decimal[mark] += each.decimal[mark];
        sum.either[mark] += each.either[mark];
      }
      for (const mark of thousandsMarks) sum.thousands[mark] += each.thousands[mark];
      sum.plain += each.plain;
      sum.ungrouped += each.ungrouped;
    }
    return sum;
  }
}

const thousandsMarks = [",", ".", " ", "'"] as const;

function isThousands(mark: string): mark is (typeof thousandsMarks)[number] {
  return thousandsMarks.some((each) => each === mark);
}

export interface Told extends NumberFormat {
  /** The mark that may have the other meaning, because nothing in the file decides it. */
  readonly doubtful: Decimal | null;
}

export interface Given {
  readonly decimal: Decimal | null;
  readonly thousands: Thousands | null;
}

/**
 * @param column evidence of the column's own cells.
 * @param file evidence of all columns together, for a column that does not decide it.
 * @param given from the config, which always applies.
 * @param separatedBy decides if nothing else does: in a file with `;` a comma is decimal.
 */
export function formatOf(column: Evidence, file: Evidence, given: Given, separatedBy: string): Told {
  const own = decimalOf(column) ?? decimalOf(file);
  const { either } = column;
  let doubtful: Decimal | null = null;
  let decimal = given.decimal ?? (given.thousands === "," || given.thousands === "." ? other(given.thousands) : own);
  if (decimal === null) {
    decimal = ".";
    if (either[","] > 0 && either["."] === 0) {
      doubtful = ",";
      // A column with three decimals has them in every cell; a column with groups also has cells below 1,000.
      const always = column.plain === 0 && separatedBy === ";";
      if (column.ungrouped > 0 || always) decimal = ",";
    } else if (isDoubtful(column, separatedBy)) doubtful = ".";
  }
  const most = thousandsMarks
    .filter((mark) => mark !== decimal)
    .map((mark) => [mark, column.thousands[mark] + (mark === "," || mark === "." ? either[mark] : 0)] as const)
    .sort((a, b) => b[1] - a[1])[0];
  const thousands = given.thousands ?? (most && most[1] > 0 ? most[0] : "");
  return { decimal, thousands, doubtful };
}

/**
 * Whether every dot is followed by three digits, and other cells are below 1,000. A column with three decimals has them in
 * every cell, but a file with `;` comes from where dots group digits.
 */
export function isDoubtful({ either, plain, ungrouped, decimal, thousands }: Evidence, separatedBy: string): boolean {
  if (either["."] === 0 || either[","] > 0 || ungrouped > 0 || (plain === 0 && separatedBy !== ";")) return false;
  return [decimal["."], decimal[","], thousands["."], thousands[","]].every((count) => count === 0);
}

function other(mark: Decimal): Decimal {
  return mark === "." ? "," : ".";
}

/** The mark of most of the deciding cells; null: no cell decides it. */
function decimalOf({ decimal, thousands }: Evidence): Decimal | null {
  const point = decimal["."] + thousands[","];
  const comma = decimal[","] + thousands["."];
  if (point === 0 && comma === 0) return null;
  return comma > point ? "," : ".";
}
