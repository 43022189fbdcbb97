/** The result of a deep probe of one recurrent layer. It uses typed arrays, because they preserve infinities. */

import * as z from "zod";
import type { JsonPath } from "../config/resolved.ts";

export type DeepState = "h" | "c";

/** The model, its layer, and the number of training steps before the probe. */
export interface DeepTarget {
  readonly model: string;
  /** The config's name of a recurrent layer (`bidirectional/forward`); null: the model's only one. */
  readonly layer: string | null;
  /** 0: the freshly initialized (or loaded) model. */
  readonly steps: number;
}

export interface DeepResult {
  readonly model: string;
  readonly layer: string;
  /** Place of the layer's entry in the config. */
  readonly path: JsonPath;
  readonly type: "simpleRNN" | "lstm" | "gru";
  readonly units: number;
  readonly timesteps: number;
  /** Whether the layer reads the sequence from its end; timesteps count in its reading order. */
  readonly reversed: boolean;
  readonly steps: number;
  /** Number of sequences of the training data that were used. */
  readonly sequences: number;
  readonly flow: DeepFlow;
  /** Null for sequences of one timestep. */
  readonly exponents: DeepExponents | null;
  /** The recurrent matrix; for gated cells one per gate. */
  readonly matrices: readonly DeepMatrix[];
  /** Null for a single timestep, and for states that are too wide. */
  readonly products: DeepProducts | null;
  /** The meaning of each figure, in a sentence. */
  readonly readings: DeepReadings;
  readonly milliseconds: number;
}

/**
 * The flow matrix ‖∂L_k/∂s_t‖: how much of the loss gradient that enters at timestep k arrives at timestep t. L is the
 * sum of the parts L_k that enter at each timestep, so Σ_k ∂L_k/∂s_t = ∂L/∂s_t.
 */
export interface DeepFlow {
  /** Timesteps k at which a loss gradient enters, ascending: all of them, or an evenly spaced selection. */
  readonly lossTimesteps: Float64Array;
  readonly states: readonly {
    readonly name: DeepState;
    /** log₁₀ ‖∂L_k/∂s_t‖ over sequences and units, the T values of each k one after another; −∞ if it is zero. */
    readonly logNorm: Float64Array;
    /** log₁₀ ‖∂L/∂s_t‖ for all k together, T values. */
    readonly logTotal: Float64Array;
  }[];
}

/** The leading Lyapunov exponents over the sequences, in natural logarithms per timestep; the largest first. */
export interface DeepExponents {
  readonly mean: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface DeepMatrix {
  /** `U`, or the name of its gate. */
  readonly name: string;
  readonly spectralRadius: number;
  /** log₁₀, H values, the largest first. */
  readonly logSingularValues: Float64Array;
}

/** Singular values of ∂s_T/∂s_t for one sequence. */
export interface DeepProducts {
  /** T − t: 1, 2, 4, …, T − 1. */
  readonly spans: Float64Array;
  /** Number of entries of a state. */
  readonly width: number;
  /** log₁₀, `spans × width`, the largest first of each span. */
  readonly logSingularValues: Float64Array;
}

export interface DeepReadings {
  readonly flow: string;
  readonly exponents: string;
  readonly matrices: string;
  readonly products: string;
}

const numbers = z.custom<Float64Array>((v) => v instanceof Float64Array);

/** Whether all lengths agree with the sizes that the result states. */
function consistent({ timesteps, flow, exponents, products, units, matrices }: DeepResult): boolean {
  const k = flow.lossTimesteps.length;
  return (
    flow.states.every((s) => s.logNorm.length === k * timesteps && s.logTotal.length === timesteps) &&
    (exponents === null ||
      (exponents.low.length === exponents.mean.length && exponents.high.length === exponents.mean.length)) &&
    (products === null || products.logSingularValues.length === products.spans.length * products.width) &&
    matrices.every((m) => m.logSingularValues.length === units)
  );
}

export const deepResultSchema: z.ZodType<DeepResult> = z
  .strictObject({
    model: z.string(),
    layer: z.string(),
    path: z.array(z.union([z.string(), z.int().nonnegative()])),
    type: z.enum(["simpleRNN", "lstm", "gru"]),
    units: z.int().positive(),
    timesteps: z.int().positive(),
    reversed: z.boolean(),
    steps: z.int().nonnegative(),
    sequences: z.int().positive(),
    flow: z.strictObject({
      lossTimesteps: numbers,
      states: z.array(z.strictObject({ name: z.enum(["h", "c"]), logNorm: numbers, logTotal: numbers })).min(1),
    }),
    exponents: z.strictObject({ mean: numbers, low: numbers, high: numbers }).nullable(),
    matrices: z.array(z.strictObject({ name: z.string(), spectralRadius: z.number(), logSingularValues: numbers })),
    products: z.strictObject({ spans: numbers, width: z.int().positive(), logSingularValues: numbers }).nullable(),
    readings: z.strictObject({
      flow: z.string(),
      exponents: z.string(),
      matrices: z.string(),
      products: z.string(),
    }),
    milliseconds: z.number().nonnegative(),
  })
  .refine(consistent, "the arrays of a deep probe do not fit together");
