/**
 * The frame of every chart: a title, the figure at the cursor, tools, a canvas that can take the focus and be explored
 * with the keyboard, and the same numbers as a table.
 */

import { chartWords } from "../../src/messages/charts.ts";
import { type ChartName, deepChartNames } from "../../src/protocol/panelMessages.ts";
import { cursorMove } from "../a11y/chartKeys.ts";
import { type ChartTable, dataTable } from "../a11y/dataTable.ts";
import { CursorMarks, type CursorPlace } from "../charts/cursorMarks.ts";
import { picture } from "../charts/picture.ts";
import { el, icons, setAttribute, setText } from "../dom.ts";
import type { CursorMove } from "../state/moveCursor.ts";
import type { Store, View } from "../state/store.ts";
import type { Palette } from "../theme/palette.ts";

/** Milliseconds between two rebuilds of a table that is open during a run. */
const tableInterval = 1000;

export interface CursorValue {
  /** Position on the x-axis. */
  readonly now: number;
  readonly min: number;
  readonly max: number;
  /** Text of a screen reader at the cursor. */
  readonly text: string;
}

export interface FrameSetup {
  readonly name: ChartName;
  readonly title: string;
  /** What the chart shows, in a sentence; used for the title's tooltip and the chart's description. */
  readonly meaning: string;
  readonly store: Store;
  readonly palette: () => Palette;
  /** Moves the cursor; called for keys that the chart's axes understand. */
  move(move: CursorMove): void;
  /** The pointer is at these pixels of the canvas, or null if it left; `pin` if it is pressed. */
  point(at: { readonly x: number; readonly y: number } | null, pin: boolean): void;
  table(): ChartTable;
}

export class ChartFrame {
  readonly element: HTMLElement;
  readonly canvas = el("canvas", { "aria-hidden": "true" });
  readonly title: HTMLElement;
  readonly tools = el("div", { class: "tools" });
  /** Legends below the chart. */
  readonly foot = el("div", { class: "foot" });
  readonly #cursor = new CursorMarks();
  readonly #readout = el("p", { class: "readout" });
  readonly #plot: HTMLElement;
  readonly #box = el("div", { class: "table-box", tabindex: 0, role: "region" });
  readonly #toggle: HTMLButtonElement;
  readonly #save: HTMLButtonElement;
  readonly #setup: FrameSetup;
  #tableAt = Number.NEGATIVE_INFINITY;
  #tableTimer: ReturnType<typeof setTimeout> | null = null;
  #span = 1;

  constructor(setup: FrameSetup) {
    this.#setup = setup;
    const id = `chart-${setup.name}`;
    this.title = el("h2", { id, title: setup.meaning }, setup.title);
    this.#plot = el(
      "div",
      {
        class: "plot",
        tabindex: 0,
        role: "slider",
        "aria-labelledby": id,
        "aria-describedby": `${id}-meaning`,
        "aria-valuemin": 0,
        "aria-valuemax": 0,
        "aria-valuenow": 0,
      },
      this.canvas,
      ...this.#cursor.elements,
    );
    this.#toggle = el(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-pressed": "false",
        title: chartWords().showTable,
        "aria-label": chartWords().showAsTable(setup.title),
      },
      icons.table(),
    );
    this.#save = el(
      "button",
      {
        type: "button",
        class: "save-picture",
        title: chartWords().savePicture,
        "aria-label": chartWords().saveAsPicture(setup.title),
      },
      icons.picture(),
    );
    this.#save.addEventListener("click", () => this.#savePicture());
    this.#toggle.addEventListener("click", () => this.#toggleTable());
    const buttons = el("div", { class: "chart-buttons" }, this.#save, this.#toggle);
    this.element = el(
      "section",
      { class: `block chart ${setup.name}`, "aria-labelledby": id },
      el("div", { class: "block-head" }, this.title, this.#readout, this.tools, buttons),
      el("p", { id: `${id}-meaning`, class: "hidden-text" }, setup.meaning),
      this.#plot,
      this.#box,
      this.foot,
    );
    this.#listen();
  }

  /** Whether the canvas is visible, rather than the table. */
  get drawsChart(): boolean {
    return !this.#setup.store.view.ui.tables.includes(this.#setup.name);
  }

  /** The visible figure at the cursor. */
  set readout(text: string) {
    setText(this.#readout, text);
  }

  /** Moves the linked cursor over the chart; null hides it. */
  placeCursor(place: CursorPlace | null): void {
    this.#cursor.place(place);
  }

  setMeaning(title: string, meaning: string): void {
    setText(this.title, title);
    setAttribute(this.title, "title", meaning);
    const description = this.element.querySelector(`#chart-${this.#setup.name}-meaning`);
    if (description !== null) setText(description, meaning);
  }

  /** Brings cursor, table and switch up to date. */
  update(view: View, cursor: CursorValue): void {
    this.#span = cursor.max - cursor.min;
    setAttribute(this.#plot, "aria-valuemin", String(cursor.min));
    setAttribute(this.#plot, "aria-valuemax", String(cursor.max));
    setAttribute(this.#plot, "aria-valuenow", String(cursor.now));
    setAttribute(this.#plot, "aria-valuetext", cursor.text);
    const table = view.ui.tables.includes(this.#setup.name);
    setAttribute(this.#toggle, "aria-pressed", String(table));
    this.#plot.hidden = table;
    this.#save.hidden = table;
    this.#box.hidden = !table;
    this.foot.hidden = table;
    if (this.#tableTimer !== null) return;
    if (!table) {
      this.#tableAt = Number.NEGATIVE_INFINITY;
      return;
    }
    const wait = this.#tableAt + tableInterval - performance.now();
    if (wait <= 0) this.#fillTable();
    else
      this.#tableTimer = setTimeout(() => {
        this.#tableTimer = null;
        this.#fillTable();
      }, wait);
  }

  #fillTable(): void {
    this.#tableAt = performance.now();
    const data = this.#setup.table();
    const scroll = this.#box.scrollTop;
    setAttribute(this.#box, "aria-label", data.caption);
    this.#box.replaceChildren(dataTable(data));
    this.#box.scrollTop = scroll;
  }

  #savePicture(): void {
    const { store, name, palette } = this.#setup;
    const { deep, run } = store.view;
    const of = deepChartNames.some((n) => n === name) ? deep?.model : run?.model;
    const title = [of, this.title.textContent, this.#readout.textContent].filter(Boolean).join(" · ");
    const png = picture({ canvas: this.canvas, cursor: this.#cursor, title, foot: this.foot }, palette());
    if (png !== null) store.send({ type: "savePicture", chart: name, png });
  }

  #toggleTable(): void {
    const { store, name } = this.#setup;
    const open = store.view.ui.tables;
    store.choose({ tables: open.includes(name) ? open.filter((n) => n !== name) : [...open, name] });
  }

  #listen(): void {
    const { point, move } = this.#setup;
    const at = (e: PointerEvent): { x: number; y: number } => {
      const box = this.canvas.getBoundingClientRect();
      return { x: e.clientX - box.left, y: e.clientY - box.top };
    };
    this.#plot.addEventListener("pointermove", (e) => point(at(e), (e.buttons & 1) === 1));
    this.#plot.addEventListener("pointerdown", (e) => {
      if (e.button !== 0) return;
      this.#plot.setPointerCapture(e.pointerId);
      point(at(e), true);
    });
    this.#plot.addEventListener("pointerleave", () => point(null, false));
    this.#plot.addEventListener("keydown", (e) => {
      const asked = cursorMove(e, this.#span);
      if (asked === null) return;
      e.preventDefault();
      move(asked);
    });
  }
}
