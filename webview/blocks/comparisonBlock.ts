/** The figures of the compared runs beside those of the selected one, with the differences. */

import { panelWords } from "../../src/messages/panel.ts";
import type { FigureName, RunFigures } from "../../src/protocol/figures.ts";
import { formatCount, formatDecades, formatGain, formatNumber } from "../../src/protocol/numberText.ts";
import { comparedLines } from "../charts/comparedLines.ts";
import type { Block } from "../charts/scheduler.ts";
import { el, setText } from "../dom.ts";
import type { View } from "../state/store.ts";
import type { Palette } from "../theme/palette.ts";
import { comparedName, swatch } from "./comparedKeys.ts";

interface Row {
  readonly name: keyof ReturnType<typeof panelWords>["compared"];
  text(figures: RunFigures): string;
  /** The figure; its row is left out if no run has it. */
  readonly of?: FigureName;
  /** Change from another run to the selected one; empty if it says nothing. */
  change(from: RunFigures, to: RunFigures): string;
}

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
    text: (f) => formatNumber(f.loss),
    change: (a, b) => ratio(a.loss, b.loss),
  },
  {
    name: "bestLoss",
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
    text: (f) => known(f.baselineLoss, formatNumber),
    change: () => "",
  },
  {
    name: "reach",
    text: (f) =>
      Number.isNaN(f.horizon)
        ? "–"
        : panelWords().reaches({ horizon: formatCount(f.horizon), lag: formatCount(f.requiredLag) }),
    change: (a, b) => difference(a.horizon, b.horizon, formatCount),
  },
  {
    name: "decades",
    text: (f) => known(f.decades, formatDecades),
    change: (a, b) => difference(a.decades, b.decades, (d) => d.toFixed(1)),
  },
  {
    name: "gain",
    text: (f) => known(f.gain, formatGain),
    change: () => "",
  },
  {
    name: "largest",
    text: (f) => formatNumber(f.largestGradientNorm),
    change: (a, b) => ratio(a.largestGradientNorm, b.largestGradientNorm),
  },
  {
    name: "findings",
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
    const { compared, figures, run } = view;
    this.element.hidden = compared.length === 0 || figures === null || run === null;
    if (figures === null || run === null || compared.length === 0) return;
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
    const all = [figures, ...compared.map((c) => c.figures)];
    const shown = rows.filter(({ of }) => of === undefined || all.some((f) => !Number.isNaN(f[of])));
    const body = shown.map((row) =>
      el(
        "tr",
        {},
        el(
          "th",
          { scope: "row", title: panelWords().compared[row.name].meaning },
          panelWords().compared[row.name].title,
        ),
        el("td", {}, row.text(figures)),
        ...compared.map((c) => {
          const change = row.change(c.figures, figures);
          const title = panelWords().change({ from: comparedName(view, c.runId), to: comparedName(view, run.runId) });
          return el(
            "td",
            {},
            row.text(c.figures),
            change === "" ? null : el("span", { class: "change", title }, change),
          );
        }),
      ),
    );
    this.#table.replaceChildren(el("thead", {}, head), el("tbody", {}, ...body), configRows(compared));
  }
}
