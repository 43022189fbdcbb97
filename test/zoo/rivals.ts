/**
 * The rules of other published engines, with their documented thresholds, on their own figures: gradients of weights.
 * Each says "vanishing" or "exploding" for a whole net if it fires in most of the last quarter of the steps; a ratio of
 * mean norms is taken over the second half of the run.
 */

import type { WeightSample } from "../../src/engine/measure/weightSampler.ts";
import type { FindingCode } from "../../src/protocol/finding.ts";

export interface Rival {
  readonly name: string;
  readonly code: Extract<FindingCode, "vanishing-through-time" | "exploding-through-time">;
  /** Whether it uses the size of updates. */
  readonly ofUpdates?: true;
  readonly fires: (steps: readonly StepFigures[]) => boolean;
}

/** One step's figures, first layer first; biases are left out, as in those engines. */
export interface StepFigures {
  /** L2 norms of the gradients of each layer's kernel. */
  readonly norms: readonly number[];
  /** For every kernel, including recurrent ones: mean of |g| over its entries. */
  readonly means: readonly number[];
  /** For every kernel: ‖g‖ / ‖w‖. */
  readonly ratios: readonly number[];
  /** L2 norm over all gradients, including biases. */
  readonly global: number;
  readonly learningRate: number;
}

export function stepFigures(weights: readonly WeightSample[], learningRate: number): StepFigures {
  const kernels = weights.filter(({ name }) => name === "kernel" || name === "recurrent_kernel");
  return {
    norms: kernels.filter(({ name }) => name === "kernel").map(({ gradient }) => norm(gradient)),
    means: kernels.map(({ gradient }) => gradient.reduce((sum, g) => sum + Math.abs(g), 0) / gradient.length),
    ratios: kernels.map(({ gradient, values }) => norm(gradient) / norm(values)),
    global: Math.hypot(...weights.map(({ gradient }) => norm(gradient))),
    learningRate,
  };
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));
}

function mostly(rule: (step: StepFigures) => boolean): (steps: readonly StepFigures[]) => boolean {
  return (steps) => {
    const late = steps.slice(-Math.ceil(steps.length / 4));
    return late.length > 0 && late.filter(rule).length * 2 > late.length;
  };
}

const first = (values: readonly number[]): number => values[0] ?? Number.NaN;
const last = (values: readonly number[]): number => values.at(-1) ?? Number.NaN;

/** Mean norm of the last kernel over that of the first, in the second half of the run. */
function meanNormRatio(steps: readonly StepFigures[]): number {
  const late = steps.slice(steps.length >> 1);
  const sum = (of: (values: readonly number[]) => number): number => late.reduce((all, s) => all + of(s.norms), 0);
  return sum(last) / sum(first);
}

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
    fires: mostly((s) => s.ratios.some((r) => s.learningRate * r < 1e-5)),
  },
  {
    name: "‖g_last‖/‖g_first‖ > 100",
    code: "vanishing-through-time",
    fires: (steps) => meanNormRatio(steps) > 100,
  },
  {
    name: "‖g_first‖/‖g_last‖ > 70, or NaN",
    code: "exploding-through-time",
    fires: mostly((s) => !(first(s.norms) / last(s.norms) <= 70)),
  },
  { name: "mean |g| > 1e6", code: "exploding-through-time", fires: mostly((s) => s.means.some((m) => m > 1e6)) },
  { name: "global norm > 100", code: "exploding-through-time", fires: mostly((s) => s.global > 100) },
  {
    name: "lr‖g‖/‖w‖ > 0.1",
    ofUpdates: true,
    code: "exploding-through-time",
    fires: mostly((s) => s.ratios.some((r) => s.learningRate * r > 0.1)),
  },
];
