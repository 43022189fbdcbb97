/** Reads a table with a known layout: the numbers of the requested columns, and the times of its rows. */

import { fileWords } from "../../../messages/files.ts";
import { listWords } from "../../../messages/lists.ts";
import { noteWords } from "../../../messages/tableNotes.ts";
import { tableWords } from "../../../messages/tables.ts";
import { CellReader } from "./cellReader.ts";
import { ColumnCells } from "./columnCells.ts";
import { ColumnFormats } from "./columnFormats.ts";
import { checkNames } from "./columnNames.ts";
import { type Row, RowFault } from "./csvRows.ts";
import { remarksOnTime, TimeColumns, type TimeRead } from "./dates/timeColumns.ts";
import { type Arrangement, inOrder, isInOrder, orderOf, reordered, repeatsAnHour } from "./dates/timeOrder.ts";
import { FaultList } from "./faultList.ts";
import { cutTo } from "./kept.ts";
import type { Layout } from "./layout.ts";
import { layoutNotes, showCell, splitRemarks } from "./layoutText.ts";
import { footerNotes, totalNotes, underNotes } from "./leftOut.ts";
import { MissingMarks } from "./missing.ts";
import { type Pending, PendingRows, type Taken } from "./pendingRows.ts";
import { RowFilter } from "./rowFilter.ts";
import { RowLabels } from "./rowLabels.ts";
import { RowReader } from "./rowReader.ts";
import { seriesColumn } from "./seriesColumn.ts";
import { SeriesRows } from "./seriesRows.ts";
import type { TableColumns, TableFault, TableQuestion, TableRemark } from "./tableQuestion.ts";

/** Most cells that are kept as numbers; with one column, most rows. */
const maxCells = 20_000_000;
/** Most rows under the header that are left out, such as a row of units. */
const maxUnder = 3;

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
  readonly #pending = new PendingRows();
  #labels: RowLabels;
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
    this.#labels = this.#rowLabels();
  }

  #rowLabels(): RowLabels {
    const { names, sample } = this.#layout;
    return new RowLabels({ names, sample, marks: this.#marks, times: this.#time.indices, wanted: this.#indices });
  }

  #timeColumns(): TimeColumns {
    const { names, sample } = this.#layout;
    const orderBy = this.#question.orderBy.map((name) => names.indexOf(name)).filter((i) => i >= 0);
    return new TimeColumns({ names, sample, marks: this.#marks, orderBy, rows: this.#most });
  }

  read(): TableColumns | TableFault[] {
    checkNames(this.#question, this.#layout, this.#faults);
    for (const { name, cell } of this.#time.unsortable) {
      const message = fileWords().unsortable({ file: this.#question.shown, column: name, cell: showCell(cell) });
      this.#faults.add("column", message, null, { place: ["order", "by"] });
    }
    if (this.#faults.any) return this.#faults.list();
    if (this.#formats.open) this.#formats.collect(this.#each);
    try {
      if (!this.#walk()) {
        // A number in an unexpected format: the whole file is examined, then read again.
        this.#formats.collect(this.#each);
        this.#rows = 0;
        this.#pending.removed();
        this.#under.length = 0;
        this.#cells.reset();
        this.#time = this.#timeColumns();
        this.#labels = this.#rowLabels();
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
    const unlabelled = this.#labels.lackedBy(row);
    const taken: Taken = { ...values, times, series, unlabelled };
    const dated = this.#time.tells(times);
    const isData = numbers > 0 ? dated !== false : words === 0 && dated === true;
    if (!odd && !unlabelled && (words > 0 || isData)) {
      const going = this.#flush() && faults.every((fault) => fault()) && this.#take(taken);
      return going ? "on" : "stop";
    }
    let filled = 0;
    while (filled < row.cells && row.isEmpty(filled)) filled++;
    const empty = filled === row.cells;
    const first = empty ? "" : row.text(filled);
    const many = this.#pending.add({ line: row.line, odd, empty, row: taken, first, faults });
    return many && !this.#flush() ? "stop" : "on";
  }

  /** Handles rows that may have been footers but were followed by data. */
  #flush(): boolean {
    const pending = this.#pending.removed();
    if (pending.length === 0) return true;
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

  #take({ line, numbers, marks, texts, times, series, unlabelled }: Taken): boolean {
    const { shown, orderBy } = this.#question;
    if (this.#rows >= this.#most) {
      const message = tableWords().tooManyNumbers({ file: shown, most: maxCells });
      this.#faults.add("size", message, null);
      return false;
    }
    for (let column = 0; column < numbers.length; column++) {
      const value = numbers[column]!;
      this.#kept[column]![this.#rows] = value;
      if (!Number.isNaN(value)) this.#cells.number(column, line, value, texts[column]);
      const mark = marks[column];
      if (mark !== undefined) this.#cells.missing(column, line, mark);
    }
    const wrong = this.#time.set(this.#rows, times);
    if (series.length > 0) this.#series.set(this.#rows, series);
    this.#rows++;
    this.#labels.took(unlabelled);
    const nameless = series.findIndex((cell) => this.#marks.isText(cell));
    if (nameless >= 0) {
      const column = this.#question.series[nameless] ?? "";
      const message = tableWords().noSeries({ file: shown, counted: this.#layout.counted, line, column });
      return this.#faults.add("cell", message, null, { place: ["series"] });
    }
    if (wrong === null || orderBy.length === 0) return true;
    const cell = times[orderBy.indexOf(wrong)] ?? "";
    const of = { file: shown, counted: this.#layout.counted, line, column: wrong, cell: showCell(cell) };
    const message = tableWords().notADate(of);
    return this.#faults.add("cell", message, null, { place: ["order", "by"] });
  }

  #end(): void {
    const { shown, fills } = this.#question;
    // Rows without labels that are many for totals are rows like the others.
    if (2 * this.#pending.totals().length > this.#rows) this.#takeAll(this.#pending.removedToLastTotal());
    if (this.#rows === 0) this.#takeAll(this.#pending.removed());
    const dated = (column: number): "dates" | "times" | null => {
      const dates = this.#time.datesIn(this.#indices[column]!);
      return dates ? (dates.clock ? "times" : "dates") : null;
    };
    for (const { message, column } of this.#formats.faults()) this.#faults.add("column", message, column);
    for (const fault of this.#cells.wordFaults(shown, dated)) this.#faults.replace(fault.column, fault);
    this.#filter.check(this.#faults);
    const decimal = (column: number) => this.#formats.of(column).decimal;
    for (const { message, column } of this.#cells.signFaults(shown, this.#layout.counted, decimal))
      this.#faults.add("column", message, column);
    if (this.#faults.any) return;
    if (this.#rows === 0) {
      this.#faults.add("rows", tableWords().noRows(shown), null);
      return;
    }
    if (fills) return;
    for (const { message, column, remedies } of this.#cells.missingFaults(shown, this.#layout.counted))
      this.#faults.add("column", message, column, { remedies });
  }

  #result(): TableColumns {
    const totals = this.#pending.totals();
    const { orderBy, dayFirst, series } = this.#question;
    const rows = this.#rows;
    const time = this.#time.done(rows, dayFirst);
    const bounds = this.#series.bounds(rows);
    const keys = [
      ...(bounds.length > 2 ? [this.#series.key(rows)] : []),
      ...(orderBy.length > 0 ? (time?.keys ?? []) : []),
    ];
    const order = time?.timeline && repeatsAnHour(time.timeline, bounds) ? null : orderOf(keys, rows);
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
        ...this.#reader.notes(),
        ...underNotes(this.#under),
        ...footerNotes(
          this.#pending.rows.filter((each) => !totals.includes(each)),
          this.#layout.counted,
        ),
        ...totalNotes(totals, this.#layout.counted, this.#labels.name ?? ""),
        ...this.#cells.missingNotes(),
        ...(time?.notes ?? []),
        ...(series.length > 0 ? [this.#series.note(series)] : []),
        ...(order && orderBy.length > 0
          ? [noteWords().sorted(listWords().commas(orderBy.map((name) => `"${name}"`)))]
          : []),
      ],
      remarks: [
        ...splitRemarks(this.#layout),
        ...this.#formats.remarks(),
        ...this.#timeRemarks(time, { order, bounds }),
      ],
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
