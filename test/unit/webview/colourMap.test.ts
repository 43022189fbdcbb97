import { describe, expect, it } from "vitest";
import { type ColourMap, divergingFor, sequential } from "../../../webview/theme/colourMap.ts";
import { type Rgb, shownRgb, toLab, toRgb } from "../../../webview/theme/oklab.ts";

/** Two steps of 8-bit sRGB in the darkest colours. */
const rounding = 0.008;

function rgbOf(map: ColourMap): readonly Rgb[] {
  return [...map.pixels].map((p) => [(p & 255) / 255, ((p >> 8) & 255) / 255, ((p >> 16) & 255) / 255]);
}

function lightnesses(colours: readonly Rgb[]): readonly number[] {
  return colours.map((colour) => toLab(colour)[0]);
}

/** Largest distance of the values from the straight line between the first and the last. */
function unevenness(values: readonly number[]): number {
  const [first, last] = [values[0]!, values.at(-1)!];
  return Math.max(...values.map((v, i) => Math.abs(v - first - ((last - first) * i) / (values.length - 1))));
}

/** How dichromats see a colour: Machado, Oliveira, Fernandes, IEEE TVCG 15(6), 2009, severity 1.0. */
const deficiencies: { readonly [name: string]: readonly (readonly [number, number, number])[] } = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seenBy(name: string, colour: Rgb): Rgb {
  const linear = colour.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const seen = deficiencies[name]!.map((row) => row.reduce((sum, k, i) => sum + k * linear[i]!, 0));
  const [r, g, b] = seen
    .map((v) => Math.min(1, Math.max(0, v)))
    .map((v) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055));
  return [r!, g!, b!];
}

function distance(one: Rgb, other: Rgb): number {
  const [a, b] = [toLab(one), toLab(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

describe("OKLab", () => {
  it("has the published values, and its inverse", () => {
    // Ottosson's table of XYZ to OKLab contains the white point; the primaries are those of CSS Color 4's examples.
    expect(toLab([1, 1, 1]).map((v) => Number(v.toFixed(3)) + 0)).toEqual([1, 0, 0]);
    expect(toLab([1, 0, 0]).map((v) => Number(v.toFixed(4)))).toEqual([0.628, 0.2249, 0.1258]);
    const colour = [0.2, 0.7, 0.4] as const;
    for (const [i, v] of toRgb(toLab(colour)).entries()) expect(v).toBeCloseTo(colour[i]!, 5);
  });

  it("keeps lightness where the screen has less chroma", () => {
    const [lightness] = toLab(shownRgb([0.3, 0.2, 0.2]));
    expect(lightness).toBeCloseTo(0.3, 3);
  });
});

describe("the colour map", () => {
  it("of magnitudes has equal steps of lightness, from dark to light", () => {
    const values = lightnesses(rgbOf(sequential));
    expect(unevenness(values)).toBeLessThan(rounding);
    expect(values.at(-1)! - values[0]!).toBeGreaterThan(0.6);
  });

  it.each([
    ["light", false],
    ["dark", true],
  ])(
    "of gains has equal steps of lightness on both sides in %s themes, and the background's in the middle",
    (_, dark) => {
      const colours = rgbOf(divergingFor(dark));
      const below = lightnesses(colours.slice(0, 128));
      const above = lightnesses(colours.slice(128));
      expect(unevenness(below)).toBeLessThan(rounding);
      expect(unevenness(above)).toBeLessThan(rounding);
      expect(Math.abs(below[0]! - above.at(-1)!)).toBeLessThan(rounding);
      expect(dark ? below.at(-1)! < 0.3 : below.at(-1)! > 0.95).toBe(true);
      // No hue at all in the middle.
      expect(distance(colours[127]!, colours[128]!)).toBeLessThan(0.03);
    },
  );

  it.each(Object.keys(deficiencies))("orders values for readers with %s, and its two sides differ", (name) => {
    const seen = lightnesses(rgbOf(sequential).map((colour) => seenBy(name, colour)));
    const coarse = seen.filter((_, i) => i % 15 === 0);
    expect(coarse).toEqual([...coarse].sort((a, b) => a - b));
    for (const dark of [false, true]) {
      const colours = rgbOf(divergingFor(dark)).map((colour) => seenBy(name, colour));
      for (const i of [0, 32, 64]) expect(distance(colours[i]!, colours[255 - i]!)).toBeGreaterThan(0.1);
    }
  });
});
