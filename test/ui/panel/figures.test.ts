import { describe, expect, it } from "vitest";
import { binMap, finiteRange } from "../../../webview/charts/heatGrid.ts";
import { alone, minMax } from "../../../webview/charts/minMax.ts";
import { columnAt } from "../../../webview/state/columnAt.ts";
import { sequential } from "../../../webview/theme/colourMap.ts";

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

describe("the sequential colour map", () => {
  it("grows steadily lighter, so that it can be read without seeing hue", () => {
    const luminance = [...sequential.pixels].map(
      (p) => 0.2126 * (p & 255) + 0.7152 * ((p >> 8) & 255) + 0.0722 * ((p >> 16) & 255),
    );
    expect(luminance.every((l, i) => i < 4 || l > luminance[i - 4]!)).toBe(true);
    expect([sequential.css(0), sequential.css(1)]).toEqual(["rgb(0, 32, 77)", "rgb(255, 234, 70)"]);
  });
});
