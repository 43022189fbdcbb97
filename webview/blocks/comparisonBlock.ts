/** The figures of the compared runs beside those of the selected one, with the differences. */

import { panelWords } from "../../src/messages/panel.ts";
import type { FigureName, RunFigures } from "../../src/protocol/figures.ts";
import type { RunHistory } from "../../src/protocol/history.ts";
import { formatCount, formatDecades, formatGain, formatNumber } from "../../src/protocol/numberText.ts";
import type { Quantity } from "../../src/protocol/quantities.ts";
import { comparedLines } from "../charts/comparedLines.ts";
import type { Block } from "../charts/scheduler.ts";
import { el, setText } from "../dom.ts";
import { metricsOf } from "../state/metrics.ts";
import type { View } from "../state/store.ts";
import type { Palette } from "../theme/palette.ts";
import { comparedName, swatch } from "./comparedKeys.ts";

interface Row {
  readonly name: keyof ReturnType<typeof panelWords>["compared"];
  text(figures: RunFigures): string;
  /** The figure; its row is left out if no run has it. */
  readonly of?: FigureName;
  /** Whether a run measures it. Default: it does. */
  measures?(history: RunHistory): boolean;
  /** Change from another run to the selected one; empty if it says nothing. */
  change(from: RunFigures, to: RunFigures): string;
}

const has =
  (quantity: Quantity) =>
  (history: RunHistory): boolean =>
    history.series(quantity) !== undefined;
const known = (value: number, format: (value: number) => string): string => (Number.isNaN(value) ? "–" : format(value));
const ratio = (from: number, to: number): string =>
  Number.isFinite(to / from) && to !== from ? formatGain(to / from) : "";
const difference = (from: number, to: number, format: (value: number) => string): string =>
  Number.isNaN(to - from) || to === from ? "" : `${to > from ? "+" : "−"}${format(Math.abs(to - from))}`;

const rows: readonly Row[] = [
  {
    name: "steps",
    text: (f) => formatCount(f.steps),
    change: (a, b) => difference(a.steps, b.steps, formatCount),
  },
  {
    name: "loss",
    measures: has("loss"),
    text: (f) => formatNumber(f.loss),
    change: (a, b) => ratio(a.loss, b.loss),
  },
  {
    name: "bestLoss",
    measures: has("loss"),
    text: (f) => known(f.bestLoss, formatNumber),
    change: (a, b) => ratio(a.bestLoss, b.bestLoss),
  },
  {
    name: "testLoss",
    of: "testLoss",
    text: (f) => known(f.testLoss, formatNumber),
    change: (a, b) => ratio(a.testLoss, b.testLoss),
  },
  {
    name: "baseline",
    of: "baselineLoss",
    text: (f) => known(f.baselineLoss, formatNumber),
    change: () => "",
  },
  {
    name: "reach",
    of: "horizon",
    text: (f) =>
      Number.isNaN(f.horizon)
        ? "–"
        : panelWords().reaches({ horizon: formatCount(f.horizon), lag: formatCount(f.requiredLag) }),
    change: (a, b) => difference(a.horizon, b.horizon, formatCount),
  },
  {
    name: "decades",
    of: "decades",
    text: (f) => known(f.decades, formatDecades),
    change: (a, b) => difference(a.decades, b.decades, (d) => d.toFixed(1)),
  },
  {
    name: "gain",
    of: "gain",
    text: (f) => known(f.gain, formatGain),
    change: () => "",
  },
  {
    name: "largest",
    measures: has("gradientNorm"),
    text: (f) => formatNumber(f.largestGradientNorm),
    change: (a, b) => ratio(a.largestGradientNorm, b.largestGradientNorm),
  },
  {
    name: "findings",
    // A run without a described layer was not judged.
    measures: ({ info }) => info.layers.length > 0,
    text: ({ errors, warnings }) => (errors + warnings === 0 ? panelWords().none : formatCount(errors + warnings)),
    change: (a, b) => difference(a.errors + a.warnings, b.errors + b.warnings, formatCount),
  },
];

/** A row for each value of the config that is not the same in all runs. */
function configRows(compared: View["compared"]): HTMLElement {
  const keys = [...new Set(compared.flatMap(({ differences }) => differences.map(({ key }) => key)))];
  const of = (key: string) => compared.map(({ differences }) => differences.find((d) => d.key === key));
  // Not all differences are known of a run that has many.
  const others = compared.map(({ differences }) => (differences.at(-1)?.there === "…" ? "…" : null));
  return el(
    "tbody",
    { class: "config-keys" },
    ...keys.map((key) => {
      const found = of(key);
      const here = found.find((d) => d !== undefined)?.here ?? "";
      const values = [here, ...found.map((d, i) => d?.there ?? others[i] ?? here)];
      const head = el("th", { scope: "row", title: panelWords().setInConfig }, key);
      return el("tr", {}, head, ...values.map((value) => el("td", {}, value)));
    }),
  );
}

export class ComparisonBlock implements Block {
  readonly interval = 500;
  readonly element: HTMLElement;
  readonly #table = el("table", { class: "comparison-table", "aria-labelledby": "comparison-title" });
  readonly #readout = el("p", { class: "readout" });
  readonly #palette: () => Palette;

  constructor(palette: () => Palette) {
    this.#palette = palette;
    this.element = el(
      "section",
      { class: "block comparison", "aria-labelledby": "comparison-title", hidden: true },
      el("div", { class: "block-head" }, el("h2", { id: "comparison-title" }, panelWords().comparison), this.#readout),
      this.#table,
    );
  }

  render(view: View): void {
    const { compared, figures, run, history } = view;
    this.element.hidden = compared.length === 0 || figures === null || run === null;
    if (figures === null || run === null || history === null || compared.length === 0) return;
    const palette = this.#palette();
    setText(this.#readout, panelWords().changeTo(comparedName(view, run.runId)));
    const head = el(
      "tr",
      {},
      el("td", {}),
      el("th", { scope: "col" }, swatch(palette.series, []), el("span", {}, comparedName(view, run.runId))),
      ...compared.map((c, i) => {
        const line = comparedLines[i];
        const picture = line === undefined ? null : swatch(line.colour(palette), line.dash ?? []);
        return el("th", { scope: "col" }, picture, el("span", {}, comparedName(view, c.runId)));
      }),
    );
    const lines = [
      ...figureLines(history, figures, compared),
      ...metricLines([history, ...compared.map((c) => c.history)]),
    ];
    const body = lines.map(({ title, meaning, values, changes }) =>
      el(
        "tr",
        {},
        el("th", { scope: "row", title: meaning }, title),
        ...values.map((value, i) => {
          const change = i === 0 ? "" : (changes[i - 1] ?? "");
          const from = compared[i - 1]?.runId ?? "";
          const words = panelWords().change({ from: comparedName(view, from), to: comparedName(view, run.runId) });
          return el("td", {}, value, change === "" ? null : el("span", { class: "change", title: words }, change));
        }),
      ),
    );
    this.#table.replaceChildren(el("thead", {}, head), el("tbody", {}, ...body), configRows(compared));
  }
}

/** A row of the table: the selected run's value and those of the others, and the changes from each of these. */
interface Line {
  readonly title: string;
  readonly meaning: string;
  readonly values: readonly string[];
  readonly changes: readonly string[];
}

function figureLines(history: RunHistory, figures: RunFigures, compared: View["compared"]): readonly Line[] {
  const all = [{ history, figures }, ...compared];
  return rows.flatMap((row): readonly Line[] => {
    const measures = (h: RunHistory): boolean => row.measures?.(h) ?? true;
    const { of } = row;
    if (!all.some((one) => measures(one.history) && (of === undefined || !Number.isNaN(one.figures[of])))) return [];
    const both = (h: RunHistory): boolean => measures(history) && measures(h);
    return [
      {
        ...panelWords().compared[row.name],
        values: all.map((one) => (measures(one.history) ? row.text(one.figures) : "–")),
        changes: compared.map((one) => (both(one.history) ? row.change(one.figures, figures) : "")),
      },
    ];
  });
}

/** The newest values of further scalars that at least two of the runs have. @param histories of the selected run first */
function metricLines(histories: readonly RunHistory[]): readonly Line[] {
  const newest = histories.map(
    (history) => new Map(metricsOf(history).map(({ name, values }) => [name, values.at(-1) ?? Number.NaN])),
  );
  const names = new Set(newest.flatMap((values) => [...values.keys()]));
  return [...names].flatMap((name): readonly Line[] => {
    const values = newest.map((one) => one.get(name));
    if (values.filter((value) => value !== undefined).length < 2) return [];
    const here = values[0];
    return [
      {
        title: name,
        meaning: panelWords().newestValue,
        values: values.map((value) => (value === undefined ? "–" : formatNumber(value))),
        changes: values.slice(1).map((value) => (here === undefined || value === undefined ? "" : ratio(value, here))),
      },
    ];
  });
}
