/**
 * The meaning of a config once parsed: every default is filled in, and every model is complete.
 *
 * A `JsonPath` names the place of a value in the *source text*, so that findings and errors can be shown there.
 * Resolved values carry their path because a value can be written elsewhere: a model may take its `data` from the
 * config's top level.
 */

import type { JsonPath, JsonValue } from "./jsonPath.ts";
import type { DataConfig } from "./resolvedData.ts";
import type { DiagnosisConfig } from "./resolvedDiagnosis.ts";
import type { TrainingConfig } from "./resolvedTraining.ts";

export type { JsonPath, JsonValue } from "./jsonPath.ts";
export type {
  AddingProblemData,
  ArrayFile,
  ArraysData,
  CopyMemoryData,
  DataConfig,
  DelayedRecallData,
  MackeyGlassForecastingData,
  NamedArray,
  NamedArraysData,
  ParityData,
  SequentialDigitsData,
  SineForecastingData,
  TableData,
  TableWriting,
  TaskData,
  TemporalOrderData,
  TextData,
} from "./resolvedData.ts";
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
  /** Name of the layer whose weights it uses; omitted: its own. */
  readonly shares?: string;
  /**
   * The factory's arguments as written, without `type`, `name`, `inputs` and `initialState`; inner layers (`layer`,
   * `cell`) are still JSON.
   */
  readonly args: { readonly [key: string]: JsonValue };
  readonly path: JsonPath;
}
