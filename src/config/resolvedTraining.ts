/** How a model is trained, with every default filled in. The schemas explain each value. */

import type * as z from "zod";
import type { Filled } from "./filled.ts";
import type { Immutable } from "./immutable.ts";
import type { JsonPath } from "./jsonPath.ts";
import type { lossNames, metricNames } from "./schema/names.ts";
import type { scheduleSchemas } from "./schema/schedules.ts";
import type {
  checkpointSchema,
  clipSchema,
  earlyStoppingSchema,
  optimizerSchemas,
  pruningSchema,
  trainingSchema,
  weightClipSchema,
} from "./schema/training.ts";

export type LossName = (typeof lossNames)[number];

/** The metrics that can be reported besides the loss. */
export type MetricName = (typeof metricNames)[number];

export type OptimizerConfig = Immutable<z.infer<(typeof optimizerSchemas)[number]>>;

/** How the learning rate changes over the steps. `steps` null: the rest of a training run. */
export type ScheduleConfig = Immutable<Filled<z.infer<(typeof scheduleSchemas)[number]>>>;

/** Null: no limit. */
export type ClipConfig = Immutable<Filled<z.infer<typeof clipSchema>>>;

/** Limits of the weights themselves, enforced after every `every`-th update. Null: no limit. */
export type WeightClipConfig = Immutable<Filled<z.infer<typeof weightClipSchema>>>;

/** Magnitude pruning of each matrix; steps count from 1. `end` null: halfway through a training run. */
export type PruningConfig = Immutable<Filled<z.infer<typeof pruningSchema>>>;

export type EarlyStoppingConfig = Immutable<z.infer<typeof earlyStoppingSchema>>;

/** The checkpoints that a training run keeps on disk: `<folder>/<model>/last` and `<folder>/<model>/best`. */
export interface CheckpointConfig extends Immutable<z.infer<typeof checkpointSchema>> {
  /** Place of the setting in the config. */
  readonly path: JsonPath;
}

/** Weights of the classes in the training loss. */
export interface ClassWeightConfig {
  /** By class index; a class that is not named has weight 1. "balanced": rarer classes weigh more. */
  readonly weights: NonNullable<Immutable<Given>["classWeight"]>;
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

type Given = z.infer<typeof trainingSchema>;

/** The values that mean the same as in the config. */
type Kept = "metrics" | "gradientNormRegularizer" | "batchSize" | "accumulate" | "truncate" | "earlyStopping" | "seed";

export interface TrainingConfig extends Immutable<Filled<Pick<Given, Kept>>> {
  /** If each output has a loss of its own, the first one's. */
  readonly loss: LossName;
  /** The losses of the outputs; omitted: all have the loss `loss`, with weight 1. */
  readonly losses?: readonly OutputLossConfig[];
  /** Whether the loss treats the model's output as logits: no softmax or sigmoid is removed or expected. */
  readonly fromLogits: boolean;
  /** Null: all classes weigh the same. */
  readonly classWeight: ClassWeightConfig | null;
  readonly optimizer: OptimizerConfig;
  readonly schedule: ScheduleConfig;
  readonly clip: ClipConfig;
  readonly weightClip: WeightClipConfig | null;
  readonly pruning: PruningConfig | null;
  /** Length of a training run: exactly one of the two. */
  readonly length: { readonly steps: number } | { readonly epochs: number };
  readonly checkpoint: CheckpointConfig | null;
}
