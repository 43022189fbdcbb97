/** The three curve charts of a deep probe, and their data. */

import { chartWords } from "../../../src/messages/charts.ts";
import { deepChartWords } from "../../../src/messages/deepCharts.ts";
import type { DeepResult } from "../../../src/protocol/deep.ts";
import { formatDecades, formatGain, formatNumber } from "../../../src/protocol/numberText.ts";
import { linearTick } from "../../text/axisText.ts";
import type { CurveData, CurveSetup } from "./curveChart.ts";

export const exponentsSetup = (): CurveSetup => ({
  name: "exponents",
  title: deepChartWords().exponents,
  meaning: deepChartWords().exponentsMeaning,
  place: deepChartWords().direction,
  unit: deepChartWords().factorPerTimestep,
  tick: (v) => `×${linearTick(v)}`,
  text: formatGain,
  level: { at: 1, text: chartWords().keepsSize },
  always: [1],
});

export const singularSetup = (): CurveSetup => ({
  name: "singular",
  title: deepChartWords().singular,
  meaning: deepChartWords().singularMeaning,
  place: deepChartWords().direction,
  unit: deepChartWords().stretchesBy,
  tick: (v) => `×${linearTick(v)}`,
  text: formatGain,
  level: { at: 1, text: "×1" },
  always: [0, 1],
});

export const productsSetup = (): CurveSetup => ({
  name: "products",
  title: deepChartWords().products,
  meaning: deepChartWords().productsMeaning,
  place: deepChartWords().span,
  unit: chartWords().decades,
  tick: linearTick,
  text: (v) => chartWords().decadesOf(formatDecades(v)),
  level: { at: 0, text: deepChartWords().keepsSize },
  always: [0],
});

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
      caption: deepChartWords().exponentsTable(layer),
      places: numbered(exponents.mean.length),
      curves: [{ name: deepChartWords().mean, values: exponents.mean.map(Math.exp) }],
      spread: { low: exponents.low.map(Math.exp), high: exponents.high.map(Math.exp) },
    },
    singular:
      matrices.length === 0
        ? null
        : {
            caption: deepChartWords().singularTable(layer),
            places: numbered(units),
            curves: matrices.map(({ name, spectralRadius, logSingularValues }) => ({
              name,
              legend: deepChartWords().matrix({ name, radius: formatNumber(spectralRadius) }),
              values: logSingularValues.map((v) => 10 ** v),
            })),
            spread: null,
          },
    products: products && {
      caption: deepChartWords().productsTable(layer),
      places: products.spans,
      curves: (
        [
          [deepChartWords().largest, 0],
          [deepChartWords().median, products.width >> 1],
          [deepChartWords().smallest, products.width - 1],
        ] as const
      ).map(([name, index]) => ({
        name,
        values: products.spans.map((_, i) => products.logSingularValues[i * products.width + index]!),
      })),
      spread: null,
    },
  };
}
