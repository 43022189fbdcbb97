/** Reads a table with a known layout: the numbers of the requested columns, and the times of its rows. */

import { CellReader } from "./cellReader.ts";
import { ColumnCells } from "./columnCells.ts";
import { ColumnFormats } from "./columnFormats.ts";
import { checkNames } from "./columnNames.ts";
import { type Row, RowFault } from "./csvRows.ts";
import { FaultList } from "./faultList.ts";
import type { Layout } from "./layout.ts";
import { layoutNotes, showCell } from "./layoutText.ts";
import { footerNotes, type LeftOutRow, underNotes } from "./leftOut.ts";
import { MissingMarks } from "./missing.ts";
import { RowFilter } from "./rowFilter.ts";
import { RowReader, type Values } from "./rowReader.ts";
import { seriesColumn } from "./seriesColumn.ts";
import { SeriesRows } from "./seriesRows.ts";
import type { TableColumns, TableFault, TableQuestion, TableRemark } from "./tableQuestion.ts";
import { remarksOnTime, TimeColumns, type TimeRead } from "./timeColumns.ts";
import { type Arrangement, inOrder, isInOrder, orderOf, reordered } from "./timeOrder.ts";

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

/** A row that may not be data, which depends on whether data follow. */
interface Pending extends LeftOutRow {
  /** Whether it cannot be a row of data: it has too few cells, or words instead of numbers. */
  readonly odd: boolean;
  readonly row: Taken;
  readonly faults: readonly (() => boolean)[];
}

/** A row's values, times and series. */
interface Taken extends Values {
  readonly times: readonly string[];
  /** Cells that name its series. */
  readonly series: readonly string[];
}

/** The source of the rows. */
export interface RowSource {
  /** Largest number of rows. */
  readonly most: number;
  /** Walks through the rows; `visit` returns false to end it. */
  each(this: void, visit: (row: Row) => boolean): void;
}

export class TableReader {
  readonly #filter: RowFilter;
  readonly #each: RowSource["each"];
  readonly #series: SeriesRows;
  /** Positions of the columns that name a row's series. */
  readonly #seriesIndices: readonly number[];
  readonly #question: TableQuestion;
  readonly #layout: Layout;
  readonly #faults = new FaultList();
  readonly #marks: MissingMarks;
  /** Positions of the requested columns. */
  readonly #indices: readonly number[];
  readonly #kept: readonly Float64Array<ArrayBuffer>[];
  readonly #most: number;
  readonly #formats: ColumnFormats;
  #time: TimeColumns;
  #rows = 0;
  #pending: Pending[] = [];
  /** How many of these contain something. */
  #filled = 0;
  readonly #under: number[] = [];
  readonly #reader: CellReader;
  readonly #rowReader: RowReader;
  readonly #cells: ColumnCells;

  constructor(source: RowSource, question: TableQuestion, layout: Layout) {
    this.#filter = new RowFilter(question, layout);
    this.#each = this.#filter.filtered(source.each);
    this.#question = question;
    this.#layout = layout;
    const { wanted, marks, series } = question;
    this.#seriesIndices = series.map((name) => layout.names.indexOf(name));
    this.#marks = new MissingMarks(marks);
    this.#indices = wanted.map((name) => layout.names.indexOf(name));
    this.#most = Math.min(source.most, Math.floor(maxCells / Math.max(1, wanted.length)));
    this.#series = new SeriesRows(series.length > 0 ? this.#most : 0);
    this.#kept = wanted.map(() => new Float64Array(this.#most));
    this.#cells = new ColumnCells(question);
    this.#formats = new ColumnFormats(question, layout, this.#indices);
    this.#reader = new CellReader(question, this.#marks, this.#formats);
    this.#rowReader = new RowReader({
      question,
      layout,
      indices: this.#indices,
      marks: this.#marks,
      formats: this.#formats,
      cells: this.#reader,
      columns: this.#cells,
      faults: this.#faults,
    });
    this.#time = this.#timeColumns();
  }

  #timeColumns(): TimeColumns {
    const { names, sample } = this.#layout;
    const orderBy = this.#question.orderBy.map((name) => names.indexOf(name)).filter((i) => i >= 0);
    return new TimeColumns({ names, sample, marks: this.#marks, orderBy, rows: this.#most });
  }

  read(): TableColumns | TableFault[] {
    checkNames(this.#question, this.#layout, this.#faults);
    if (this.#faults.any) return this.#faults.list();
    if (this.#formats.open) this.#formats.collect(this.#each);
    try {
      if (!this.#walk()) {
        // A number in an unexpected format: the whole file is examined, then read again.
        this.#formats.collect(this.#each);
        this.#rows = 0;
        this.#pending = [];
        this.#filled = 0;
        this.#under.length = 0;
        this.#cells.reset();
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

  /** @returns false: a number has another format than expected. */
  #walk(): boolean {
    const { headerLine, before } = this.#layout;
    const start = headerLine ?? before.at(-1) ?? 0;
    let finished = true;
    this.#each((row) => {
      if (row.line <= start) return true;
      const told = this.#row(row);
      if (told === "form") finished = false;
      return told === "on";
    });
    return finished;
  }

  /** "form": a number has another format than expected; "stop": reading on has no use. */
  #row(row: Row): "on" | "form" | "stop" {
    const read = this.#rowReader.read(row);
    if (read === "form") return "form";
    const { values, odd, numbers, words, faults } = read;
    const times = this.#time.indices.map((i) => (i < row.cells ? row.text(i) : ""));
    const series = this.#seriesIndices.map((i) => (i < row.cells ? row.text(i) : ""));
    const taken: Taken = { ...values, times, series };
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

  #take({ line, numbers, marks, times, series }: Taken): boolean {
    const { shown, orderBy } = this.#question;
    if (this.#rows >= this.#most) {
      const message = `"${shown}" has more than ${maxCells} numbers in these columns, which is the limit. Use a part of it.`;
      this.#faults.add("size", message, null);
      return false;
    }
    for (let column = 0; column < numbers.length; column++) {
      const value = numbers[column]!;
      this.#kept[column]![this.#rows] = value;
      if (!Number.isNaN(value)) this.#cells.number(column);
      const mark = marks[column];
      if (mark !== undefined) this.#cells.missing(column, line, mark);
    }
    const wrong = this.#time.set(this.#rows, times);
    if (series.length > 0) this.#series.set(this.#rows, series);
    this.#rows++;
    const nameless = series.findIndex((cell) => this.#marks.isText(cell));
    if (nameless >= 0) {
      const message = `"${shown}", ${this.#layout.counted} ${line}: column "${this.#question.series[nameless]}" does not say to which series the row belongs.`;
      return this.#faults.add("cell", message, null, { place: ["series"] });
    }
    if (wrong === null || orderBy.length === 0) return true;
    const cell = times[orderBy.indexOf(wrong)] ?? "";
    const message = `"${shown}", ${this.#layout.counted} ${line}, column "${wrong}": "${showCell(cell)}" is not a date in the same format as the others, so the rows cannot be sorted by this column.`;
    return this.#faults.add("cell", message, null, { place: ["order", "by"] });
  }

  #end(): void {
    const { shown, fills } = this.#question;
    if (this.#rows === 0) {
      this.#takeAll(this.#pending);
      this.#pending = [];
    }
    const dated = (column: number): boolean => this.#time.datesIn(this.#indices[column]!) !== undefined;
    for (const fault of this.#cells.wordFaults(shown, dated)) this.#faults.replace(fault.column, fault);
    this.#filter.check(this.#faults);
    if (this.#faults.any) return;
    if (this.#rows === 0) {
      this.#faults.add("rows", `"${shown}" has a header row but no rows of data.`, null);
      return;
    }
    if (fills) return;
    for (const { message, column, remedies } of this.#cells.missingFaults(shown, this.#layout.counted))
      this.#faults.add("column", message, column, { remedies });
  }

  #result(): TableColumns {
    const { orderBy, dayFirst, series } = this.#question;
    const rows = this.#rows;
    const time = this.#time.done(rows, dayFirst);
    const bounds = this.#series.bounds(rows);
    const keys = [
      ...(bounds.length > 2 ? [this.#series.key(rows)] : []),
      ...(orderBy.length > 0 ? (time?.keys ?? []) : []),
    ];
    const order = orderOf(keys, rows);
    const columns = this.#kept.map((values) =>
      order ? reordered(values.subarray(0, rows), order) : cutTo(values, rows),
    );
    return {
      rows,
      columns,
      bounds,
      timed: time?.timeline ? isInOrder(inOrder(time.timeline.moments, order), bounds) : false,
      notes: [
        ...layoutNotes(this.#layout, this.#question),
        ...this.#filter.notes(),
        ...this.#formats.notes(),
        ...(this.#reader.percent ? ['Per cent signs are left out: "45 %" is 45.'] : []),
        ...underNotes(this.#under),
        ...footerNotes(this.#pending, this.#layout.counted),
        ...this.#cells.missingNotes(),
        ...(time?.notes ?? []),
        ...(series.length > 0 ? [this.#series.note(series)] : []),
        ...(order && orderBy.length > 0
          ? [`The rows are sorted by ${orderBy.map((name) => `"${name}"`).join(", ")}.`]
          : []),
      ],
      remarks: [...this.#formats.remarks(), ...this.#timeRemarks(time, { order, bounds })],
    };
  }

  #timeRemarks(
    time: TimeRead | null,
    rows: Pick<Arrangement, "bounds"> & { readonly order: Uint32Array | null },
  ): TableRemark[] {
    const { orderBy, series } = this.#question;
    const remarks = remarksOnTime(time, { ...rows, ordered: orderBy.length > 0, inSeries: series.length > 0 });
    return remarks.map(({ several, ...remark }) => {
      const value = several ? seriesColumn(this.#each, this.#layout, this.#time.indices, this.#indices) : null;
      return value
        ? { ...remark, remedies: [...remark.remedies, { set: "series" as const, value: [...value] }] }
        : remark;
    });
  }
}

/** Most files have as many rows as lines; copying such a column would double the memory. */
function cutTo(values: Float64Array<ArrayBuffer>, rows: number): Float64Array<ArrayBuffer> {
  return 2 * rows > values.length ? values.subarray(0, rows) : values.slice(0, rows);
}
