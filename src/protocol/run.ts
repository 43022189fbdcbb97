/** What is known of a run before its first step. */

import type { Problem } from "../config/problem.ts";
import type { ConfigPath, DiagnosisConfig } from "../config/resolved.ts";
import type { DataFacts } from "./dataFacts.ts";

export type RunKind = "probe" | "train";
export type BackendName = "tensorflow" | "wasm" | "cpu";

export interface BackendInfo {
  readonly name: BackendName;
  /** For people: `WASM (SIMD)`, `TensorFlow 2.9.1 (tfjs-node)`. */
  readonly label: string;
  /** The rungs above it on the ladder and why each was not taken. */
  readonly rejected: readonly { readonly name: BackendName; readonly reason: string }[];
}

export interface RunInfo {
  readonly runId: string;
  readonly kind: RunKind;
  /** Path of the config file. */
  readonly config: string;
  readonly model: string;
  readonly modelPath: ConfigPath;
  readonly layers: readonly LayerInfo[];
  /** Meaning of the columns of a frame's `rows`. */
  readonly columns: readonly Column[];
  /** Steps the run will take; null: as many as the time budget allows. */
  readonly plannedSteps: number | null;
  /** Samples per step, all batches that it accumulates together. */
  readonly batchSize: number;
  readonly parameters: number;
  readonly backend: BackendInfo;
  /** What the author of the data should know although they can be learnt from. */
  readonly dataWarnings: readonly Problem[];
  /** Loss of the best constant predictor; null where none is known. */
  readonly baselineLoss: number | null;
  /** Timesteps back the gradient needs to reach; null for a model without recurrent layers. */
  readonly requiredLag: number | null;
  /** Where `requiredLag` is from. */
  readonly requiredLagSource: "config" | "task" | "estimated" | "sequence-length" | null;
  /** Null: not measured. */
  readonly data: DataFacts | null;
  readonly diagnosis: DiagnosisConfig;
  /** Norm limits in force, or null: shown beside pre- and post-clip norms. */
  readonly clip: { readonly value: number | null; readonly norm: number | null; readonly globalNorm: number | null };
  readonly trainingPath: ConfigPath;
}

export interface LayerInfo {
  /** Config name; the inner layers of a wrapper follow a slash: `bidirectional/forward`. */
  readonly name: string;
  /** tf.layers factory name. */
  readonly type: string;
  /** Place of its entry in the config. */
  readonly path: ConfigPath;
  /** Short weight names: `kernel`, `recurrent_kernel`, `bias`. */
  readonly weights: readonly string[];
  /** Of its output (a recurrent layer's: of its state), tfjs's name for it; null where it has none. */
  readonly activation: string | null;
  /** Of the gates of a recurrent layer; null where it has none. */
  readonly gateActivation: string | null;
  /** Length of its output's last axis; null where that is not known. */
  readonly width: number | null;
  /** What its weights are alike in before the first step; null where they are not of a kind that can be. */
  readonly symmetry: SymmetryInfo | null;
  readonly recurrent: RecurrentInfo | null;
}

/** Of the initial (or loaded) weights. */
export interface SymmetryInfo {
  /** Share of units whose incoming weights are those of another unit. */
  readonly units: number;
  /** Share of inputs whose outgoing weights are those of another input. */
  readonly inputs: number;
}

/** Hidden state, cell of an LSTM, external memory. */
export const stateNames = ["h", "c", "m"] as const;
export type StateName = (typeof stateNames)[number];

export interface RecurrentInfo {
  /** T; of masked data the most that a sample has without its padding. */
  readonly timesteps: number;
  readonly units: number;
  readonly states: readonly StateName[];
  /** `input`, `forget`, `output` (LSTM), `update`, `reset` (GRU); empty for simpleRNN. */
  readonly gates: readonly string[];
  /** Reads the sequence from its end; its timestep 1 is the sequence's last position. */
  readonly reversed: boolean;
  /** What measures it: fused kernels, taps in tfjs's own loop, or the layer's own code (externalMemory). */
  readonly method: "kernel" | "taps" | "own";
  /**
   * log₁₀ of the smallest norm that can be told from zero: about −38 where gradients enter at every timestep in float32
   * (layers that return sequences); null: no limit, the gradient travels through time with its own power of two.
   */
  readonly floor: number | null;
}

/**
 * A scalar measured at every step. `layer` indexes `RunInfo.layers`; `name` is a weight or a state.
 * Norms are L2/Frobenius, linear (not log) unless the quantity says otherwise.
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
  /** Milliseconds the step took. */
  "milliseconds",
  /** In force in the step's update: the schedule's. */
  "learningRate",
  /**
   * The learning rate from which on the step's update would have raised the loss of its own batch, by the loss's curvature
   * along it; measured at a few steps only, NaN at all others and where the loss does not curve up.
   */
  "stableRate",
] as const;

/** Scalars of the whole model at the end of an epoch and of the run, where the data keep samples for testing; NaN at all other steps. */
export const testQuantities = [
  /** Mean over the test samples after the step's update; Infinity also for one that is not a number. */
  "testLoss",
  /** Share of right answers, for classifications. */
  "testAccuracy",
] as const;

/** Scalars of the whole model whose layers have regularizers. */
export const penaltyQuantities = [
  /** What the regularizers add to the step's loss, before its update. */
  "penalty",
] as const;

/** Scalars of the whole model that the config asks for (`name` = the metric, as the config has it). */
export const metricQuantities = [
  /** Of the step's batch, before its update; NaN where no position counts. */
  "metric",
  /** Of the test samples, where there is a `testLoss`; NaN at all other steps. */
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
  /** NaN or Inf entries of the gradient before clipping. */
  "weightNonFinite",
] as const;

/** Scalars of each layer's output. */
export const layerQuantities = [
  "outputGradientNorm",
  "activationMean",
  "activationStd",
  /** Share of units that are zero for the whole batch (and all timesteps). */
  "activationDead",
  /** Share of output entries within 1 % of the ends of the activation's range; NaN where it has none. */
  "activationSaturated",
  "activationNonFinite",
  /** First timestep at which the states of a recurrent layer are not finite, in its reading order; 0 where all are. */
  "stateNonFiniteFrom",
] as const;

/** Scalars of each state of each recurrent layer (`name` = the state), reduced from its profiles. */
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
