import { describe, expect, it } from "vitest";
import { isMeasured, type LossLine, stableFactor } from "../../../../../src/engine/measure/curvature/stableFactor.ts";

/** L(f) = loss + slope f + ½ curvature f², rounded like float32 losses. */
function parabola(loss: number, slope: number, curvature: number, known = true): LossLine {
  const at = (f: number): number => Math.fround(loss + slope * f + 0.5 * curvature * f * f);
  return { loss, slope: known ? slope : null, at };
}

describe("stableFactor", () => {
  it.each([
    [1, -0.1, 0.02, 10],
    [1, -1, 4, 0.5],
    // A step a thousand times too long.
    [19200, -1e9, 2e12, 1e-3],
    [0.69, -1e-4, 1e-6, 200],
  ])("of a parabola is exact: loss %d, slope %d, curvature %d", (loss, slope, curvature, factor) => {
    expect(stableFactor(parabola(loss, slope, curvature)) / factor).toBeCloseTo(1, 2);
    expect(stableFactor(parabola(loss, slope, curvature, false)) / factor).toBeCloseTo(1, 2);
  });

  it("evaluates near the point where the loss returns, if it is not a parabola", () => {
    // L(f) = 1 − f + f⁴ is back at 1 at f = 1; near 0 it hardly curves.
    const at = (f: number): number => 1 - f + f ** 4;
    const found = stableFactor({ loss: 1, slope: -1, at });
    expect(found).toBeGreaterThan(0.5);
    expect(found).toBeLessThan(3);
  });

  it("moves nearer if the loss is not finite", () => {
    const at = (f: number): number => (f > 0.01 ? Number.POSITIVE_INFINITY : 1 - f + 500 * f * f);
    expect(stableFactor({ loss: 1, slope: -1, at })).toBeCloseTo(0.002, 4);
  });

  it("is unknown uphill, along a straight line, if the loss curves down, and if it is not a number", () => {
    expect(stableFactor(parabola(1, 0.1, 1))).toBeNaN();
    expect(stableFactor(parabola(1, 0, 0))).toBeNaN();
    expect(stableFactor(parabola(1, -1e-6, 0))).toBeNaN();
    expect(stableFactor(parabola(1, -0.1, -0.5))).toBeNaN();
    expect(stableFactor(parabola(Number.NaN, -0.1, 1))).toBeNaN();
    expect(stableFactor({ loss: 1, slope: -1, at: () => Number.NaN })).toBeNaN();
  });
});

describe("isMeasured", () => {
  it("is measured at a few early steps, then at every fiftieth", () => {
    const measured = Array.from({ length: 200 }, (_, i) => i + 1).filter(isMeasured);
    expect(measured).toEqual([1, 2, 4, 8, 16, 32, 50, 100, 150, 200]);
  });
});
