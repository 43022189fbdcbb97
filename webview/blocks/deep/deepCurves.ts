/** The three curve charts of a deep probe, and their data. */

import type { DeepResult } from "../../../src/protocol/deep.ts";
import { formatDecades, formatGain, formatNumber } from "../../../src/protocol/numberText.ts";
import { linearTick } from "../../text/axisText.ts";
import type { CurveData, CurveSetup } from "./curveChart.ts";

export const exponentsSetup: CurveSetup = {
  name: "exponents",
  title: "Lyapunov exponents",
  meaning:
    "Factors e^λ by which a small change of the state grows or shrinks per timestep, along the least stable direction, the next, and so on: mean over some sequences; the bars reach from the smallest to the largest of them. Below ×1 the past is forgotten, above it small changes grow and gradients explode.",
  place: "direction",
  unit: "factor per timestep",
  tick: (v) => `×${linearTick(v)}`,
  text: formatGain,
  level: { at: 1, text: "×1: keeps its size" },
  always: [1],
};

export const singularSetup: CurveSetup = {
  name: "singular",
  title: "Singular values of the recurrent matrix",
  meaning:
    "How much the recurrent matrix (of each gate) stretches or shrinks vectors along its directions, the most stretched first.",
  place: "direction",
  unit: "stretches by",
  tick: (v) => `×${linearTick(v)}`,
  text: formatGain,
  level: { at: 1, text: "×1" },
  always: [0, 1],
};

export const productsSetup: CurveSetup = {
  name: "products",
  title: "Products of Jacobians ∂s_T/∂s_t",
  meaning:
    "Singular values of the product of the Jacobians over growing spans, in decades: the most, the median and the least that is left of a gradient, depending on its direction. Measured on one sequence.",
  place: "span T − t",
  unit: "decades",
  tick: linearTick,
  text: (v) => `${formatDecades(v)} decades`,
  level: { at: 0, text: "keeps its size" },
  always: [0],
};

function numbered(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => i + 1);
}

export interface DeepCurves {
  readonly exponents: CurveData | null;
  readonly singular: CurveData | null;
  readonly products: CurveData | null;
}

export function deepCurves({ layer, exponents, matrices, products, units }: DeepResult): DeepCurves {
  return {
    exponents: exponents && {
      caption: `Factor e^λ per timestep along the leading directions of ${layer}, over the sequences`,
      places: numbered(exponents.mean.length),
      curves: [{ name: "mean", values: exponents.mean.map(Math.exp) }],
      spread: { low: exponents.low.map(Math.exp), high: exponents.high.map(Math.exp) },
    },
    singular:
      matrices.length === 0
        ? null
        : {
            caption: `Singular values of the recurrent matrices of ${layer}`,
            places: numbered(units),
            curves: matrices.map(({ name, spectralRadius, logSingularValues }) => ({
              name,
              legend: `${name} (spectral radius ${formatNumber(spectralRadius)})`,
              values: logSingularValues.map((v) => 10 ** v),
            })),
            spread: null,
          },
    products: products && {
      caption: `log₁₀ of singular values of the product of Jacobians of ${layer}`,
      places: products.spans,
      curves: (
        [
          ["largest", 0],
          ["median", products.width >> 1],
          ["smallest", products.width - 1],
        ] as const
      ).map(([name, index]) => ({
        name,
        values: products.spans.map((_, i) => products.logSingularValues[i * products.width + index]!),
      })),
      spread: null,
    },
  };
}
