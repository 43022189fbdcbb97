import { describe, expect, it } from "vitest";
import { binMap, finiteRange, visibleMap } from "../../../webview/charts/heatGrid.ts";
import { alone, minMax } from "../../../webview/charts/minMax.ts";
import { smooth } from "../../../webview/charts/smooth.ts";
import { columnAt } from "../../../webview/state/columnAt.ts";
import { panned, visibleRows, zoomed } from "../../../webview/state/zoom.ts";

const identity = (v: number): number => v;

describe("thinning a series", () => {
  it("keeps a spike of one step among ten thousand", () => {
    const x = Float64Array.from({ length: 10_000 }, (_, i) => i + 1);
    const y = new Float64Array(10_000).fill(1);
    y[7321] = 50;
    y[7322] = -50;
    const { points } = minMax(x, y, 300);
    expect(points.length).toBeLessThanOrEqual(602);
    expect(points.filter((p) => p.y === 50 || p.y === -50)).toEqual([
      { x: 7322, y: 50 },
      { x: 7323, y: -50 },
    ]);
    expect(points.every((p, i) => i === 0 || p.x >= points[i - 1]!.x)).toBe(true);
  });

  it("names the points that no line can show because their neighbours are not finite", () => {
    const { points } = minMax(Float64Array.of(1, 2, 3, 4, 5), Float64Array.of(7, NaN, 1, 2, NaN), 10);
    expect(alone(points)).toEqual([{ x: 1, y: 7 }]);
  });

  it("breaks the line at non-finite values, and reports their places", () => {
    const y = Float64Array.of(1, Number.NaN, 2, Number.POSITIVE_INFINITY);
    const { points, nonFinite } = minMax(Float64Array.of(1, 2, 3, 4), y, 10);
    expect(nonFinite).toEqual([2, 4]);
    expect(points.map((p) => p.y)).toEqual([1, Number.NaN, 2, Number.NaN]);
  });
});

describe("smoothing a series", () => {
  it("keeps a constant, follows a slope with a lag, and leaves what is not finite", () => {
    expect([...smooth(new Float64Array(5).fill(3), 0.9)].map((v) => v.toFixed(9))).toEqual(
      Array(5).fill("3.000000000"),
    );
    // Two values: 0.6 · 0.4 · 1 + 0.4 · 2, over 1 − 0.6².
    expect(smooth(Float64Array.of(1, 2), 0.6)[1]).toBeCloseTo(1.04 / 0.64, 12);
    expect([...smooth(Float64Array.of(1, Number.NaN, 1), 0.6)].map((v) => v.toFixed(6))).toEqual([
      "1.000000",
      "NaN",
      "1.000000",
    ]);
    const raw = Float64Array.of(1, 5, 2);
    expect(smooth(raw, 0)).toBe(raw);
  });
});

describe("zooming into the steps", () => {
  const whole = { from: 0.5, to: 1000.5 };

  it("keeps the step under the pointer in its place, and ends at the whole", () => {
    const near = zoomed(whole, whole, 250.5, 0.5)!;
    expect(near).toEqual({ from: 125.5, to: 625.5 });
    expect(zoomed(near, whole, 250.5, 0.5)).toEqual({ from: 188, to: 438 });
    expect(zoomed(near, whole, 250.5, 2)).toBeNull();
    const nearest = zoomed(whole, whole, 500, 1e-9)!;
    expect(nearest.to - nearest.from).toBe(8);
  });

  it("moves no further than to an end", () => {
    expect(panned({ from: 100, to: 200 }, whole, -500)).toEqual({ from: 0.5, to: 100.5 });
    expect(panned({ from: 100, to: 200 }, whole, 5000)).toEqual({ from: 900.5, to: 1000.5 });
  });

  it("leaves of a heat map the columns of the visible steps, and one more at each end", () => {
    const steps = Float64Array.of(1, 3, 5, 7, 9);
    const values = Float64Array.from({ length: 10 }, (_, i) => i);
    const map = { columns: 5, timesteps: 2, firstSteps: steps, lastSteps: steps.map((s) => s + 1), values };
    expect(visibleMap(map, null)).toBe(map);
    const part = visibleMap(map, { from: 4.5, to: 6 });
    expect([part.columns, ...part.firstSteps]).toEqual([3, 3, 5, 7]);
    expect([...part.values]).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it("draws one row beyond each end, so that the line reaches the edge", () => {
    const steps = Float64Array.of(1, 2, 4, 8, 16, 32);
    expect(visibleRows(steps, { from: 3, to: 9 })).toEqual([1, 5]);
    expect(visibleRows(steps, { from: 40, to: 50 })).toEqual([5, 6]);
    expect(visibleRows(steps, null)).toEqual([0, 6]);
  });
});

describe("the heat map's cells", () => {
  const map = {
    timesteps: 2,
    columns: 4,
    firstSteps: Float64Array.of(1, 3, 5, 7),
    lastSteps: Float64Array.of(2, 4, 6, 7),
    values: Float64Array.of(1, -9, 5, -8, Number.NaN, -7, 2, Number.POSITIVE_INFINITY),
  };

  it("are binned by the worst value, never by the mean", () => {
    const grid = binMap(map, 2, 10, identity);
    expect([...grid.cells]).toEqual([5, -8, Number.NaN, Number.POSITIVE_INFINITY]);
    expect([...grid.firstSteps]).toEqual([1, 5]);
    expect([...grid.lastSteps]).toEqual([4, 7]);
  });

  it("bin timesteps, too, if there are more of them than pixels", () => {
    expect([...binMap(map, 10, 1, identity).cells]).toEqual([1, 5, Number.NaN, Number.POSITIVE_INFINITY]);
  });

  it("are the same in the memory of a former grid, smaller or larger", () => {
    const small = { ...map, columns: 1 };
    const former = binMap(small, 10, 10, identity);
    expect([...former.cells]).toEqual([1, -9]);
    const larger = binMap(map, 10, 10, identity, former);
    expect([...larger.cells]).toEqual([...map.values]);
    const smaller = binMap(small, 10, 10, identity, larger);
    expect([...smaller.cells]).toEqual([1, -9]);
    expect(smaller.cells.buffer).toBe(larger.cells.buffer);
  });

  it("are found by their step", () => {
    expect([0, 1, 2, 3, 6, 7, 99].map((s) => columnAt(map.firstSteps, map.columns, s))).toEqual([0, 0, 0, 1, 2, 3, 3]);
    expect(columnAt(map.firstSteps, 0, 3)).toBe(-1);
  });

  it("span the finite values only", () => {
    expect(finiteRange(map.values, identity)).toEqual([-9, 5]);
    expect(finiteRange(Float64Array.of(0, 0.1, 10), Math.log10)).toEqual([-1, 1]);
    expect(finiteRange(Float64Array.of(Number.NaN), identity)).toBeNull();
  });
});
