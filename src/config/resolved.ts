/**
 * The meaning of a config once parsed: every default is filled in, and every model is complete.
 *
 * A `JsonPath` names the place of a value in the *source text*, so that findings and errors can be shown there.
 * Resolved values carry their path because a value can be written elsewhere: a model may take its `data` from the
 * config's top level.
 */

import type { Encoding } from "./encodings.ts";
import type { JsonPath, JsonValue } from "./jsonPath.ts";
import type { DiagnosisConfig } from "./resolvedDiagnosis.ts";
import type { TrainingConfig } from "./resolvedTraining.ts";
import type { Scaled } from "./scaling.ts";

export type { JsonPath, JsonValue } from "./jsonPath.ts";
export type { DiagnosisConfig, DiagnosisRules } from "./resolvedDiagnosis.ts";
export type {
  CheckpointConfig,
  ClassWeightConfig,
  ClipConfig,
  EarlyStoppingConfig,
  LossName,
  MetricName,
  OptimizerConfig,
  OutputLossConfig,
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
  /** Place of the model's entry: `["models", name]`. */
  readonly path: JsonPath;
  /** Name of the model that it extends, with which it is compared by default. */
  readonly base: string | null;
  /** In topological order: each layer follows its inputs. Empty if the model comes from a file. */
  readonly layers: readonly LayerEntry[];
  /** Names of its inputs; `["input"]` if it does not name them. Empty if the model comes from a file. */
  readonly inputs: readonly string[];
  /** Names of the layers whose outputs are the model's, usually the last one alone. Empty if the model comes from a file. */
  readonly outputs: readonly string[];
  readonly file: ModelFile | null;
  /** Initial weights that replace those of the file or those that initializers draw. */
  readonly weights: ModelFile | null;
  readonly data: DataConfig;
  readonly dataPath: JsonPath;
  readonly training: TrainingConfig;
  readonly trainingPath: JsonPath;
  readonly diagnosis: DiagnosisConfig;
}

/** A saved model: Keras's `.keras` or `.h5`, or tfjs's `model.json`. */
export interface ModelFile {
  /** As written; relative to the config's folder. */
  readonly name: string;
  /** Place of the file's name in the config; all problems in its layers are shown there. */
  readonly path: JsonPath;
}

/** One entry of `layers`: a tf.layers factory with its arguments. */
export interface LayerEntry {
  /** Name of the tf.layers factory, e.g. `simpleRNN`. */
  readonly type: string;
  /** Unique within the model; the config's `name`, or the Keras-style default (`simple_rnn`, `simple_rnn_1`). */
  readonly name: string;
  /**
   * Its inputs: names of layers (for their outputs), `layer.h` or `layer.c` (for a recurrent layer's last state), or
   * names of the model's inputs. Usually just the previous layer.
   */
  readonly inputs: readonly string[];
  /**
   * The states with which a recurrent layer begins, in the same notation and in its own order (h, c); omitted: zeros.
   */
  readonly initialState?: readonly string[];
  /**
   * The factory's arguments as written, without `type`, `name`, `inputs` and `initialState`; inner layers (`layer`,
   * `cell`) are still JSON.
   */
  readonly args: { readonly [key: string]: JsonValue };
  readonly path: JsonPath;
}

export type DataConfig = TaskData | TextData | TableData | ArraysData | NamedArraysData;

/** The part that all data have in common. */
interface Tested {
  /** Share of the samples held out for testing; null: none. */
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
  /** Number of blanks between the symbols and the recall; the sequence has `length + 2 × symbols` timesteps. */
  readonly length: number;
  /** Number of symbols to remember (10 in the literature). */
  readonly symbols: number;
  /** Number of different symbols (8 in the literature). */
  readonly alphabet: number;
}

export interface DelayedRecallData extends SequenceTask<"delayedRecall"> {
  /** Number of timesteps at the start that show the class; less than `length`. */
  readonly cue: number;
  readonly noiseVariance: number;
}

export interface SequentialDigitsData extends Task<"sequentialDigits"> {
  readonly permute: boolean;
}

export interface SineForecastingData extends SequenceTask<"sineForecasting"> {
  /** Number of timesteps of one oscillation. */
  readonly period: number;
  /** Number of timesteps from the last visible one to the one to forecast. */
  readonly ahead: number;
}

export interface MackeyGlassForecastingData extends SequenceTask<"mackeyGlassForecasting"> {
  /** τ of the equation, in timesteps. */
  readonly delay: number;
  readonly ahead: number;
}

/** A text file, cut into pieces of `length` characters; the target of each character is the next. */
export interface TextData extends Tested {
  readonly kind: "text";
  readonly task: "characterLanguageModel";
  /** As written; relative to the config's folder. */
  readonly file: string;
  /** Omitted: UTF-8, or the encoding of the file's byte order mark. */
  readonly encoding?: Encoding | undefined;
  readonly length: number;
  /** Omitted: indices. */
  readonly inputs?: "indices" | "oneHot" | undefined;
  /** Omitted: each. */
  readonly targets?: "each" | "last" | undefined;
  /** Number of characters from the beginning of a sample to that of the next one; omitted: `length`. */
  readonly stride?: number | undefined;
  readonly lowerCase?: boolean | undefined;
}

/** Arrays in files; their first axis counts the samples. */
export interface ArraysData extends Tested, Scaled {
  readonly kind: "arrays";
  readonly inputs: ArrayFile;
  readonly targets: ArrayFile;
  /** The class labels in the order of their indices; null: the targets are indices, or not classes. */
  readonly classes: readonly number[] | null;
  /** Weights of samples, or of their timesteps, in the loss; omitted: all weigh the same. */
  readonly weights?: ArrayFile | undefined;
  readonly shuffle: boolean;
}

/** Arrays for a model with several inputs or outputs; at least one of the two lists has several. */
export interface NamedArraysData extends Tested, Scaled {
  readonly kind: "namedArrays";
  /** In the order in which they are written. A single one without a name is named as the model's input is by default. */
  readonly inputs: readonly NamedArray[];
  /** Likewise; a single one without a name has the name null: the model's only output. */
  readonly targets: readonly (ArrayFile & { readonly name: string | null })[];
  /** Weights of the samples in the losses of all outputs; omitted: all weigh the same. */
  readonly weights?: ArrayFile | undefined;
  readonly shuffle: boolean;
}

export interface NamedArray extends ArrayFile {
  readonly name: string;
}

export interface ArrayFile {
  /** As written, ending in .npy, .npz or .json; relative to the config's folder. */
  readonly file: string;
  /** Name of one of the file's arrays; null: the only array, otherwise the one named like this key. */
  readonly array: string | null;
  /** Encoding of a JSON file; omitted: UTF-8, or the encoding of its byte order mark. */
  readonly encoding?: Encoding | undefined;
}

/** How a table is written; what is omitted is detected from the file. */
export interface TableWriting {
  readonly encoding?: Encoding | undefined;
  readonly separator?: "," | ";" | "\t" | "|" | " " | undefined;
  readonly decimal?: "." | "," | undefined;
  readonly thousands?: "," | "." | " " | "'" | undefined;
  readonly header?: boolean | undefined;
  readonly missing?:
    | {
        readonly marks?: readonly (string | number)[] | undefined;
        readonly fill?: "forward" | "interpolate" | "drop" | undefined;
      }
    | undefined;
  readonly order?: { readonly by: string | readonly string[]; readonly dayFirst?: boolean | undefined } | undefined;
}

/** A table in text. Without `window` each row is a sample; with it each sample is that many rows in order. */
export interface TableData extends Tested, Scaled, TableWriting {
  readonly kind: "table";
  /** As written; relative to the config's folder. */
  readonly file: string;
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
  /** Same as for arrays. */
  readonly classes: readonly (number | string)[] | null;
  /** The column with the samples' weights in the loss; omitted: all weigh the same. */
  readonly weights?: string | undefined;
  /** Rows per sample (T); null: one row is one sample without a time axis. */
  readonly window: number | null;
  /** Number of rows from the window's last row to the target's; 0 is that row itself. */
  readonly ahead: number;
  /** Number of consecutive rows that form the target; omitted: one. */
  readonly targetRows?: number | undefined;
  /** Whether the test samples are drawn at random; false: the last ones are kept. */
  readonly shuffle: boolean;
}
