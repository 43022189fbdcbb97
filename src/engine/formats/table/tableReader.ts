/** Reads a table with a known layout: the numbers of the requested columns, and the times of its rows. */

import { didYouMean } from "../../../config/didYouMean.ts";
import { ColumnFormats, isNumberOfSomeForm } from "./columnFormats.ts";
import { type Row, RowFault } from "./csvRows.ts";
import { FaultList } from "./faultList.ts";
import type { Layout } from "./layout.ts";
import { layoutNotes, linesText, showCell } from "./layoutText.ts";
import { MissingMarks } from "./missing.ts";
import { numberOf } from "./numberFormat.ts";
import type { TableColumns, TableFault, TableQuestion, TableRemark } from "./tableQuestion.ts";
import { partsText, TimeColumns, type TimeRead } from "./timeColumns.ts";
import { isInOrder, orderOf, reordered, timeRemarks } from "./timeOrder.ts";

/** Most cells that are kept as numbers; with one column, most rows. */
const maxCells = 20_000_000;
/**
 * Most rows at the end that are left out as footers; more are a fault. Any number of empty rows is allowed, because
 * spreadsheets write them.
 */
const maxFooters = 20;
const maxEmpty = 1000;
/** Most rows under the header that are left out, such as a row of units. */
const maxUnder = 3;
/** Words of a column that may be classes. */
const maxLabels = 100;

/** A row that may not be data, which depends on whether data follow. */
interface Pending {
  readonly line: number;
  /** Whether it cannot be a row of data: it has too few cells, or words instead of numbers. */
  readonly odd: boolean;
  readonly empty: boolean;
  readonly row: Values;
  readonly first: string;
  readonly faults: readonly (() => boolean)[];
}

/** The values that are read from a row. */
interface Values {
  readonly line: number;
  /** NaN if the value is missing. */
  readonly numbers: readonly number[];
  /** Texts of the cells with missing values. */
  readonly marks: readonly (string | undefined)[];
  readonly times: readonly string[];
}

/** The source of the rows. */
export interface RowSource {
  /** Largest number of rows. */
  readonly most: number;
  /** Walks through the rows; `visit` returns false to end it. */
  each(this: void, visit: (row: Row) => boolean): void;
}

export class TableReader {
  readonly #source: RowSource;
  readonly #question: TableQuestion;
  readonly #layout: Layout;
  readonly #faults = new FaultList();
  readonly #marks: MissingMarks;
  /** Positions of the requested columns. */
  readonly #indices: readonly number[];
  readonly #kept: readonly Float64Array<ArrayBuffer>[];
  readonly #most: number;
  #formats: ColumnFormats;
  #time: TimeColumns;
  #rows = 0;
  #pending: Pending[] = [];
  /** How many of these contain something. */
  #filled = 0;
  readonly #under: number[] = [];
  readonly #missing: { count: number; line: number; mark: string }[];
  /** For each column, the number of cells with words and with numbers. */
  readonly #words: { count: number; numbers: number; first: string; readonly distinct: Set<string> }[];
  /** Classes by their words, and the columns that hold them. */
  readonly #labels: ReadonlyMap<string, number>;
  readonly #labelled: ReadonlySet<number>;
  #percent = false;

  constructor(source: RowSource, question: TableQuestion, layout: Layout) {
    this.#source = source;
    this.#question = question;
    this.#layout = layout;
    const { wanted, marks } = question;
    this.#marks = new MissingMarks(marks);
    this.#labels = new Map((question.labels ?? []).map((word, i) => [word, i]));
    this.#labelled = new Set(question.labelled);
    this.#indices = wanted.map((name) => layout.names.indexOf(name));
    this.#most = Math.min(source.most, Math.floor(maxCells / Math.max(1, wanted.length)));
    this.#kept = wanted.map(() => new Float64Array(this.#most));
    this.#missing = wanted.map(() => ({ count: 0, line: 0, mark: "" }));
    this.#words = wanted.map(() => ({ count: 0, numbers: 0, first: "", distinct: new Set<string>() }));
    this.#formats = new ColumnFormats(question, layout, this.#indices);
    this.#time = this.#timeColumns();
  }

  #timeColumns(): TimeColumns {
    const { names, sample } = this.#layout;
    const orderBy = this.#question.orderBy.map((name) => names.indexOf(name)).filter((i) => i >= 0);
    return new TimeColumns({ names, sample, marks: this.#marks, orderBy, rows: this.#most });
  }

  read(): TableColumns | TableFault[] {
    this.#checkNames();
    if (this.#faults.any) return this.#faults.list();
    if (this.#formats.open) this.#formats.collect(this.#source.each);
    try {
      if (!this.#walk()) {
        // A number in an unexpected format: the whole file is examined, then read again.
        this.#formats.collect(this.#source.each);
        this.#rows = 0;
        this.#pending = [];
        this.#filled = 0;
        this.#under.length = 0;
        for (const each of this.#missing) each.count = 0;
        for (const each of this.#words) {
          Object.assign(each, { count: 0, numbers: 0 });
          each.distinct.clear();
        }
        this.#time = this.#timeColumns();
        this.#walk();
      }
      this.#end();
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      this.#faults.add("syntax", `"${this.#question.shown}"${error.message}`, null);
    }
    return this.#faults.any ? this.#faults.list() : this.#result();
  }

  /** Checks whether the requested columns exist, and whether the first row can name them. */
  #checkNames(): void {
    const { wanted, orderBy, shown } = this.#question;
    const { names, doubt, headerLine } = this.#layout;
    if (doubt === "names are numbers") {
      const message = `"${shown}", line ${headerLine}: the first row consists of numbers (${names.slice(0, 5).map(showCell).join(", ")}${names.length > 5 ? ", …" : ""}). Set "header" to true if they are names, or to false if they are data. Columns without names are called "1" to "${names.length}".`;
      this.#faults.add("header", message, null, {
        remedies: [
          { set: "header", value: false },
          { set: "header", value: true },
        ],
      });
      return;
    }
    wanted.forEach((name, column) => {
      const message = this.#nameFault(name);
      if (message !== null)
        this.#faults.add("column", message, column, {
          remedies: doubt === "no header" ? [{ set: "header", value: false }] : [],
        });
    });
    orderBy.forEach((name, i) => {
      const message = this.#nameFault(name);
      if (message !== null) this.#faults.add("column", message, wanted.length + i);
    });
  }

  #nameFault(name: string): string | null {
    const { shown } = this.#question;
    const { names, doubt } = this.#layout;
    const at = names.indexOf(name);
    if (at >= 0)
      return names.lastIndexOf(name) === at ? null : `"${shown}" has two columns named "${name}"; rename one.`;
    if (doubt === "no header")
      return `"${shown}" has no column "${name}", and its first row seems to be data: ${names.slice(0, 5).map(showCell).join(", ")}. With "header": false its columns are called "1" to "${names.length}".`;
    const listed = names
      .slice(0, 20)
      .map((each) => `"${each}"`)
      .join(", ");
    return `"${shown}" has no column "${name}".${didYouMean(name, names)} Its columns are ${listed}${names.length > 20 ? ", …" : ""}.`;
  }

  /** @returns false: a number has another format than expected. */
  #walk(): boolean {
    const { headerLine, before } = this.#layout;
    const start = headerLine ?? before.at(-1) ?? 0;
    let finished = true;
    this.#source.each((row) => {
      if (row.line <= start) return true;
      const told = this.#row(row);
      if (told === "form") finished = false;
      return told === "on";
    });
    return finished;
  }

  /** "form": a number has another format than expected; "stop": reading on has no use. */
  #row(row: Row): "on" | "form" | "stop" {
    const { shown, wanted } = this.#question;
    const { names } = this.#layout;
    const width = names.length;
    let extra = false;
    for (let i = width; i < row.cells && !extra; i++) extra = !row.isEmpty(i);
    const faults: (() => boolean)[] = [];
    let odd = false;
    if (row.cells < width || extra) {
      odd = true;
      const { line, cells } = row;
      const header = this.#layout.headerLine === null ? "the first row" : "the header";
      const message = `"${shown}", line ${line}: ${cells} ${cells === 1 ? "cell" : "cells"}, but ${header} has ${width}.`;
      faults.push(() => this.#faults.add("ragged", message, null));
    }
    const values: number[] = [];
    const marks: (string | undefined)[] = [];
    let numbers = 0;
    let words = 0;
    if (!odd)
      for (let column = 0; column < wanted.length; column++) {
        const index = this.#indices[column]!;
        const quick = this.#labelled.has(column) ? Number.NaN : row.quick(index, this.#formats.point(column));
        let value = quick;
        if (Number.isNaN(quick)) {
          const cell = row.text(index);
          const read = this.#cell(cell, column);
          if (read === "form") return "form";
          if (typeof read !== "number") {
            words++;
            const message = `"${shown}", line ${row.line}, column "${wanted[column]}": ${read.wrong}.`;
            const told = this.#words[column]!;
            faults.push(() => {
              if (read.word && told.count++ === 0) told.first = cell;
              if (read.word && told.distinct.size <= maxLabels) told.distinct.add(cell);
              const going = this.#faults.add("cell", message, null, { cellOf: column });
              // A column of a few words may be classes: all of them are to be known.
              return going || (read.word && told.numbers === 0 && told.distinct.size <= maxLabels);
            });
            value = Number.NaN;
          } else {
            value = read;
            if (Number.isNaN(read)) marks[column] = cell;
          }
        } else if (this.#marks.isNumber(quick)) {
          value = Number.NaN;
          marks[column] = String(quick);
        }
        if (!Number.isNaN(value)) numbers++;
        values.push(value);
      }
    if (!odd && numbers === 0 && words > 0) odd = true;
    const times = this.#time.indices.map((i) => (i < row.cells ? row.text(i) : ""));
    const taken: Values = { line: row.line, numbers: values, marks, times };
    const dated = this.#time.tells(times);
    const isData = numbers > 0 ? dated !== false : words === 0 && dated === true;
    if (!odd && (words > 0 || isData)) {
      const going = this.#flush() && faults.every((fault) => fault()) && this.#take(taken);
      return going ? "on" : "stop";
    }
    let empty = true;
    for (let i = 0; i < row.cells && empty; i++) empty = row.isEmpty(i);
    if (!empty) this.#filled++;
    this.#pending.push({ line: row.line, odd, empty, row: taken, first: row.cells > 0 ? row.text(0) : "", faults });
    const many = this.#filled > maxFooters || this.#pending.length > maxEmpty;
    return many && !this.#flush() ? "stop" : "on";
  }

  #markMissing(column: number, line: number, mark: string): void {
    const told = this.#missing[column]!;
    if (told.count++ > 0) return;
    told.line = line;
    told.mark = mark;
  }

  /** A number, NaN if it is missing, or what is wrong. */
  #cell(cell: string, column: number): number | "form" | { readonly wrong: string; readonly word: boolean } {
    if (this.#labelled.has(column)) {
      const known = this.#labels.get(cell);
      if (known !== undefined) return known;
      if (this.#marks.isText(cell)) return Number.NaN;
      return { wrong: `"${showCell(cell)}" is a label that "classes" does not list`, word: false };
    }
    if (this.#marks.isText(cell)) return Number.NaN;
    const value = numberOf(cell, this.#formats.of(column));
    if (!Number.isNaN(value)) {
      if (!Number.isFinite(Math.fround(value)))
        return { wrong: `${showCell(cell)} is too large for a 32-bit number`, word: false };
      if (cell.endsWith("%")) this.#percent = true;
      return this.#marks.isNumber(value) ? Number.NaN : value;
    }
    if (cell.length === 4 && /^true$/i.test(cell)) return 1;
    if (cell.length === 5 && /^false$/i.test(cell)) return 0;
    if (!this.#formats.known && isNumberOfSomeForm(cell)) return "form";
    if (/^[+-]?inf(?:inity)?$/i.test(cell))
      return { wrong: "an infinite value cannot be learnt from; fill in a number", word: false };
    const { decimal } = this.#formats.of(column);
    const number = isNumberOfSomeForm(cell);
    const form = number ? ` with "${decimal}" as its decimal mark, as others of this column are` : "";
    return { wrong: `"${showCell(cell)}" is not a number${form}`, word: !number };
  }

  /** Handles rows that may have been footers but were followed by data. */
  #flush(): boolean {
    if (this.#pending.length === 0) return true;
    const pending = this.#pending;
    this.#pending = [];
    this.#filled = 0;
    if (this.#rows === 0 && pending.length <= maxUnder && pending.some(({ odd }) => odd)) {
      this.#under.push(...pending.map(({ line }) => line));
      return true;
    }
    return this.#takeAll(pending);
  }

  /** @returns false: reading on has no use. */
  #takeAll(pending: readonly Pending[]): boolean {
    return pending.every(({ odd, row, faults }) => faults.every((fault) => fault()) && (odd || this.#take(row)));
  }

  #take({ line, numbers, marks, times }: Values): boolean {
    const { shown, wanted, orderBy } = this.#question;
    if (this.#rows >= this.#most) {
      const message = `"${shown}" has more than ${maxCells} numbers in these columns, which is the limit. Use a part of it.`;
      this.#faults.add("size", message, null);
      return false;
    }
    for (let column = 0; column < numbers.length; column++) {
      const value = numbers[column]!;
      this.#kept[column]![this.#rows] = value;
      if (!Number.isNaN(value)) this.#words[column]!.numbers++;
      const mark = marks[column];
      if (mark !== undefined) this.#markMissing(column, line, mark);
    }
    const wrong = this.#time.set(this.#rows, times);
    this.#rows++;
    if (wrong === null || orderBy.length === 0) return true;
    const cell = times[orderBy.indexOf(wrong)] ?? "";
    const message = `"${shown}", line ${line}, column "${wrong}": "${showCell(cell)}" is not a date in the same format as the others, so the rows cannot be sorted by this column.`;
    return this.#faults.add("cell", message, wanted.length + orderBy.indexOf(wrong));
  }

  #end(): void {
    const { shown, wanted, fills } = this.#question;
    if (this.#rows === 0) {
      this.#takeAll(this.#pending);
      this.#pending = [];
    }
    this.#words.forEach(({ count, numbers, first, distinct }, column) => {
      if (count === 0 || numbers > count / 9) return;
      const name = wanted[column]!;
      const dates = this.#time.datesIn(this.#indices[column]!) !== undefined;
      const labels = dates || distinct.size < 2 || distinct.size > maxLabels ? [] : [...distinct].sort();
      const advice =
        labels.length > 0
          ? `If it is a target and these are classes, list its ${labels.length} words as "classes".`
          : "Remove it from this list, or replace each word in the file with a number.";
      const message = dates
        ? `"${shown}": column "${name}" holds dates ("${showCell(first)}"), not numbers. To sort the rows by time, set "order": { "by": "${name}" } and remove the column from this list.`
        : `"${shown}": column "${name}" holds words ("${showCell(first)}"), not numbers. ${advice}`;
      const classes = labels.length > 0 ? [{ set: "classes" as const, value: labels }] : [];
      const remedies = dates ? [{ set: "notAnInput" as const }] : classes;
      this.#faults.replace(column, { message, column, remedies });
    });
    if (this.#faults.any) return;
    if (this.#rows === 0) {
      this.#faults.add("rows", `"${shown}" has a header row but no rows of data.`, null);
      return;
    }
    if (fills) return;
    this.#missing.forEach(({ count, line, mark }, column) => {
      if (count === 0) return;
      const cells = count === 1 ? "a cell" : `${count} cells`;
      const message = `"${shown}": column "${wanted[column]}" has ${cells} without a value${mark === "" ? "" : ` ("${showCell(mark)}")`}, ${count === 1 ? "in" : "the first in"} line ${line}. Set "missing" to fill them or to leave out the samples that contain them.`;
      this.#faults.add("column", message, column, { remedies: [{ set: "fill" }] });
    });
  }

  #result(): TableColumns {
    const { orderBy, dayFirst } = this.#question;
    const rows = this.#rows;
    const time = this.#time.done(rows, dayFirst);
    const order = time && orderBy.length > 0 ? orderOf(time.keys, rows) : null;
    const columns = this.#kept.map((values) =>
      order ? reordered(values.subarray(0, rows), order) : cutTo(values, rows),
    );
    const footers = this.#pending;
    const missing = this.#missing.flatMap(({ count, mark }, i) =>
      count > 0 ? [{ name: this.#question.wanted[i]!, count, mark }] : [],
    );
    return {
      rows,
      columns,
      timed: time?.timeline ? isInOrder(inOrder(time.timeline.moments, order)) : false,
      notes: [
        ...layoutNotes(this.#layout, this.#question),
        ...this.#formats.notes(),
        ...(this.#percent ? ['Per cent signs are left out: "45 %" is 45.'] : []),
        ...(this.#under.length > 0
          ? [
              `${linesText(this.#under)} under the header ${this.#under.length === 1 ? "holds" : "hold"} no data and ${this.#under.length === 1 ? "is" : "are"} left out.`,
            ]
          : []),
        ...(footers.length > 0 ? [footerNote(footers)] : []),
        ...missing.map(
          ({ name, count, mark }) =>
            `"${name}" has ${count} ${count === 1 ? "cell" : "cells"} without a value${mark === "" ? "" : ` ("${showCell(mark)}")`}.`,
        ),
        ...(time?.notes ?? []),
        ...(order ? [`The rows are sorted by ${orderBy.map((name) => `"${name}"`).join(", ")}.`] : []),
      ],
      remarks: [...this.#formats.remarks(), ...this.#timeRemarks(time, order)],
    };
  }

  #timeRemarks(time: TimeRead | null, order: Uint32Array | null): readonly TableRemark[] {
    if (!time?.timeline) return [];
    const { moments, ...timeline } = time.timeline;
    const asked = this.#question.orderBy.length > 0;
    const remarks = timeRemarks({ ...timeline, moments: inOrder(moments, order) }, asked);
    if (!time.unsure) return remarks;
    const { name, dayFirst } = time.unsure;
    const message = `The dates of "${name}" may be day first or month first: no row says which. They are read as ${partsText(dayFirst)}.`;
    return [...remarks, { about: "time", message, remedies: [{ set: "dayFirst", value: !dayFirst, by: name }] }];
  }
}

function footerNote(footers: readonly Pending[]): string {
  const lines = linesText(footers.map(({ line }) => line));
  const one = footers.length === 1;
  const words = footers.find(({ first }) => first !== "")?.first;
  const shown = words === undefined ? "" : `: "${showCell(words)}"`;
  const what = footers.every(({ empty }) => empty)
    ? one
      ? "is empty"
      : "are empty"
    : one
      ? "is no row of data"
      : "are no rows of data";
  return `${lines} at the end ${what} and ${one ? "is" : "are"} left out${shown}.`;
}

/** Most files have as many rows as lines; copying such a column would double the memory. */
function cutTo(values: Float64Array<ArrayBuffer>, rows: number): Float64Array<ArrayBuffer> {
  return 2 * rows > values.length ? values.subarray(0, rows) : values.slice(0, rows);
}

function inOrder(moments: Float64Array, order: Uint32Array | null): Float64Array {
  return order ? reordered(moments, order) : moments;
}
