/** How a model is trained, with every default filled in. */

import type { JsonPath } from "./jsonPath.ts";

export type LossName =
  | "meanSquaredError"
  | "meanAbsoluteError"
  | "binaryCrossentropy"
  | "categoricalCrossentropy"
  | "sparseCategoricalCrossentropy";

/** The metrics that can be reported besides the loss. */
export type MetricName = "accuracy" | "meanAbsoluteError" | "rootMeanSquaredError";

export type OptimizerConfig =
  | { readonly type: "sgd"; readonly learningRate: number }
  | { readonly type: "momentum"; readonly learningRate: number; readonly momentum: number; readonly nesterov: boolean }
  | {
      readonly type: "rmsprop";
      readonly learningRate: number;
      readonly decay: number;
      readonly momentum: number;
      readonly epsilon: number;
      readonly centered: boolean;
    }
  | { readonly type: "adagrad"; readonly learningRate: number; readonly initialAccumulator: number }
  | { readonly type: "adadelta"; readonly learningRate: number; readonly rho: number; readonly epsilon: number }
  | {
      readonly type: "adam";
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    }
  | {
      readonly type: "adamw";
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    }
  | {
      readonly type: "adamax";
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    };

/** How the learning rate changes over the steps; before that, it rises linearly over `warmup` steps. */
export type ScheduleConfig = { readonly warmup: number } & (
  | { readonly type: "constant" }
  | { readonly type: "step" | "exponential" | "inverseTime"; readonly every: number; readonly factor: number }
  /** `steps` null: the rest of a training run. `final` is a share of the learning rate. */
  | { readonly type: "cosine"; readonly steps: number | null; readonly final: number }
  | { readonly type: "polynomial"; readonly steps: number | null; readonly final: number; readonly power: number }
  | {
      readonly type: "reduceOnPlateau";
      readonly factor: number;
      /** In epochs. */
      readonly patience: number;
      readonly minDelta: number;
      /** In epochs. */
      readonly cooldown: number;
      readonly minimum: number;
    }
);

export interface ClipConfig {
  /** Each gradient entry is limited to [-value, value]. */
  readonly value: number | null;
  /** Each weight's gradient is scaled down to this L2 norm. */
  readonly norm: number | null;
  /** All gradients are scaled down together to this L2 norm (Pascanu et al. 2013, algorithm 1). */
  readonly globalNorm: number | null;
}

/** Limits of the weights themselves, enforced after every `every`-th update. */
export interface WeightClipConfig {
  /** Each weight is limited to [-value, value]. */
  readonly value: number | null;
  /** Each unit's incoming weights are scaled down to this L2 norm. */
  readonly maxNorm: number | null;
  readonly every: number;
}

/** Magnitude pruning of each matrix; steps count from 1. */
export interface PruningConfig {
  /** Share of each matrix's entries that are zero in the end. */
  readonly sparsity: number;
  readonly begin: number;
  /** Null: halfway through a training run. */
  readonly end: number | null;
  readonly every: number;
}

export interface EarlyStoppingConfig {
  readonly monitor: "loss" | "testLoss";
  /** Epochs without improvement that end the run. */
  readonly patience: number;
  /** Smallest decrease that counts as an improvement. */
  readonly minDelta: number;
}

/** The checkpoints that a training run keeps on disk: `<folder>/<model>/last` and `<folder>/<model>/best`. */
export interface CheckpointConfig {
  /** As written; below the config's folder. */
  readonly folder: string;
  readonly keep: "best" | "last" | "both";
  /** Number of steps between two checkpoints. */
  readonly every: number;
  /** Place of the setting in the config. */
  readonly path: JsonPath;
}

/** Weights of the classes in the training loss. */
export interface ClassWeightConfig {
  /** By class index; a class that is not named has weight 1. "balanced": rarer classes weigh more. */
  readonly weights: "balanced" | { readonly [index: string]: number };
  /** Place of the setting in the config. */
  readonly path: JsonPath;
}

/** The loss of one of several outputs. */
export interface OutputLossConfig {
  /** Name of the output: of a layer. */
  readonly output: string;
  readonly loss: LossName;
  readonly fromLogits: boolean;
  /** Factor in the sum of all losses. */
  readonly weight: number;
}

export interface TrainingConfig {
  /** If each output has a loss of its own, the first one's. */
  readonly loss: LossName;
  /** The losses of the outputs; omitted: all have the loss `loss`, with weight 1. */
  readonly losses?: readonly OutputLossConfig[];
  /** Whether the loss treats the model's output as logits: no softmax or sigmoid is removed or expected. */
  readonly fromLogits: boolean;
  /** Null: all classes weigh the same. */
  readonly classWeight: ClassWeightConfig | null;
  readonly metrics: readonly MetricName[];
  readonly optimizer: OptimizerConfig;
  readonly schedule: ScheduleConfig;
  readonly clip: ClipConfig;
  readonly weightClip: WeightClipConfig | null;
  readonly pruning: PruningConfig | null;
  /** Ω of Pascanu, Mikolov & Bengio (2013), times `alpha`. */
  readonly gradientNormRegularizer: { readonly alpha: number } | null;
  readonly batchSize: number;
  /** Batches per step: their gradients are averaged before the update. */
  readonly accumulate: number;
  /** Truncated back-propagation through time: the gradient is cut after this many timesteps; null: never. */
  readonly truncate: number | null;
  /** Ends a training run that no longer improves. */
  readonly earlyStopping: EarlyStoppingConfig | null;
  /** Length of a training run: exactly one of the two. */
  readonly length: { readonly steps: number } | { readonly epochs: number };
  readonly checkpoint: CheckpointConfig | null;
  /** Seed of the weights and the order of samples. */
  readonly seed: number;
}
