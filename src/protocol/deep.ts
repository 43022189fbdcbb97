/** The result of a deep probe of one recurrent layer. It uses typed arrays, because they preserve infinities. */

import * as z from "zod";
import type { Immutable } from "../config/immutable.ts";
import { jsonPathSchema } from "../config/jsonPath.ts";
import { denseRecurrentTypes } from "../config/layerCatalogue.ts";
import { float64Schema } from "./numbers.ts";

const deepStates = ["h", "c"] as const;
export type DeepState = (typeof deepStates)[number];

/** The checkpoints that a training run keeps, by the config's `training.checkpoint`. */
export const checkpointKinds = ["last", "best"] as const;
export type CheckpointKind = (typeof checkpointKinds)[number];

export const deepCheckpointSchema = z.strictObject({
  kind: z.enum(checkpointKinds),
  /** The run whose weights are meant: a later run of the same model replaces them. */
  runId: z.string().min(1),
});
/** A checkpoint whose weights are probed. */
export type DeepCheckpoint = Immutable<z.infer<typeof deepCheckpointSchema>>;

/** The model, its layer, and the number of training steps before the probe. */
export interface DeepTarget {
  readonly model: string;
  /** The config's name of a recurrent layer (`bidirectional/forward`); null: the model's only one. */
  readonly layer: string | null;
  /** 0: the freshly initialized (or loaded) model. */
  readonly steps: number;
}

const flowSchema = z.strictObject({
  /** Timesteps k at which a loss gradient enters, ascending: all of them, or an evenly spaced selection. */
  lossTimesteps: float64Schema,
  states: z
    .array(
      z.strictObject({
        name: z.enum(deepStates),
        /** log₁₀ ‖∂L_k/∂s_t‖ over sequences and units, the T values of each k one after another; −∞ if it is zero. */
        logNorm: float64Schema,
        /** log₁₀ ‖∂L/∂s_t‖ for all k together, T values. */
        logTotal: float64Schema,
      }),
    )
    .min(1),
});
/**
 * The flow matrix ‖∂L_k/∂s_t‖: how much of the loss gradient that enters at timestep k arrives at timestep t. L is the
 * sum of the parts L_k that enter at each timestep, so Σ_k ∂L_k/∂s_t = ∂L/∂s_t.
 */
export type DeepFlow = Immutable<z.infer<typeof flowSchema>>;

const exponentsSchema = z.strictObject({ mean: float64Schema, low: float64Schema, high: float64Schema });
/** The leading Lyapunov exponents over the sequences, in natural logarithms per timestep; the largest first. */
export type DeepExponents = Immutable<z.infer<typeof exponentsSchema>>;

const matrixSchema = z.strictObject({
  /** `U`, or the name of its gate. */
  name: z.string(),
  spectralRadius: z.number(),
  /** log₁₀, H values, the largest first. */
  logSingularValues: float64Schema,
});
export type DeepMatrix = Immutable<z.infer<typeof matrixSchema>>;

const productsSchema = z.strictObject({
  /** T − t: 1, 2, 4, …, T − 1. */
  spans: float64Schema,
  /** Number of entries of a state. */
  width: z.int().positive(),
  /** log₁₀, `spans × width`, the largest first of each span. */
  logSingularValues: float64Schema,
});
/** Singular values of ∂s_T/∂s_t for one sequence. */
export type DeepProducts = Immutable<z.infer<typeof productsSchema>>;

const readingsSchema = z.strictObject({
  flow: z.string(),
  exponents: z.string(),
  matrices: z.string(),
  products: z.string(),
});
export type DeepReadings = Immutable<z.infer<typeof readingsSchema>>;

const resultSchema = z.strictObject({
  model: z.string(),
  layer: z.string(),
  /** Place of the layer's entry in the config. */
  path: jsonPathSchema,
  type: z.enum(denseRecurrentTypes),
  units: z.int().positive(),
  timesteps: z.int().positive(),
  /** Whether the layer reads the sequence from its end; timesteps count in its reading order. */
  reversed: z.boolean(),
  steps: z.int().nonnegative(),
  /** Number of sequences of the training data that were used. */
  sequences: z.int().positive(),
  flow: flowSchema,
  /** Null for sequences of one timestep. */
  exponents: exponentsSchema.nullable(),
  /** The recurrent matrix; for gated cells one per gate. */
  matrices: z.array(matrixSchema),
  /** Null for a single timestep, and for states that are too wide. */
  products: productsSchema.nullable(),
  /** The meaning of each figure, in a sentence. */
  readings: readingsSchema,
  milliseconds: z.number().nonnegative(),
});
export type DeepResult = Immutable<z.infer<typeof resultSchema>>;

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

export const deepResultSchema = resultSchema.refine(consistent, "the arrays of a deep probe do not fit together");
