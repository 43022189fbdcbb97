/** What is known about a run before its first step. */

import type { Problem } from "../config/problem.ts";
import type { DiagnosisConfig, JsonPath } from "../config/resolved.ts";
import type { DataFacts } from "./dataFacts.ts";

export type RunKind = "probe" | "train";
export type BackendName = "tensorflow" | "wasm" | "cpu";

export interface BackendInfo {
  readonly name: BackendName;
  /** For people: `WASM (SIMD)`, `TensorFlow 2.9.1 (tfjs-node)`. */
  readonly label: string;
  /** The higher rungs of the ladder and why each was not used. */
  readonly rejected: readonly { readonly name: BackendName; readonly reason: string }[];
}

export interface RunInfo {
  readonly runId: string;
  readonly kind: RunKind;
  /** Path of the config file. */
  readonly config: string;
  readonly model: string;
  readonly modelPath: JsonPath;
  readonly layers: readonly LayerInfo[];
  /** Meaning of the columns of a frame's `rows`. */
  readonly columns: readonly Column[];
  /** Steps the run will take; null: as many as the time budget allows. */
  readonly plannedSteps: number | null;
  /** Samples per step, over all batches that the step accumulates. */
  readonly batchSize: number;
  readonly parameters: number;
  readonly backend: BackendInfo;
  /** Problems of the data that do not prevent training, but that their author should know about. */
  readonly dataWarnings: readonly Problem[];
  /** Whether the loss treats the model's outputs as logits, according to the config or the model's file. */
  readonly fromLogits: boolean;
  /** Loss of the best constant predictor; null if it is unknown. */
  readonly baselineLoss: number | null;
  /** Timesteps back that the gradient needs to reach; null for a model without recurrent layers. */
  readonly requiredLag: number | null;
  /** Source of `requiredLag`. */
  readonly requiredLagSource: "config" | "task" | "estimated" | "sequence-length" | null;
  /** Null: not measured. */
  readonly data: DataFacts | null;
  readonly diagnosis: DiagnosisConfig;
  /** Norm limits of clipping, or null; shown beside the norms before and after clipping. */
  readonly clip: { readonly value: number | null; readonly norm: number | null; readonly globalNorm: number | null };
  readonly trainingPath: JsonPath;
}

export interface LayerInfo {
  /** Config name; the inner layers of a wrapper follow a slash: `bidirectional/forward`. */
  readonly name: string;
  /** tf.layers factory name. */
  readonly type: string;
  /** Place of its entry in the config. */
  readonly path: JsonPath;
  /** Short weight names: `kernel`, `recurrent_kernel`, `bias`. */
  readonly weights: readonly string[];
  /** Activation of its output (for a recurrent layer, of its state) by tfjs's name; null if it has none. */
  readonly activation: string | null;
  /** Activation of a recurrent layer's gates; null if it has none. */
  readonly gateActivation: string | null;
  /** Length of its output's last axis; null if it is unknown. */
  readonly width: number | null;
  /** Equalities among its weights before the first step; null for a layer without a kernel. */
  readonly symmetry: SymmetryInfo | null;
  readonly recurrent: RecurrentInfo | null;
}

/** Equalities among the initial (or loaded) weights. */
export interface SymmetryInfo {
  /** Share of units whose incoming weights equal those of another unit. */
  readonly units: number;
  /** Share of inputs whose outgoing weights equal those of another input. */
  readonly inputs: number;
}

/** Hidden state, cell of an LSTM, external memory. */
export const stateNames = ["h", "c", "m"] as const;
export type StateName = (typeof stateNames)[number];

export interface RecurrentInfo {
  /** T; for masked data the length of the longest sample without its padding. */
  readonly timesteps: number;
  readonly units: number;
  readonly states: readonly StateName[];
  /** `input`, `forget`, `output` (LSTM), `update`, `reset` (GRU); empty for simpleRNN. */
  readonly gates: readonly string[];
  /** Whether it reads the sequence from its end; its timestep 1 is then the sequence's last position. */
  readonly reversed: boolean;
  /** The method of measurement: fused kernels, taps in tfjs's own loop, or the layer's own code (externalMemory). */
  readonly method: "kernel" | "taps" | "own";
  /**
   * log₁₀ of the smallest norm that can be distinguished from zero: about −38 if gradients enter at every timestep in
   * float32 (layers that return sequences). Null: no limit, because the gradient travels through time with its own
   * power of two.
   */
  readonly floor: number | null;
}

/**
 * A scalar measured at every step. `layer` indexes `RunInfo.layers`; `name` is a weight or a state. Norms are
 * L2/Frobenius and linear (not log) unless stated otherwise.
 */
export interface Column {
  readonly quantity: Quantity;
  readonly layer: number | null;
  readonly name: string | null;
}

/** Scalars of the whole model. */
export const modelQuantities = [
  /** Mean over the batch, without regularizers. */
  "loss",
  /** L2 norm over all weight gradients, before clipping. */
  "gradientNorm",
  /** The same after clipping. */
  "clippedGradientNorm",
  /** Duration of the step in milliseconds. */
  "milliseconds",
  /** The learning rate of the step's update, as set by the schedule. */
  "learningRate",
  /**
   * The learning rate above which the step's update would have raised the loss of its own batch, from the loss's
   * curvature along the update. It is measured at a few steps only; NaN at all others, and if the loss does not curve
   * up.
   */
  "stableRate",
] as const;

/**
 * Scalars of the whole model at the end of an epoch and of the run, if samples are held out for testing; NaN at all
 * other steps.
 */
export const testQuantities = [
  /** Mean over the test samples after the step's update; Infinity also if it is NaN. */
  "testLoss",
  /** Share of right answers, for classifications. */
  "testAccuracy",
] as const;

/** Scalars of the whole model, if its layers have regularizers. */
export const penaltyQuantities = [
  /** The regularizers' contribution to the step's loss, before its update. */
  "penalty",
] as const;

/** Scalars of the whole model that the config asks for (`name` = the metric, by its name in the config). */
export const metricQuantities = [
  /** Metric of the step's batch, before its update; NaN if no position counts. */
  "metric",
  /** Metric of the test samples at steps with a `testLoss`; NaN at all other steps. */
  "testMetric",
] as const;

/** Scalars of each weight of each layer (`name` = weight). */
export const weightQuantities = [
  "weightNorm",
  "weightGradientNorm",
  "weightClippedGradientNorm",
  /** ‖Δw‖ / ‖w‖ of the actual update. */
  "weightUpdateRatio",
  /** Share of gradient entries that are exactly zero. */
  "weightGradientZeros",
  /** Number of NaN or Inf entries of the gradient before clipping. */
  "weightNonFinite",
] as const;

/** Scalars of each layer's output. */
export const layerQuantities = [
  "outputGradientNorm",
  "activationMean",
  "activationStd",
  /** Share of units that are zero for the whole batch (and all timesteps). */
  "activationDead",
  /** Share of output entries within 1 % of the ends of the activation's range; NaN if it has no range. */
  "activationSaturated",
  "activationNonFinite",
  /** First timestep, in reading order, at which the states of a recurrent layer are not finite; 0 if all are finite. */
  "stateNonFiniteFrom",
] as const;

/** Scalars of each state of each recurrent layer (`name` = the state), computed from its profiles. */
export const stateQuantities = [
  /** H_ε in timesteps. */
  "horizon",
  /** log₁₀ of the product of all gains from the last timestep with signal back to timestep 1. */
  "survival",
  /** log₁₀ ‖d_1‖ / ‖d_T‖. */
  "attenuation",
  /** Geometric mean gain per timestep. */
  "meanGain",
  "stateNonFinite",
] as const;

export const quantities = [
  ...modelQuantities,
  ...testQuantities,
  ...penaltyQuantities,
  ...metricQuantities,
  ...weightQuantities,
  ...layerQuantities,
  ...stateQuantities,
] as const;
export type TestQuantity = (typeof testQuantities)[number];
export type Quantity = (typeof quantities)[number];

/** Index of a column, or −1. */
export function columnIndex(
  columns: readonly Column[],
  quantity: Quantity,
  layer: number | null = null,
  name: string | null = null,
): number {
  return columns.findIndex((c) => c.quantity === quantity && c.layer === layer && c.name === name);
}
