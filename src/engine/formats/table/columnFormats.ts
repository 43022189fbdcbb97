/** Determines how each column of a table writes its numbers. */

import { listWords } from "../../../messages/lists.ts";
import { noteWords } from "../../../messages/tableNotes.ts";
import { tableWords } from "../../../messages/tables.ts";
import type { Row } from "./csvRows.ts";
import type { Layout } from "./layout.ts";
import { columnsText, maxApart, showCell } from "./layoutText.ts";
import { contradiction, Evidence, formatOf, isDoubtful, type NumberFormat, type Told } from "./numberFormat.ts";
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
  /** Evidence from the whole file, if it has been examined. */
  #found: readonly Evidence[] = [];
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
        each.some((one) => isDoubtful(one, layout.separator)));
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
          if (index < row.cells) found[column]!.add(row.text(index), row.line);
        });
      return true;
    });
    const file = found.reduce((sum, one) => sum.plus(one), this.#sampled());
    this.#told = found.map((one) => formatOf(one, file, this.#question, separator));
    this.#found = found;
    this.#known = true;
  }

  /** Faults of columns whose cells contradict each other about the decimal mark, unless the config says what it is. */
  faults(): readonly { readonly message: string; readonly column: number }[] {
    const { shown, wanted, decimal, thousands } = this.#question;
    if (decimal !== null || thousands !== null) return [];
    return this.#found.flatMap((evidence, column) => {
      const cells = contradiction(evidence);
      if (!cells) return [];
      const [sure, doubtful] = cells.map(({ cell, line }) => ({ cell: showCell(cell), line }));
      const name = wanted[column] ?? "";
      const { counted } = this.#layout;
      return [
        {
          message: tableWords().contraryMarks({ file: shown, name, counted, sure: sure!, doubtful: doubtful! }),
          column,
        },
      ];
    });
  }

  notes(): string[] {
    const { wanted, decimal, thousands } = this.#question;
    const named = (holds: (told: Told) => boolean): string | null => {
      const columns = wanted.filter((_, i) => holds(this.#told[i]!));
      if (columns.length === wanted.length) return null;
      const listed = columns.slice(0, 5).map((name) => `"${name}"`);
      return listWords().commas([...listed, ...(columns.length > 5 ? ["…"] : [])]);
    };
    const notes: string[] = [];
    if (decimal === null && this.#told.some((told) => told.decimal === ","))
      notes.push(noteWords().decimalCommas(named((told) => told.decimal === ",")));
    if (thousands === null)
      for (const mark of thousandsMarks)
        if (this.#told.some((told) => told.thousands === mark))
          notes.push(noteWords().thousands({ columns: named((told) => told.thousands === mark), mark }));
    return notes;
  }

  remarks(): TableRemark[] {
    const { wanted } = this.#question;
    return ([".", ","] as const).flatMap((mark) =>
      [true, false].flatMap((grouped): TableRemark[] => {
        const names = wanted.filter((_, i) => {
          const { doubtful, decimal } = this.#told[i]!;
          return doubtful === mark && (decimal !== mark) === grouped;
        });
        const [decimal] = grouped ? [mark] : [mark === "." ? ("," as const) : ("." as const)];
        const remedies = [{ set: "decimal" as const, value: decimal }];
        const remark = (columns: string, several: boolean): TableRemark => {
          const message = tableWords().doubtfulMark({ mark, columns, grouped, several });
          return { about: "numbers", message, remedies };
        };
        if (names.length > maxApart) return [remark(columnsText(names), true)];
        return names.map((name) => remark(`"${showCell(name)}"`, false));
      }),
    );
  }
}

const thousandsMarks = [",", ".", " ", "'"] as const;
