/**
 * What a config means once parsed: every default filled in, every model whole on its own.
 *
 * A `ConfigPath` names the place a value came from in the *source text*, so that findings and errors
 * can be shown there. Resolved values carry their path because it is not always where one would
 * look: a model may take its `data` from the top of the config.
 */

import type { ConfigPath, JsonValue } from "./configPath.ts";
import type { DiagnosisConfig } from "./resolvedDiagnosis.ts";
import type { TrainingConfig } from "./resolvedTraining.ts";
import type { Scaled } from "./scaling.ts";

export type { ConfigPath, JsonValue } from "./configPath.ts";
export type { DiagnosisConfig, DiagnosisRules } from "./resolvedDiagnosis.ts";
export type {
  CheckpointConfig,
  ClassWeightConfig,
  ClipConfig,
  EarlyStoppingConfig,
  LossName,
  MetricName,
  OptimizerConfig,
  PruningConfig,
  ScheduleConfig,
  TrainingConfig,
  WeightClipConfig,
} from "./resolvedTraining.ts";

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
