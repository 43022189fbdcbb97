/**
 * What a config means once parsed: every default filled in, every model whole on its own.
 *
 * A `ConfigPath` names the place a value came from in the *source text*, so that findings and errors
 * can be shown there. Resolved values carry their path because it is not always where one would
 * look: a model may take its `data` from the top of the config.
 */

import type { Scaled } from "./scaling.ts";

/** A place in the config: property names and array indices from the root, as jsonc-parser counts them. */
export type ConfigPath = readonly (string | number)[];

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface ResolvedConfig {
  readonly models: readonly ResolvedModel[];
}

export interface ResolvedModel {
  readonly name: string;
  /** Where the model's entry is: `["models", name]`. */
  readonly path: ConfigPath;
  /** Name of the model it extends: what it is compared with unless told otherwise. */
  readonly base: string | null;
  /** Empty where the model is a file's. */
  readonly layers: readonly LayerEntry[];
  readonly file: ModelFile | null;
  readonly data: DataConfig;
  readonly dataPath: ConfigPath;
  readonly training: TrainingConfig;
  readonly trainingPath: ConfigPath;
  readonly diagnosis: DiagnosisConfig;
}

/** A saved model: Keras's `.keras` or `.h5`, or tfjs's `model.json`. */
export interface ModelFile {
  /** As written; relative to the config's folder. */
  readonly name: string;
  /** Where it is written; all that is found in its layers is shown there. */
  readonly path: ConfigPath;
}

/** One entry of `layers`: a tf.layers factory with its arguments. */
export interface LayerEntry {
  /** Name of the tf.layers factory, e.g. `simpleRNN`. */
  readonly type: string;
  /** Unique within the model; the config's `name`, or the Keras-style default (`simple_rnn`, `simple_rnn_1`). */
  readonly name: string;
  /** Names of the layers whose outputs this one takes; `"input"` is the model's input. Usually just the previous layer. */
  readonly inputs: readonly string[];
  /** The factory's arguments as written, without `type`, `name` and `inputs`; inner layers (`layer`, `cell`) still as JSON. */
  readonly args: { readonly [key: string]: JsonValue };
  readonly path: ConfigPath;
}

export type DataConfig = TaskData | TextData | TableData | ArraysData;

/** What all data have. */
interface Tested {
  /** Share of the samples that is kept for testing; null: none. */
  readonly test: number | null;
}

/** A built-in task. `samples` sequences are made once from `seed`. */
export type TaskData =
  | AddingProblemData
  | CopyMemoryData
  | TemporalOrderData
  | DelayedRecallData
  | ParityData
  | SequentialDigitsData
  | SineForecastingData
  | MackeyGlassForecastingData;

interface Task<Name extends string> extends Tested {
  readonly kind: "task";
  readonly task: Name;
  readonly samples: number;
  readonly seed: number;
}

/** A task whose sequences have T = `length` timesteps. */
interface SequenceTask<Name extends string> extends Task<Name> {
  readonly length: number;
}

export type AddingProblemData = SequenceTask<"addingProblem">;
export type TemporalOrderData = SequenceTask<"temporalOrder">;
export type ParityData = SequenceTask<"parity">;

export interface CopyMemoryData extends Task<"copyMemory"> {
  /** Blanks between the symbols and the recall; the sequence has `length + 2 × symbols` timesteps. */
  readonly length: number;
  /** How many symbols are to be remembered (10 in the literature). */
  readonly symbols: number;
  /** How many different symbols there are (8 in the literature). */
  readonly alphabet: number;
}

export interface DelayedRecallData extends SequenceTask<"delayedRecall"> {
  /** Timesteps at the start that tell the class; less than `length`. */
  readonly cue: number;
  readonly noiseVariance: number;
}

export interface SequentialDigitsData extends Task<"sequentialDigits"> {
  readonly permute: boolean;
}

export interface SineForecastingData extends SequenceTask<"sineForecasting"> {
  /** Timesteps of one oscillation. */
  readonly period: number;
  /** Timesteps from the last that is seen to the one to forecast. */
  readonly horizon: number;
}

export interface MackeyGlassForecastingData extends SequenceTask<"mackeyGlassForecasting"> {
  /** τ of the equation, in timesteps. */
  readonly delay: number;
  readonly horizon: number;
}

/** A text file, cut into pieces of `length` characters; the target of each character is the next. */
export interface TextData extends Tested {
  readonly kind: "text";
  readonly task: "characterLanguageModel";
  /** As written; relative to the config's folder. */
  readonly file: string;
  readonly length: number;
}

/** Arrays in files, whose first axis counts the samples. */
export interface ArraysData extends Tested, Scaled {
  readonly kind: "arrays";
  readonly inputs: ArrayFile;
  readonly targets: ArrayFile;
  /** The labels of the classes in the order of their indices; null: the targets are indices, or no classes. */
  readonly classes: readonly number[] | null;
  /** What samples, or their timesteps, count in the loss; left out: all the same. */
  readonly weights?: ArrayFile | undefined;
  readonly shuffle: boolean;
}

export interface ArrayFile {
  /** As written, ending in .npy, .npz or .json; relative to the config's folder. */
  readonly file: string;
  /** Which of the file's arrays; null: the only one, else the one with its key's name. */
  readonly array: string | null;
}

/** A CSV file with a header row. Without `window` each row is a sample; with it each sample is that many rows in order. */
export interface TableData extends Tested, Scaled {
  readonly kind: "table";
  /** As written; relative to the config's folder. */
  readonly file: string;
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
  /** As of arrays. */
  readonly classes: readonly number[] | null;
  /** The column of what samples count in the loss; left out: all the same. */
  readonly weights?: string | undefined;
  /** Rows per sample (T); null: one row is one sample without a time axis. */
  readonly window: number | null;
  /** How many rows after the window's last row the target is taken; 0 is that row itself. */
  readonly horizon: number;
  /** Whether the test samples are drawn at random; false: the last ones are kept. */
  readonly shuffle: boolean;
}

export type LossName =
  | "meanSquaredError"
  | "meanAbsoluteError"
  | "binaryCrossentropy"
  | "categoricalCrossentropy"
  | "sparseCategoricalCrossentropy";

/** What is told beside the loss. */
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

/** How the learning rate changes over the steps; `warmup` steps rise to it linearly before. */
export type ScheduleConfig = { readonly warmup: number } & (
  | { readonly type: "constant" }
  | { readonly type: "step" | "exponential" | "inverseTime"; readonly every: number; readonly factor: number }
  /** `steps` null: the rest of a training run. `final` is a share of the learning rate. */
  | { readonly type: "cosine"; readonly steps: number | null; readonly final: number }
  | { readonly type: "polynomial"; readonly steps: number | null; readonly final: number; readonly power: number }
  | {
      readonly type: "reduceOnPlateau";
      readonly factor: number;
      /** Epochs. */
      readonly patience: number;
      readonly minDelta: number;
      /** Epochs. */
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
  /** What counts as an improvement. */
  readonly minDelta: number;
}

/** What a training run keeps on disk: `<folder>/<model>/last` and `<folder>/<model>/best`. */
export interface CheckpointConfig {
  /** As written; below the config's folder. */
  readonly folder: string;
  readonly keep: "best" | "last" | "both";
  /** Steps from one look to the next. */
  readonly every: number;
  /** Where it is written. */
  readonly path: ConfigPath;
}

/** How much the samples of each class count in the training loss. */
export interface ClassWeightConfig {
  /** By class index; a class that is not named weighs 1. "balanced": the rarer, the more. */
  readonly weights: "balanced" | { readonly [index: string]: number };
  /** Where it is written. */
  readonly path: ConfigPath;
}

export interface TrainingConfig {
  readonly loss: LossName;
  /** The loss takes what the model gives as logits: no softmax or sigmoid is taken off, none is expected. */
  readonly fromLogits: boolean;
  /** Null: all classes count the same. */
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
  /** Truncated back-propagation through time: timesteps after which the gradient is cut; null: never. */
  readonly truncate: number | null;
  /** Ends a training run that gets no better. */
  readonly earlyStopping: EarlyStoppingConfig | null;
  /** How long a training run is: exactly one of the two. */
  readonly length: { readonly steps: number } | { readonly epochs: number };
  readonly checkpoint: CheckpointConfig | null;
  /** Seeds weights and the order of samples. */
  readonly seed: number;
}

export interface DiagnosisConfig {
  /** How far back the task needs the gradient to reach, in timesteps; null: taken from the task, else T − 1. */
  readonly requiredLag: number | null;
  readonly rules: DiagnosisRules;
}

/** Thresholds of the rules (design: findings). `enabled: false` silences a rule. */
export interface DiagnosisRules {
  readonly "vanishing-through-time": {
    readonly enabled: boolean;
    /** Share of the last state gradient that must survive, ε of the horizon. */
    readonly epsilon: number;
    /** Measured steps before the rule may warn; until then it only informs. */
    readonly minSteps: number;
    /** Relative distance from the trivial baseline loss within which the net counts as not learning. */
    readonly baselineTolerance: number;
  };
  readonly "exploding-through-time": {
    readonly enabled: boolean;
    /** log₁₀ growth from the last to the first timestep above which it is flagged. */
    readonly decades: number;
  };
  readonly "exploding-gradient": {
    readonly enabled: boolean;
    /** Times the running median of the pre-clip gradient norm. */
    readonly factor: number;
    /** Absolute pre-clip gradient norm. */
    readonly norm: number;
  };
  readonly "non-finite": Switch;
  readonly "data-scale": Switch;
  readonly "output-mismatch": Switch;
  readonly "symmetric-units": Switch;
  readonly padding: Switch;
  readonly "post-norm-stack": Switch;
  readonly "nothing-to-learn": Switch;
  readonly "held-back": Switch;
  readonly "vanishing-through-depth": DepthRule;
  readonly "exploding-through-depth": DepthRule;
  readonly "dead-units": ShareRule;
  readonly "saturated-units": ShareRule;
  readonly "saturated-gates": ShareRule;
  readonly "update-ratio": {
    readonly enabled: boolean;
    /** ‖Δw‖ / ‖w‖ below which updates are too small. */
    readonly low: number;
    /** ‖Δw‖ / ‖w‖ above which they are too large. */
    readonly high: number;
    readonly minSteps: number;
  };
  readonly "loss-plateau": {
    readonly enabled: boolean;
    /** Relative distance from the trivial baseline loss within which the net counts as not learning. */
    readonly tolerance: number;
    /** Share of a training run that a net may take to begin. */
    readonly grace: number;
  };
  readonly "loss-diverging": {
    readonly enabled: boolean;
    /** Times the first loss. */
    readonly factor: number;
    /** Steps in a row it must stay there. */
    readonly minSteps: number;
  };
}

/** A rule without thresholds. */
interface Switch {
  readonly enabled: boolean;
}

interface DepthRule {
  readonly enabled: boolean;
  /** What is left of (or has become of) the gradient of a later layer's output. */
  readonly factor: number;
  readonly minSteps: number;
}

interface ShareRule {
  readonly enabled: boolean;
  /** Share of a layer's units or gate values above which it is flagged. */
  readonly share: number;
  readonly minSteps: number;
}
