/**
 * Per-layer figures: reach, gradient norms, update ratio, saturated and dead shares; weights unfold below their layer.
 */

import { panelWords } from "../../src/messages/panel.ts";
import { reachOf } from "../../src/protocol/history/reach.ts";
import type { RunHistory } from "../../src/protocol/history.ts";
import { needText } from "../../src/protocol/needText.ts";
import type { Quantity } from "../../src/protocol/quantities.ts";
import type { LayerInfo } from "../../src/protocol/run.ts";
import type { Block } from "../charts/scheduler.ts";
import { el, icons, setAttribute, setText } from "../dom.ts";
import { layerGradientNorm, layerHorizon, layerUpdateRatio } from "../state/layerFigures.ts";
import { cursorStep, followsNewest, rowAt, selection } from "../state/selection.ts";
import type { Store, View } from "../state/store.ts";
import { visibleRows } from "../state/zoom.ts";
import type { Palette } from "../theme/palette.ts";
import { LayerRow, layerColumns, type RowFigures } from "./layerRow.ts";
import { StepZoom } from "./stepZoom.ts";

interface LayerRows {
  readonly layer: number;
  readonly name: string;
  readonly row: LayerRow;
  readonly fold: HTMLButtonElement | null;
  readonly weights: readonly { readonly name: string; readonly row: LayerRow }[];
}

/** How a layer is measured that the fused kernels do not run; null: they do. */
function slowerWay(recurrent: LayerInfo["recurrent"]): HTMLElement | null {
  if (!recurrent || recurrent.method === "kernel") return null;
  const { method, reason = panelWords().unsupported } = recurrent;
  const { word, where } = method === "taps" ? panelWords().taps : panelWords().ownCode;
  const title = panelWords().measuredWhere({ where, reason });
  return el("span", { class: "layer-type", title }, word);
}

/** How far a layer's gradient reaches: the figure of lens, hover and tree, or that of the step under the cursor. */
function reachAt(
  view: View,
  history: RunHistory,
  layer: number,
  row: number,
): Pick<RowFigures, "horizon" | "requiredLag" | "reachedAt"> {
  const newest = followsNewest(view) ? reachOf(history, layer) : undefined;
  if (newest) return { horizon: newest.horizon, requiredLag: newest.required, reachedAt: null };
  return {
    horizon: layerHorizon(history, layer)?.[row],
    requiredLag: history.info.requiredLag,
    reachedAt: history.steps[row] ?? null,
  };
}

/** The row at the cursor, and those that the curves show. */
function rowsOf(view: View, history: RunHistory): Pick<RowFigures, "row" | "visible"> {
  return { row: rowAt(history.steps, cursorStep(view)), visible: visibleRows(history.steps, view.ui.zoom) };
}

export class LayersBlock implements Block {
  /** Five times a second: figures that change faster cannot be read. */
  readonly interval = 200;
  readonly element: HTMLElement;
  readonly #body = el("tbody", { role: "rowgroup" });
  readonly #need = el("p", { class: "readout", title: panelWords().needMeaning, hidden: true });
  readonly #store: Store;
  readonly #palette: () => Palette;
  #runId: string | null = null;
  readonly #zoom: StepZoom;
  #model: LayerRow | null = null;
  #rows: LayerRows[] = [];

  constructor(store: Store, palette: () => Palette) {
    this.#store = store;
    this.#palette = palette;
    this.#zoom = new StepZoom(store);
    const head = layerColumns().map((c) => el("th", { role: "columnheader", scope: "col", title: c.meaning }, c.title));
    this.element = el(
      "section",
      { class: "block layers", "aria-labelledby": "layers-title" },
      el(
        "div",
        { class: "block-head" },
        el("h2", { id: "layers-title" }, panelWords().layers),
        this.#need,
        this.#zoom.element,
      ),
      el(
        "table",
        { role: "table", class: "layer-table", "aria-labelledby": "layers-title" },
        el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...head)),
        this.#body,
      ),
    );
    this.#zoom.wheel(this.#body);
  }

  render(view: View): void {
    const parts = this.parts(view);
    while (parts.next().done !== true);
  }

  /** A row at a time: each layer's curves are combined from those of its weights over all steps. */
  *parts(view: View): Generator<void> {
    const { history } = view;
    if (history === null) return;
    // A run of another program may have none.
    this.element.hidden = history.info.layers.length === 0 && history.series("gradientNorm") === undefined;
    if (this.element.hidden) return;
    if (history.info.runId !== this.#runId) this.#build(history);
    const { need } = history;
    this.#need.hidden = need === null;
    setText(this.#need, need === null ? "" : panelWords().needIs(needText(need)));
    this.#zoom.update(view);
    this.#model?.update(
      {
        gradient: history.series("gradientNorm") ?? null,
        clipped: history.series("clippedGradientNorm") ?? null,
        ratio: null,
        ...rowsOf(view, history),
      },
      this.#palette(),
    );
    for (const rows of this.#rows) {
      yield;
      this.#update(view, history, rows);
    }
  }

  #update(view: View, history: RunHistory, { layer, name, row, fold, weights }: LayerRows): void {
    const palette = this.#palette();
    // A later frame of the page may have other steps.
    const shown = rowsOf(view, history);
    row.element.classList.toggle("selected", layer === selection(view)?.layer);
    row.update(
      {
        gradient: layerGradientNorm(history, layer, "weightGradientNorm"),
        clipped: layerGradientNorm(history, layer, "weightClippedGradientNorm"),
        ratio: layerUpdateRatio(history, layer),
        ...shown,
        ...reachAt(view, history, layer, shown.row),
        saturated: history.series("activationSaturated", layer)?.[shown.row],
        dead: history.series("activationDead", layer)?.[shown.row],
      },
      palette,
    );
    const open = view.ui.unfolded.includes(name);
    if (fold !== null) setAttribute(fold, "aria-expanded", String(open));
    for (const weight of weights) {
      weight.row.element.hidden = !open;
      if (!open) continue;
      const series = (quantity: Quantity) => history.series(quantity, layer, weight.name) ?? null;
      weight.row.update(
        {
          gradient: series("weightGradientNorm"),
          clipped: series("weightClippedGradientNorm"),
          ratio: series("weightUpdateRatio"),
          ...shown,
        },
        palette,
      );
    }
  }

  #build(history: RunHistory): void {
    this.#runId = history.info.runId;
    this.#model = new LayerRow(el("span", { class: "layer-name" }, panelWords().allWeights), "model");
    this.#rows = history.info.layers.map((info, layer) => {
      const fold = info.weights.length > 0 ? this.#foldButton(info.name) : null;
      const name =
        info.recurrent === null
          ? el("span", { class: "layer-name" }, info.name)
          : el("button", { type: "button", class: "layer-name link", title: panelWords().showLayer }, info.name);
      if (info.recurrent !== null) name.addEventListener("click", () => this.#store.choose({ layer: info.name }));
      const heading = el(
        "div",
        { class: "layer-heading" },
        fold,
        name,
        info.type === info.name ? null : el("span", { class: "layer-type" }, info.type),
        slowerWay(info.recurrent),
      );
      return {
        layer,
        name: info.name,
        row: new LayerRow(heading, "layer"),
        fold,
        weights: info.weights.map((weight) => ({
          name: weight,
          row: new LayerRow(el("span", { class: "weight-name" }, weight), "weight"),
        })),
      };
    });
    this.#body.replaceChildren(
      ...this.#rows.flatMap((r) => [r.row.element, ...r.weights.map((w) => w.row.element)]),
      this.#model.element,
    );
  }

  #foldButton(name: string): HTMLButtonElement {
    const button = el(
      "button",
      {
        type: "button",
        class: "fold",
        "aria-expanded": "false",
        "aria-label": panelWords().weightsOf(name),
        title: panelWords().showWeights,
      },
      icons.chevron(),
    );
    button.addEventListener("click", () => {
      const { unfolded } = this.#store.view.ui;
      this.#store.choose({
        unfolded: unfolded.includes(name) ? unfolded.filter((n) => n !== name) : [...unfolded, name],
      });
    });
    return button;
  }
}
