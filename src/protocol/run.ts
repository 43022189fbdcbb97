/** What is known about a run before its first step. */

import * as z from "zod";
import type { Immutable } from "../config/immutable.ts";
import { jsonPathSchema } from "../config/jsonPath.ts";
import { problemSchema } from "../config/problem.ts";
import { resolvedDiagnosisSchema } from "../config/resolvedDiagnosis.ts";
import { dataFactsSchema } from "./dataFacts.ts";
import { share } from "./numbers.ts";
import { type Quantity, quantities } from "./quantities.ts";

export const runKinds = ["probe", "train"] as const;
export type RunKind = (typeof runKinds)[number];

export const backendNames = ["tensorflow", "wasm", "cpu"] as const;
export type BackendName = (typeof backendNames)[number];

export const backendInfoSchema = z.strictObject({
  /** `other`: the run is of another program. */
  name: z.enum([...backendNames, "other"]),
  /** For people: `WASM (SIMD)`, `TensorFlow 2.9.1 (tfjs-node)`. */
  label: z.string(),
  /** The higher rungs of the ladder and why each was not used. */
  rejected: z.array(z.strictObject({ name: z.enum(backendNames), reason: z.string() })),
});
export type BackendInfo = Immutable<z.infer<typeof backendInfoSchema>>;

const symmetrySchema = z.strictObject({
  /** Share of units whose incoming weights equal those of another unit. */
  units: share,
  /** Share of inputs whose outgoing weights equal those of another input. */
  inputs: share,
});
/** Equalities among the initial (or loaded) weights. */
export type SymmetryInfo = Immutable<z.infer<typeof symmetrySchema>>;

/** Hidden state, cell of an LSTM, external memory. */
export const stateNames = ["h", "c", "m"] as const;
export type StateName = (typeof stateNames)[number];

const recurrentSchema = z.strictObject({
  /** T; for masked data the length of the longest sample without its padding. */
  timesteps: z.int().positive(),
  units: z.int().positive(),
  states: z.array(z.enum(stateNames)),
  /** `input`, `forget`, `output` (LSTM), `update`, `reset` (GRU); empty for simpleRNN. */
  gates: z.array(z.string()),
  /** Whether it reads the sequence from its end; its timestep 1 is then the sequence's last position. */
  reversed: z.boolean(),
  /** The method of measurement: fused kernels, taps in tfjs's own loop, or the layer's own code (externalMemory). */
  method: z.enum(["kernel", "taps", "own"]),
  /** Why the kernels do not run it, as the middle of a sentence; absent if they do. */
  reason: z.string().exactOptional(),
  /**
   * log₁₀ of the smallest norm that can be distinguished from zero: about −38 if gradients enter at every timestep in
   * float32 (layers that return sequences). Null: no limit, because the gradient travels through time with its own
   * power of two.
   */
  floor: z.number().nullable(),
});
export type RecurrentInfo = Immutable<z.infer<typeof recurrentSchema>>;

const layerSchema = z.strictObject({
  /** Config name; the inner layers of a wrapper follow a slash: `bidirectional/forward`. */
  name: z.string(),
  /** tf.layers factory name. */
  type: z.string(),
  /** Place of its entry in the config. */
  path: jsonPathSchema,
  /** Short weight names: `kernel`, `recurrent_kernel`, `bias`. */
  weights: z.array(z.string()),
  /** Activation of its output (for a recurrent layer, of its state) by tfjs's name; null if it has none. */
  activation: z.string().nullable(),
  /** Activation of a recurrent layer's gates; null if it has none. */
  gateActivation: z.string().nullable(),
  /** Length of its output's last axis; null if it is unknown. */
  width: z.int().positive().nullable(),
  /** Equalities among its weights before the first step; null for a layer without a kernel. */
  symmetry: symmetrySchema.nullable(),
  recurrent: recurrentSchema.nullable(),
});
export type LayerInfo = Immutable<z.infer<typeof layerSchema>>;

export const columnSchema = z.strictObject({
  quantity: z.enum(quantities),
  layer: z.int().nullable(),
  name: z.string().nullable(),
});
/**
 * A scalar measured at every step. `layer` indexes `RunInfo.layers`; `name` is a weight or a state. Norms are
 * L2/Frobenius and linear (not log) unless stated otherwise.
 */
export type Column = Immutable<z.infer<typeof columnSchema>>;

export const runInfoSchema = z.strictObject({
  runId: z.string(),
  kind: z.enum(runKinds),
  /** Path of the config file. */
  config: z.string(),
  model: z.string(),
  modelPath: jsonPathSchema,
  layers: z.array(layerSchema),
  /** Meaning of the columns of a frame's `rows`. */
  columns: z.array(columnSchema),
  /** Steps the run will take; null: as many as the time budget allows. */
  plannedSteps: z.number().nullable(),
  /** Samples per step, over all batches that the step accumulates. */
  batchSize: z.number(),
  parameters: z.number(),
  backend: backendInfoSchema,
  /** Problems of the data that do not prevent training, but that their author should know about. */
  dataWarnings: z.array(problemSchema),
  /** Whether the loss treats the model's outputs as logits, according to the config or the model's file. */
  fromLogits: z.boolean(),
  /** Loss of the best constant predictor; null if it is unknown. */
  baselineLoss: z.number().nullable(),
  /** Timesteps back that the gradient needs to reach; null for a model without recurrent layers. */
  requiredLag: z.number().nullable(),
  /** Source of `requiredLag`. */
  requiredLagSource: z.enum(["config", "program", "task", "estimated", "sequence-length"]).nullable(),
  /** Null: not measured. */
  data: dataFactsSchema.nullable(),
  diagnosis: resolvedDiagnosisSchema,
  /** Norm limits of clipping, or null; shown beside the norms before and after clipping. */
  clip: z.strictObject({
    value: z.number().nullable(),
    norm: z.number().nullable(),
    globalNorm: z.number().nullable(),
  }),
  trainingPath: jsonPathSchema,
});
export type RunInfo = Immutable<z.infer<typeof runInfoSchema>>;

/** Index of a column, or −1. */
export function columnIndex(
  columns: readonly Column[],
  quantity: Quantity,
  layer: number | null = null,
  name: string | null = null,
): number {
  return columns.findIndex((c) => c.quantity === quantity && c.layer === layer && c.name === name);
}
