import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  count,
  formatCount,
  formatDecades,
  formatGain,
  formatNumber,
  formatPercent,
} from "../../../src/protocol/numberText.ts";

describe("figures in the terminal, the editor and the panel", () => {
  it("have three significant digits, no zeros at the end, and a true minus", () => {
    const cases: [number, string][] = [
      [0, "0"],
      [-0, "0"],
      [0.1671, "0.167"],
      [4.9, "4.9"],
      [12.34, "12.3"],
      [999.7, "1000"],
      [1234.5, "1235"],
      [100, "100"],
      [98_765.4, "98765"],
      [0.000012345, "1.23e−5"],
      [2e5, "2e5"],
      [-2.5e9, "−2.5e9"],
      [7.42e-10, "7.42e−10"],
      [1.5e30, "1.5e30"],
      [-0.5, "−0.5"],
      [Number.NaN, "NaN"],
      [Number.POSITIVE_INFINITY, "∞"],
      [Number.NEGATIVE_INFINITY, "−∞"],
    ];
    for (const [value, text] of cases) expect(formatNumber(value)).toBe(text);
  });

  it("tell a gain more finely where it is close to 1", () => {
    const gains = [0.87, 0.9961, 1.384, 0.24, 1, 1.07, 0.000123, 0, Number.NaN];
    expect(gains.map(formatGain)).toEqual([
      "×0.87",
      "×0.996",
      "×1.38",
      "×0.24",
      "×1",
      "×1.07",
      "×1.2e−4",
      "×0",
      "×NaN",
    ]);
  });

  it("give decades one decimal and a sign, and never a negative zero", () => {
    const decades = [-3.2, 1.05, 14.24, -0.001, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN];
    expect(decades.map(formatDecades)).toEqual(["−3.2", "+1.1", "+14.2", "0.0", "0.0", "−∞", "+∞", "NaN"]);
  });

  it("write shares to a tenth of a percent, and whole numbers with all their digits", () => {
    const shares = [0, 0.004, 0.12, 0.6254, 1, 1e-7].map(formatPercent);
    expect(shares).toEqual(["0 %", "0.4 %", "12 %", "62.5 %", "100 %", "< 0.1 %"]);
    expect([1_234_567, 12, -45_678, -0.2].map(formatCount)).toEqual(["1234567", "12", "−45678", "0"]);
    expect([count(1, "timestep"), count(34, "timestep")]).toEqual(["1 timestep", "34 timesteps"]);
  });

  it("never hold a hyphen in place of a minus sign", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        for (const format of [formatNumber, formatCount, formatGain, formatDecades, formatPercent])
          expect(format(value)).not.toContain("-");
      }),
    );
  });
});
