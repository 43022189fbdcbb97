/** The legend of compared runs below a chart. */

import { listWords } from "../../src/messages/lists.ts";
import { comparedLines } from "../charts/comparedLines.ts";
import { el } from "../dom.ts";
import type { View } from "../state/store.ts";
import { runTitle } from "../text/runWords.ts";
import type { Palette } from "../theme/palette.ts";

/** A sample of the curve, as the chart draws it. @param point whether its points are marked */
export function swatch(colour: string, dash: readonly number[], point = false): SVGSVGElement {
  return picture(point ? "M0 4h24M10 4a2 2 0 1 1 4 0a2 2 0 1 1 -4 0" : "M0 4h24", {
    fill: point ? colour : "none",
    stroke: colour,
    "stroke-dasharray": dash.join(" "),
  });
}

/** A sample of the cross that marks a step without a finite value. */
export function crossSwatch(colour: string): SVGSVGElement {
  return picture("M9 1l6 6M15 1l-6 6", { fill: "none", stroke: colour });
}

/** A sample of the tick at the axis that marks a value of zero on a logarithmic scale. */
export function tickSwatch(colour: string): SVGSVGElement {
  return picture("M9 4v4M12 4v4M15 4v4", { fill: "none", stroke: colour, "stroke-width": "1" });
}

function picture(d: string, look: { readonly [attribute: string]: string }): SVGSVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  const line = document.createElementNS(ns, "path");
  const frame = { width: 24, height: 8, viewBox: "0 0 24 8", "aria-hidden": "true", class: "curve" };
  for (const [name, value] of Object.entries(frame)) svg.setAttribute(name, String(value));
  for (const [name, value] of Object.entries({ d, "stroke-width": 2, ...look })) line.setAttribute(name, String(value));
  svg.append(line);
  return svg;
}

/** The shortest name that distinguishes a compared run from the others. */
export function comparedName(view: View, runId: string): string {
  const run = view.runs.find((r) => r.runId === runId);
  if (run === undefined) return runId;
  const shown = view.runs.filter((r) => r.runId === view.run?.runId || view.compared.some((c) => c.runId === r.runId));
  return shown.filter((r) => r.model === run.model).length > 1
    ? listWords().aside({ text: runTitle(run), aside: run.runId })
    : run.model;
}

export class ComparedKeys {
  readonly element = el("div", { class: "keys compared-keys", hidden: true });
  #shown = "";

  update(view: View, palette: Palette): void {
    const { compared, run } = view;
    this.element.hidden = compared.length === 0 || run === null;
    const key = [palette.series, ...palette.compared, run?.runId, ...compared.map((c) => c.runId)].join("\n");
    if (key === this.#shown || run === null) return;
    this.#shown = key;
    this.element.replaceChildren(
      el("span", { class: "key" }, swatch(palette.series, []), comparedName(view, run.runId)),
      ...compared.map((c, i) => {
        const line = comparedLines[i];
        return el(
          "span",
          { class: "key" },
          line === undefined ? null : swatch(line.colour(palette), line.dash ?? []),
          comparedName(view, c.runId),
        );
      }),
    );
  }
}
