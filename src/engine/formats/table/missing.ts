/** Cells that mark a missing value. */

const usual = new Set([
  "",
  "na",
  "n/a",
  "n.a.",
  "#n/a",
  "#na",
  "<na>",
  "nan",
  "nat",
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
  "**",
  "***",
  "missing",
  // Errors of spreadsheets, in English, German, French, Spanish, Italian and Portuguese.
  "#nv",
  "#n/d",
  "#nd",
  "#nc",
  "#div/0!",
  "#¡div/0!",
  "#value!",
  "#wert!",
  "#valeur!",
  "#¡valor!",
  "#valor!",
  "#valore!",
  "#ref!",
  "#bezug!",
  "#rif!",
  "#num!",
  "#zahl!",
  "#nombre!",
  "#name?",
  "#null!",
]);
/** The longest of them. */
const longest = Math.max(...[...usual].map(({ length }) => length));

/** Recognises the usual marks and those that a config names. */
export class MissingMarks {
  readonly #texts: ReadonlySet<string>;
  readonly #numbers: ReadonlySet<number>;

  constructor(marks: readonly string[]) {
    this.#texts = new Set(marks);
    this.#numbers = new Set(
      marks.flatMap((mark) => (mark.trim() === "" ? [] : [Number(mark)])).filter(Number.isFinite),
    );
  }

  /** Whether a cell's text is a mark. */
  isText(cell: string): boolean {
    return (cell.length <= longest && usual.has(cell.toLowerCase())) || this.#texts.has(cell);
  }

  /** Whether a number is a mark: if a config names -200, it counts however it is written. */
  isNumber(value: number): boolean {
    return this.#numbers.size > 0 && this.#numbers.has(value);
  }
}
