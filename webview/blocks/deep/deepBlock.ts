/** The deep probe of one recurrent layer: its subject, its progress and its results. */

import { deepChartWords } from "../../../src/messages/deepCharts.ts";
import { type CheckpointKind, checkpointKinds, type DeepResult } from "../../../src/protocol/deep.ts";
import { formatCount, formatNumber } from "../../../src/protocol/numberText.ts";
import type { DeepView } from "../../../src/protocol/panelMessages.ts";
import { Picker } from "../../charts/pickers.ts";
import type { Block } from "../../charts/scheduler.ts";
import { el, icons, setAttribute, setText } from "../../dom.ts";
import { recurrentLayers } from "../../state/selection.ts";
import type { Store, View } from "../../state/store.ts";
import type { Palette } from "../../theme/palette.ts";
import { CurveChart } from "./curveChart.ts";
import { type DeepCurves, deepCurves, exponentsSetup, productsSetup, singularSetup } from "./deepCurves.ts";
import { FlowChart } from "./flowChart.ts";

const stepChoices: readonly number[] = [0, 10, 100, 1000];
const stepText = (steps: number): string =>
  steps === 0 ? deepChartWords().fresh : deepChartWords().after(formatCount(steps));

/** Which weights were probed; the step is known with the result. */
function checkpointText(kind: CheckpointKind, result: DeepResult | null): string {
  const name = deepChartWords().checkpoint[kind];
  return result === null ? name : deepChartWords().atStep({ checkpoint: name, step: formatCount(result.steps) });
}

export class DeepBlock implements Block {
  readonly interval = 0;
  readonly element: HTMLElement;
  readonly #fold = el("button", { type: "button", class: "fold", "aria-controls": "deep-charts" }, icons.chevron());
  readonly #readout = el("p", { class: "readout" });
  readonly #layers: Picker;
  readonly #steps: Picker;
  readonly #run = el(
    "button",
    { type: "button", class: "tool-button" },
    icons.play(),
    el("span", {}, deepChartWords().deepProbe),
  );
  readonly #stop = el(
    "button",
    { type: "button", class: "tool-button" },
    icons.stop(),
    el("span", {}, deepChartWords().stop),
  );
  readonly #about = el("p", { class: "about" }, deepChartWords().about);
  readonly #stage = el("span", { role: "status" });
  readonly #bar = el("progress", { max: 1, "aria-label": deepChartWords().deepProbe });
  readonly #busy = el("div", { class: "deep-busy" }, this.#bar, this.#stage);
  readonly #failed = el("p", { class: "trouble", role: "alert" });
  readonly #stale = el("p", { class: "stale-note" }, deepChartWords().measuredBefore);
  readonly #charts: HTMLElement;
  readonly #flow: FlowChart;
  readonly #exponents: CurveChart;
  readonly #singular: CurveChart;
  readonly #products: CurveChart;
  #curves: { readonly of: DeepResult; readonly curves: DeepCurves } | null = null;

  constructor(store: Store, palette: () => Palette) {
    this.#layers = new Picker(deepChartWords().layer, deepChartWords().layerMeaning, (layer) =>
      store.choose({ layer }),
    );
    this.#steps = new Picker(deepChartWords().training, deepChartWords().trainingMeaning, (chosen) => {
      const checkpoint = checkpointKinds.find((kind) => kind === chosen) ?? null;
      store.choose({ deepCheckpoint: checkpoint, ...(checkpoint === null && { deepSteps: Number(chosen) }) });
    });
    this.#fold.addEventListener("click", () => store.choose({ deepFolded: !store.view.ui.deepFolded }));
    this.#run.addEventListener("click", () => {
      store.choose({ deepFolded: false });
      const layer = this.#layers.element.value;
      const kind = checkpointOf(store.view);
      if (kind === null) store.send({ type: "deepProbe", layer, steps: store.view.ui.deepSteps });
      else store.send({ type: "deepProbeCheckpoint", layer, kind });
    });
    this.#stop.addEventListener("click", () => store.send({ type: "stopDeepProbe" }));
    this.#flow = new FlowChart(store, palette);
    this.#exponents = new CurveChart(store, palette, exponentsSetup());
    this.#singular = new CurveChart(store, palette, singularSetup());
    this.#products = new CurveChart(store, palette, productsSetup());
    this.#charts = el(
      "div",
      { class: "deep-charts", id: "deep-charts" },
      this.#flow.element,
      this.#exponents.element,
      this.#singular.element,
      this.#products.element,
    );
    this.element = el(
      "section",
      { class: "block deep", "aria-labelledby": "deep-title" },
      el(
        "div",
        { class: "block-head" },
        el("div", { class: "deep-title" }, this.#fold, el("h2", { id: "deep-title" }, deepChartWords().deepProbe)),
        this.#readout,
        el("div", { class: "tools" }, this.#layers.element, this.#steps.element, this.#run, this.#stop),
      ),
      this.#about,
      this.#busy,
      this.#failed,
      this.#stale,
      this.#charts,
    );
  }

  render(view: View): void {
    const deep = ownDeep(view);
    const names = layerNames(view);
    this.element.hidden = view.link !== "live" || view.viewer || (deep === null && names.length === 0);
    if (this.element.hidden) return;
    const state = deep?.state ?? null;
    const result = state?.kind === "done" ? state.result : null;
    const folded = view.ui.deepFolded;

    this.#fold.hidden = result === null;
    setAttribute(this.#fold, "aria-expanded", String(!folded));
    setAttribute(this.#fold, "aria-label", folded ? deepChartWords().show : deepChartWords().hide);
    setText(this.#readout, deep === null ? "" : readout(deep, result));
    const chosen = names.includes(view.ui.layer ?? "") ? view.ui.layer : (deep?.layer ?? names[0]);
    this.#layers.update(
      names.map((name) => ({ value: name, text: name })),
      names.includes(chosen ?? "") ? (chosen ?? "") : (names[0] ?? ""),
    );
    const steps = [...new Set([...stepChoices, view.ui.deepSteps])].sort((a, b) => a - b);
    this.#steps.update(
      [
        ...(view.run?.checkpoints ?? []).map((kind) => ({ value: kind, text: deepChartWords().checkpoint[kind] })),
        ...steps.map((n) => ({ value: String(n), text: stepText(n) })),
      ],
      checkpointOf(view) ?? String(view.ui.deepSteps),
    );
    const busy = state?.kind === "busy";
    this.#run.hidden = busy || names.length === 0;
    this.#run.disabled = !view.trusted;
    this.#steps.element.hidden = this.#run.hidden;
    this.#stop.hidden = !busy;
    this.#about.hidden = state !== null;
    this.#busy.hidden = !busy;
    if (busy) {
      setText(this.#stage, state.stage);
      this.#bar.value = state.share;
    }
    this.#failed.hidden = state?.kind !== "failed";
    setText(this.#failed, state?.kind === "failed" ? state.message : "");
    this.#stale.hidden = deep?.stale !== true;
    this.#charts.hidden = result === null || folded;
    if (result === null || folded) return;
    if (this.#curves?.of !== result) this.#curves = { of: result, curves: deepCurves(result) };
    const { exponents, singular, products } = this.#curves.curves;
    this.#flow.render(view, result);
    this.#exponents.render(view, exponents, result.readings.exponents);
    this.#singular.render(view, singular, result.readings.matrices);
    this.#products.render(view, products, result.readings.products);
  }
}

/** The chosen checkpoint, if the displayed run keeps it. */
function checkpointOf({ run, ui }: View): CheckpointKind | null {
  return run?.checkpoints.find((kind) => kind === ui.deepCheckpoint) ?? null;
}

/** The newest deep probe, if its model is on display or nothing is. */
function ownDeep({ deep, run }: View): DeepView | null {
  if (deep === null || run === null) return deep;
  return deep.config === run.config && deep.model === run.model ? deep : null;
}

function layerNames({ history, run }: View): readonly string[] {
  if (history === null || run === null || history.info.model !== run.model) return [];
  return recurrentLayers(history).map((i) => history.info.layers[i]?.name ?? "");
}

function readout({ model, layer, steps, checkpoint }: DeepView, result: DeepResult | null): string {
  const name = result?.layer ?? layer;
  const trained = checkpoint === null ? stepText(steps) : checkpointText(checkpoint, result);
  const parts = [name === null ? model : `${model} / ${name}`, trained];
  if (result) {
    const { sequences, milliseconds, timesteps } = result;
    parts.push(deepChartWords().timesteps(formatCount(timesteps)), deepChartWords().sequences(sequences));
    parts.push(deepChartWords().seconds(formatNumber(milliseconds / 1000)));
  }
  return parts.join(" · ");
}
