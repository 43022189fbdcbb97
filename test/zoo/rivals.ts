/**
 * The rules of other published engines, from their documented thresholds, on the figures they look at: gradients of
 * weights. Each says "vanishing" or "exploding" of a whole net where it fires in most of the last quarter of the steps.
 *
 * Where a rule takes the mean of |g|, √(2/π) times the root mean square stands for it, which is the mean of |g| of
 * normally distributed entries.
 */

import { tail } from "../../src/diagnosis/statistics.ts";
import type { FindingCode } from "../../src/protocol/finding.ts";
import type { RunHistory } from "../../src/protocol/history.ts";

export interface Rival {
  readonly name: string;
  readonly code: Extract<FindingCode, "vanishing-through-time" | "exploding-through-time">;
  /** It looks at the size of updates. */
  readonly ofUpdates?: true;
  readonly fires: (history: RunHistory) => boolean;
}

/** One step's figures of the kernels, first layer first; biases left out, as the engines do. */
interface StepFigures {
  readonly norms: readonly number[];
  readonly weights: readonly number[];
  /** √(2/π) ‖g‖ / √n. */
  readonly means: readonly number[];
  readonly global: number;
  readonly learningRate: number;
}

function figures(history: RunHistory): readonly StepFigures[] {
  const kernels = history.info.layers.flatMap((layer, l) =>
    layer.weights.filter((w) => w === "kernel").map((w) => ({ l, w })),
  );
  const of = (quantity: "weightGradientNorm" | "weightNorm") =>
    kernels.map(({ l, w }) => history.series(quantity, l, w) ?? new Float64Array(0));
  const gradients = of("weightGradientNorm");
  const weights = of("weightNorm");
  // How many entries a kernel has is not in the history: by how many all weights have, shared evenly.
  const size = history.info.parameters / Math.max(1, kernels.length);
  const global = history.series("gradientNorm") ?? new Float64Array(0);
  const rates = history.series("learningRate");
  const start = history.steps.length - tail(global, Math.ceil(global.length / 4)).length;
  return Array.from({ length: history.steps.length - start }, (_, k) => {
    const i = start + k;
    const norms = gradients.map((g) => g[i] ?? Number.NaN);
    return {
      norms,
      weights: weights.map((w) => w[i] ?? Number.NaN),
      means: norms.map((n) => (Math.sqrt(2 / Math.PI) * n) / Math.sqrt(size)),
      global: global[i] ?? Number.NaN,
      learningRate: rates?.[i] ?? Number.NaN,
    };
  });
}

function mostly(rule: (step: StepFigures) => boolean): (history: RunHistory) => boolean {
  return (history) => {
    const steps = figures(history);
    return steps.length > 0 && steps.filter(rule).length * 2 > steps.length;
  };
}

const first = (values: readonly number[]): number => values[0] ?? Number.NaN;
const last = (values: readonly number[]): number => values.at(-1) ?? Number.NaN;

export const rivals: readonly Rival[] = [
  { name: "mean |g| < 1e-7", code: "vanishing-through-time", fires: mostly((s) => s.means.some((m) => m < 1e-7)) },
  { name: "mean |g| < 1e-6", code: "vanishing-through-time", fires: mostly((s) => s.means.some((m) => m < 1e-6)) },
  {
    name: "‖g_first‖/‖g_last‖ < 1e-3, ‖g_first‖ < 1e-4",
    code: "vanishing-through-time",
    fires: mostly((s) => first(s.norms) / last(s.norms) < 1e-3 && first(s.norms) < 1e-4),
  },
  {
    name: "lr‖g‖/‖w‖ < 1e-5",
    ofUpdates: true,
    code: "vanishing-through-time",
    fires: mostly((s) => s.norms.some((n, i) => (s.learningRate * n) / (s.weights[i] ?? Number.NaN) < 1e-5)),
  },
  {
    name: "‖g_last‖/‖g_first‖ > 100",
    code: "vanishing-through-time",
    fires: mostly((s) => last(s.norms) / first(s.norms) > 100),
  },
  { name: "‖g_first‖ > 70", code: "exploding-through-time", fires: mostly((s) => first(s.norms) > 70) },
  { name: "mean |g| > 1e6", code: "exploding-through-time", fires: mostly((s) => s.means.some((m) => m > 1e6)) },
  { name: "global norm > 100", code: "exploding-through-time", fires: mostly((s) => s.global > 100) },
  {
    name: "lr‖g‖/‖w‖ > 0.1",
    ofUpdates: true,
    code: "exploding-through-time",
    fires: mostly((s) => s.norms.some((n, i) => (s.learningRate * n) / (s.weights[i] ?? Number.NaN) > 0.1)),
  },
];
