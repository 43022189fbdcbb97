/** The loss over the steps, with the loss of the best constant predictor. */

import { chartWords } from "../../src/messages/charts.ts";
import { panelWords } from "../../src/messages/panel.ts";
import type { RunHistory } from "../../src/protocol/history.ts";
import { formatCount, formatNumber } from "../../src/protocol/numberText.ts";
import { type ChartTable, mostTableRows, spread } from "../a11y/dataTable.ts";
import { comparedLines } from "../charts/comparedLines.ts";
import { cross, dot, label, levelLine } from "../charts/marks.ts";
import { alone, minMax, type Point } from "../charts/minMax.ts";
import { Plot, stepRange } from "../charts/plot.ts";
import { type Block, chartInterval } from "../charts/scheduler.ts";
import { smooth } from "../charts/smooth.ts";
import { moveStep, pinStep } from "../state/moveCursor.ts";
import { cursorStep, rowAt } from "../state/selection.ts";
import type { Store, View } from "../state/store.ts";
import { visibleRows, type Zoom } from "../state/zoom.ts";
import { linearTick, logTick } from "../text/axisText.ts";
import type { Palette } from "../theme/palette.ts";
import { ChartFrame } from "./chartFrame.ts";
import { ComparedKeys, comparedName } from "./comparedKeys.ts";
import { LossKeys, rawColour } from "./lossKeys.ts";
import { LossTools } from "./lossTools.ts";
import { StepZoom } from "./stepZoom.ts";

/** Ratio of the largest to the smallest loss above which the axis is logarithmic. */
const logarithmicFrom = 50;

const empty = new Float64Array(0);

interface LossCurve {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

export class LossBlock implements Block {
  readonly interval = chartInterval;
  readonly element: HTMLElement;
  readonly #frame: ChartFrame;
  readonly #plot: Plot;
  readonly #store: Store;
  readonly #palette: () => Palette;
  readonly #keys = new ComparedKeys();
  readonly #lossKeys = new LossKeys();
  #nonFinite: number[] = [];
  /** The points without neighbours, of each curve. */
  #single: readonly (readonly Point[])[] = [];
  #tests: readonly Point[] = [];
  #logarithmic = false;
  #last = 0;
  readonly #tools: LossTools;
  readonly #zoom: StepZoom;

  constructor(store: Store, palette: () => Palette) {
    this.#store = store;
    this.#palette = palette;
    this.#frame = new ChartFrame({
      name: "loss",
      title: chartWords().loss,
      meaning: chartWords().lossMeaning,
      store,
      palette,
      move: (move) => {
        if ("axis" in move && move.axis === "y") moveStep(store, { axis: "x", by: move.by });
        else moveStep(store, move);
      },
      point: (at, pin) => this.#point(at, pin),
      table: () => this.#table(),
    });
    this.#frame.foot.append(this.#keys.element, this.#lossKeys.element);
    this.#tools = new LossTools(store);
    this.#zoom = new StepZoom(store);
    this.#frame.tools.append(this.#zoom.element, ...this.#tools.elements);
    this.element = this.#frame.element;
    this.#plot = new Plot(this.#frame.canvas, {
      x: { title: chartWords().step, label: (v) => (Number.isInteger(v) ? formatCount(v) : ""), whole: true },
      y: {
        title: chartWords().lossAxis,
        label: (v) => (this.#logarithmic ? logTick(v) : linearTick(v)),
      },
      lines: [
        { colour: (p) => p.series, width: 1.5 },
        ...comparedLines,
        { colour: (p) => p.foreground, width: 1.5 },
        // The loss as it is, behind its average.
        { colour: rawColour, width: 1 },
      ],
      paddingTop: 8,
      plugins: [{ id: "over", afterDatasetsDraw: () => this.#drawOver() }],
    });
    this.#zoom.listen(
      this.#frame.canvas,
      () => this.#whole(),
      (x) => this.#plot.at(x, 0).x,
    );
  }

  render(view: View): void {
    const { history } = view;
    if (history === null) return;
    this.#read(view, history);
    this.#tools.update(view);
    this.#zoom.update(view);
    const series = history.series("loss");
    if (!this.#frame.drawsChart || series === undefined) return;
    this.#keys.update(view, this.#palette());
    const others = view.compared.flatMap(({ history: h }) => [{ steps: h.steps, values: h.series("loss") ?? empty }]);
    const curves = [{ steps: history.steps, values: series }, ...others];
    this.#draw(curves, history.series("testLoss"), history.info.baselineLoss);
    this.#lossKeys.update(view, this.#palette(), this.#nonFinite.length > 0);
  }

  follow(view: View): void {
    if (view.history === null) return;
    this.#read(view, view.history);
    this.#placeCursor();
  }

  /** Shows the losses at the cursor. */
  #read(view: View, history: RunHistory): void {
    const series = history.series("loss");
    const step = cursorStep(view);
    const row = rowAt(history.steps, step);
    const value = series?.[row];
    const baseline = history.info.baselineLoss;
    const tested = history.series("testLoss");
    const testLoss = tested?.slice(0, row + 1).findLast((v) => !Number.isNaN(v));
    const test = testLoss === undefined ? null : formatNumber(testLoss);
    const shown = value === undefined ? panelWords().noStepYet : formatNumber(value);
    const level = baseline === null ? null : formatNumber(baseline);
    // The loss of one step; the code lens and the comparison show a mean of the newest.
    const text = value === undefined ? shown : chartWords().stepIs({ step: formatCount(step), value: shown });
    this.#frame.readout = chartWords().lossReadout({ text, test, baseline: value === undefined ? null : level });
    this.#frame.update(view, {
      now: step,
      min: history.steps[0] ?? 0,
      max: history.lastStep,
      text: chartWords().lossSpoken({ step: formatCount(step), loss: shown, test, baseline: level }),
    });
  }

  /**
   * @param curves the selected run's, then those of the runs it is compared with
   * @param tested the selected run's test loss
   */
  #draw(curves: readonly LossCurve[], tested: Float64Array | undefined, baseline: number | null): void {
    const width = this.#plot.area === null ? 300 : this.#plot.area.right - this.#plot.area.left;
    const buckets = Math.max(50, Math.round(width));
    const { zoom, smoothing, lossScale } = this.#store.view.ui;
    const visible = curves.map(({ steps, values }) => {
      const rows = visibleRows(steps, zoom);
      return { steps: steps.subarray(...rows), values: smooth(values, smoothing).subarray(...rows) };
    });
    const thinned = visible.map(({ steps, values }) => minMax(steps, values, buckets));
    const raw = smoothing > 0 && curves[0] ? this.#raw(curves[0], zoom, buckets) : [];
    let low = baseline ?? Number.POSITIVE_INFINITY;
    let high = baseline ?? Number.NEGATIVE_INFINITY;
    const tests = (tested === undefined ? [] : testPoints(curves[0]?.steps ?? empty, tested, width)).filter(
      ({ x }) => zoom === null || (x >= zoom.from && x <= zoom.to),
    );
    const all = [...thinned.map((t) => t.points), tests, raw];
    if (lossScale === "log") for (const points of all) for (const p of points) if (!(p.y > 0)) p.y = Number.NaN;
    for (const points of all)
      for (const p of points) {
        if (p.y < low) low = p.y;
        if (p.y > high) high = p.y;
      }
    this.#logarithmic = low > 0 && lossScale !== "linear" && (lossScale === "log" || high / low > logarithmicFrom);
    if (this.#logarithmic) {
      for (const points of all) for (const p of points) p.y = Math.log10(p.y);
      [low, high] = [Math.log10(low), Math.log10(high)];
    }
    if (low > high) [low, high] = [0, 1];
    const pad = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
    this.#plot.setRange("y", !this.#logarithmic && low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad);
    const last = Math.max(...curves.map(({ steps }) => steps[steps.length - 1] ?? 0));
    this.#last = last;
    if (zoom === null) this.#plot.setRange("x", ...stepRange(curves[0]?.steps ?? empty, last));
    else this.#plot.setRange("x", zoom.from, zoom.to);
    const failed = tested
      ? (curves[0]?.steps ?? empty).filter((_, i) => tested[i] === Number.POSITIVE_INFINITY)
      : empty;
    const within = (step: number): boolean => zoom === null || (step >= zoom.from && step <= zoom.to);
    this.#nonFinite = [...(thinned[0]?.nonFinite ?? []), ...failed].filter(within);
    // A single point between gaps makes no line.
    this.#single = thinned.map(({ points }) => alone(points));
    this.#tests = tests;
    this.#plot.setTitle("y", this.#logarithmic ? chartWords().logLossAxis : chartWords().lossAxis);
    const lines = [...thinned.map((t) => t.points), ...comparedLines.map((): Point[] => [])];
    this.#plot.draw([...lines.slice(0, 1 + comparedLines.length), tests, raw], this.#palette());
  }

  /** The points of the loss as it is. */
  #raw({ steps, values }: LossCurve, zoom: Zoom | null, buckets: number): Point[] {
    const rows = visibleRows(steps, zoom);
    return minMax(steps.subarray(...rows), values.subarray(...rows), buckets).points;
  }

  #whole(): Zoom {
    const [from, to] = stepRange(this.#store.view.history?.steps ?? empty, this.#last);
    return { from, to };
  }

  #drawOver(): void {
    const { view } = this.#store;
    const { ctx, area } = this.#plot;
    if (view.history === null || area === null) return;
    const palette = this.#palette();
    const baseline = view.history.info.baselineLoss;
    if (baseline !== null) {
      const at = this.#plot.yOf(this.#logarithmic ? Math.log10(baseline) : baseline);
      levelLine(ctx, area, at, palette);
      label(
        ctx,
        chartWords().baseline,
        area.right - 4,
        at > area.top + 18 ? at - 9 : at + 9,
        "right",
        palette,
        palette.muted,
      );
    }
    const colours = [palette.series, ...palette.compared];
    for (const [i, points] of this.#single.entries())
      for (const p of points) dot(ctx, this.#plot.xOf(p.x), this.#plot.yOf(p.y), colours[i] ?? palette.foreground);
    for (const p of this.#tests) dot(ctx, this.#plot.xOf(p.x), this.#plot.yOf(p.y), palette.foreground);
    for (const step of this.#nonFinite) cross(ctx, this.#plot.xOf(step), area.top + 5, palette.error);
    this.#placeCursor();
  }

  #placeCursor(): void {
    const { area } = this.#plot;
    if (area !== null) this.#frame.placeCursor({ area, x: this.#plot.xOf(cursorStep(this.#store.view)), mark: null });
  }

  #point(at: { x: number; y: number } | null, pin: boolean): void {
    if (at === null) {
      this.#store.point(null);
      return;
    }
    const step = Math.round(this.#plot.at(at.x, at.y).x);
    if (pin) this.#store.choose({ step: pinStep(this.#store, step) });
    this.#store.point({ step: Math.max(1, step), timestep: null });
  }

  #table(): ChartTable {
    const { history } = this.#store.view;
    const series = history?.series("loss");
    if (history == null || series === undefined)
      return { caption: chartWords().loss, columns: [chartWords().step, chartWords().lossAxis], rows: [] };
    const indices = spread(history.steps.length, mostTableRows).reverse();
    const caption =
      indices.length < history.steps.length
        ? chartWords().lossTableThinned({ shown: indices.length, all: formatCount(history.steps.length) })
        : chartWords().lossTable;
    const { view } = this.#store;
    const others = view.compared.map(({ history: h }) => (step: number) => {
      const row = h.lastStep < step ? -1 : rowAt(h.steps, step);
      const value = h.series("loss")?.[row];
      return value === undefined ? "–" : formatNumber(value);
    });
    const tested = history.series("testLoss");
    // Shows the row's own test loss, or that of a skipped row before it.
    const test = (i: number, before: number): string[] => {
      const value = tested?.slice(before + 1, i + 1).findLast((v) => !Number.isNaN(v));
      return tested === undefined ? [] : [value === undefined ? "" : formatNumber(value)];
    };
    return {
      caption,
      columns: [
        chartWords().step,
        chartWords().lossAxis,
        ...(tested ? [chartWords().testLoss] : []),
        ...view.compared.map((c) => comparedName(view, c.runId)),
      ],
      rows: indices.map((i, k) => {
        const step = history.steps[i]!;
        return [
          formatCount(step),
          formatNumber(series[i]!),
          ...test(i, indices[k + 1] ?? -1),
          ...others.map((of) => of(step)),
        ];
      }),
    };
  }
}

/** The tested steps, without gaps between them. */
function testPoints(steps: Float64Array, tested: Float64Array, width: number): Point[] {
  const rows = [...tested.keys()].filter((i) => Number.isFinite(tested[i]));
  const pick = (values: Float64Array) => Float64Array.from(rows, (i) => values[i]!);
  return minMax(pick(steps), pick(tested), Math.max(10, Math.round(width / 10))).points;
}
