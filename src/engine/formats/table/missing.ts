/** Cells that stand for a value that is not there. */

const usual = new Set([
  "",
  "na",
  "n/a",
  "n.a.",
  "#n/a",
  "#na",
  "<na>",
  "nan",
  "-nan",
  "null",
  "none",
  "nil",
  "?",
  "-",
  "--",
  "---",
  ".",
  "..",
  "...",
  "*",
  "missing",
]);

/** Tells them, the usual ones and those that a config names. */
export class MissingMarks {
  readonly #texts: ReadonlySet<string>;
  readonly #numbers: ReadonlySet<number>;

  constructor(marks: readonly string[]) {
    this.#texts = new Set(marks);
    this.#numbers = new Set(
      marks.flatMap((mark) => (mark.trim() === "" ? [] : [Number(mark)])).filter(Number.isFinite),
    );
  }

  /** Whether a cell says so by its text. */
  isText(cell: string): boolean {
    return (cell.length <= 8 && usual.has(cell.toLowerCase())) || this.#texts.has(cell);
  }

  /** Whether a number says so: -200 stands for a missing value where a config names it, however it is written. */
  isNumber(value: number): boolean {
    return this.#numbers.size > 0 && this.#numbers.has(value);
  }
}
