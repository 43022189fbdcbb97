/** The data that a model is trained on, held in memory as a whole. */

import type { Problem } from "../../config/problem.ts";
import type { LossName, OutputLossConfig } from "../../config/resolved.ts";
import type { PositionWeights } from "./positionWeights.ts";

export interface Samples {
  readonly samples: number;
  /** `samples × inputShape`, row-major. */
  readonly inputs: Float32Array;
  /** `samples × targetShape`, row-major. */
  readonly targets: Float32Array;
  /** Weight of each sample, or of each of its timesteps, in the loss; omitted: all weigh the same. */
  readonly weights?: Float32Array | undefined;
}

/** One input or output of several. */
export interface DatasetPart {
  /** Null: the only output. */
  readonly name: string | null;
  /** A data set with this input, or with these targets, alone on its side. */
  readonly of: Dataset;
}

/** Its own `samples`, `inputs` and `targets` are the training samples. */
export interface Dataset extends Samples {
  /** Samples held out for testing; null: the config holds none out. */
  readonly test: Samples | null;
  /** Shape of one sample: `[timesteps, features]`, or `[features]` without a time axis. */
  readonly inputShape: readonly number[];
  /** Shape of one sample; for class indices the last axis is 1. */
  readonly targetShape: readonly number[];
  readonly features: number;
  readonly timesteps: number | null;
  /** Sample i + `continues` continues sample i; omitted: it is unknown which sample follows which. */
  readonly continues?: number | undefined;
  /** Whether the samples are windows that move over a series row by row; omitted: it is unknown. */
  readonly moving?: boolean;
  /** Number of classes if the targets are class indices. */
  readonly classes: number | null;
  /** How far back the task needs the gradient to reach; null: unknown. */
  readonly requiredLag: number | null;
  /**
   * Loss of the best predictor that ignores the inputs, on the training samples; null if the loss does not suit the
   * targets.
   * @param weights the loss's weights of the training samples.
   */
  baselineLoss(loss: LossName, weights?: PositionWeights | null): number | null;
  /** The same targets on a separate time axis, for a net with such an output; omitted: there is no other form. */
  readonly inRows?: Pick<Dataset, "targetShape" | "baselineLoss" | "columns"> | undefined;
  /**
   * For a model with several inputs or outputs: each of them, in the model's order. The data set's own samples then have
   * the values of all inputs, and of all targets, one after the other. Omitted: it has one of each.
   */
  readonly parts?: { readonly inputs: readonly DatasetPart[]; readonly targets: readonly DatasetPart[] };
  /** Names of the features and of the targets' last axis, if they have names. */
  readonly columns?: { readonly inputs: readonly string[]; readonly targets: readonly string[] };
  /** Problems that do not prevent training, but that the author should know about. */
  readonly warnings: readonly Problem[];
}

/** The training settings that decide how the samples are encoded: the loss determines how classes are written. */
export interface DataTraining {
  readonly loss: LossName;
  /** Losses of several outputs; omitted: all have the one loss. */
  readonly losses?: readonly OutputLossConfig[] | undefined;
  /** Place of the training section, which holds the `loss`. */
  readonly path: readonly (string | number)[];
}
