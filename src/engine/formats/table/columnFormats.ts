/** Determines how each column of a table writes its numbers. */

import type { Row } from "./csvRows.ts";
import type { Layout } from "./layout.ts";
import { Evidence, formatOf, isDoubtful, type NumberFormat, type Told } from "./numberFormat.ts";
import type { TableQuestion, TableRemark } from "./tableQuestion.ts";

/** Whether a cell is a number in any form. */
export function isNumberOfSomeForm(cell: string): boolean {
  const { decimal, thousands, either, plain } = evidenceOf([cell]);
  return [...Object.values(decimal), ...Object.values(thousands), ...Object.values(either), plain].some((n) => n > 0);
}

function evidenceOf(cells: readonly string[]): Evidence {
  const evidence = new Evidence();
  for (const cell of cells) evidence.add(cell);
  return evidence;
}

export class ColumnFormats {
  readonly #question: TableQuestion;
  readonly #layout: Layout;
  readonly #indices: readonly number[];
  #told: readonly Told[];
  #known: boolean;
  /** Whether the first rows already show that the form is unusual. */
  readonly open: boolean;

  /** @param indices positions of the columns. */
  constructor(question: TableQuestion, layout: Layout, indices: readonly number[]) {
    this.#question = question;
    this.#layout = layout;
    this.#indices = indices;
    const { decimal, thousands } = question;
    this.#known = decimal !== null && thousands !== null;
    const usual: Told = { decimal: decimal ?? ".", thousands: thousands ?? "", doubtful: null };
    this.#told = indices.map(() => usual);
    const sample = this.#sampled();
    const each = indices.map((index) => evidenceOf(layout.sample.map((row) => row[index] ?? "")));
    this.open =
      !this.#known &&
      (decimal === "," ||
        thousands !== null ||
        formatOf(sample, sample, question, "").decimal === "," ||
        each.some(isDoubtful));
  }

  /** Evidence from all cells of the first rows, without dates. */
  #sampled(): Evidence {
    return evidenceOf(this.#layout.sample.flat());
  }

  /** Whether the whole file has been examined. */
  get known(): boolean {
    return this.#known;
  }

  of(column: number): NumberFormat {
    return this.#told[column]!;
  }

  /** The byte of a column's decimal mark. */
  point(column: number): number {
    return this.#told[column]!.decimal === "," ? 44 : 46;
  }

  /** Examines all cells of the columns. */
  collect(each: (visit: (row: Row) => boolean) => void): void {
    const found = this.#indices.map(() => new Evidence());
    const { separator } = this.#layout;
    const start = this.#layout.headerLine ?? 0;
    each((row) => {
      if (row.line > start)
        this.#indices.forEach((index, column) => {
          if (index < row.cells) found[column]!.add(row.text(index));
        });
      return true;
    });
    const file = found.reduce((sum, one) => sum.plus(one), this.#sampled());
    this.#told = found.map((one) => formatOf(one, file, this.#question, separator));
    this.#known = true;
  }

  notes(): string[] {
    const { wanted, decimal, thousands } = this.#question;
    const named = (holds: (told: Told) => boolean): string => {
      const columns = wanted.filter((_, i) => holds(this.#told[i]!));
      if (columns.length === wanted.length) return "Numbers";
      const listed = columns.slice(0, 5).map((name) => `"${name}"`);
      return `Numbers of ${listed.join(", ")}${columns.length > 5 ? ", …" : ""}`;
    };
    const notes: string[] = [];
    if (decimal === null && this.#told.some((told) => told.decimal === ","))
      notes.push(`${named((told) => told.decimal === ",")} have a decimal comma.`);
    if (thousands === null)
      for (const [mark, words] of thousandsWords)
        if (this.#told.some((told) => told.thousands === mark))
          notes.push(`${named((told) => told.thousands === mark)} have thousands grouped by ${words}.`);
    return notes;
  }

  remarks(): TableRemark[] {
    const { wanted } = this.#question;
    return wanted.flatMap((name, i): TableRemark[] => {
      const told = this.#told[i]!;
      if (told.doubtful === null) return [];
      const mark = told.doubtful;
      const grouped = told.decimal !== mark;
      const words = `Every "${mark}" in column "${name}" stands before three digits: it may be a decimal mark or a thousands separator. It is read as ${grouped ? `a thousands separator: 1${mark}234 is 1234` : `a decimal mark: 1${mark}234 is 1.234`}.`;
      return [
        { about: "numbers", message: words, remedies: [{ set: "decimal", value: told.decimal === "." ? "," : "." }] },
      ];
    });
  }
}

const thousandsWords = [
  [",", "commas"],
  [".", "dots"],
  [" ", "spaces"],
  ["'", "apostrophes"],
] as const;
