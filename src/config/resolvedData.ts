/** The data of a model, with every default filled in. The schemas explain each value. */

import type * as z from "zod";
import type { Filled } from "./filled.ts";
import type { Immutable } from "./immutable.ts";
import type { arraysSchema } from "./schema/data/arrays.ts";
import type { mackeyGlassForecastingSchema, sineForecastingSchema } from "./schema/data/forecasting.ts";
import type { tableSchema } from "./schema/data/table.ts";
import type {
  addingProblemSchema,
  copyMemorySchema,
  delayedRecallSchema,
  paritySchema,
  sequentialDigitsSchema,
  temporalOrderSchema,
} from "./schema/data/tasks.ts";
import type { characterLanguageModelSchema } from "./schema/data/text.ts";
import type { writing } from "./schema/data/writing.ts";

export type DataConfig = TaskData | TextData | TableData | ArraysData | NamedArraysData;

/** What a schema accepts; properties `Null` have null in place of what a config leaves out. */
type Given<Schema extends z.ZodType, Null extends keyof z.infer<Schema>> = Immutable<
  Omit<z.infer<Schema>, Null> & Filled<Pick<z.infer<Schema>, Null>>
>;

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

interface Task {
  readonly kind: "task";
}

/** A task that forecasts; `ahead` is the config's `horizon`: timesteps from the last visible one to the one to forecast. */
interface Forecast extends Task {
  readonly ahead: number;
}

export type AddingProblemData = Given<typeof addingProblemSchema, "test"> & Task;
export type TemporalOrderData = Given<typeof temporalOrderSchema, "test"> & Task;
export type ParityData = Given<typeof paritySchema, "test"> & Task;
export type CopyMemoryData = Given<typeof copyMemorySchema, "test"> & Task;
export type DelayedRecallData = Given<typeof delayedRecallSchema, "test"> & Task;
export type SequentialDigitsData = Given<typeof sequentialDigitsSchema, "test"> & Task;
export type SineForecastingData = Omit<Given<typeof sineForecastingSchema, "test">, "horizon"> & Forecast;
export type MackeyGlassForecastingData = Omit<Given<typeof mackeyGlassForecastingSchema, "test">, "horizon"> & Forecast;

/** A text file, cut into pieces of `length` characters; the target of each character is the next. */
export interface TextData extends Given<typeof characterLanguageModelSchema, "test"> {
  readonly kind: "text";
}

type GivenArrays = Given<typeof arraysSchema, "test" | "classes">;

/** An array in a file. `array` null: the only array, otherwise the one named like its key. */
export type ArrayFile = Immutable<
  Omit<z.infer<typeof arraysSchema>["inputs"], "array"> & { readonly array: string | null }
>;

/** Arrays in files; their first axis counts the samples. */
export interface ArraysData extends Omit<GivenArrays, "inputs" | "targets" | "weights"> {
  readonly kind: "arrays";
  readonly inputs: ArrayFile;
  readonly targets: ArrayFile;
  readonly weights?: ArrayFile | undefined;
}

/** Arrays for a model with several inputs or outputs; at least one of the two lists has several. */
export interface NamedArraysData extends Omit<GivenArrays, "inputs" | "targets" | "weights" | "classes"> {
  readonly kind: "namedArrays";
  /** In the order in which they are written. A single one without a name is named as the model's input is by default. */
  readonly inputs: readonly NamedArray[];
  /** Likewise; a single one without a name has the name null: the model's only output. */
  readonly targets: readonly (ArrayFile & { readonly name: string | null })[];
  /** Weights of the samples in the losses of all outputs; omitted: all weigh the same. */
  readonly weights?: ArrayFile | undefined;
}

export type NamedArray = ArrayFile & { readonly name: string };

/** How a table is written; what is omitted is detected from the file. */
export type TableWriting = Immutable<z.infer<z.ZodObject<typeof writing>>>;

type GivenTable = Given<typeof tableSchema, "classes" | "window" | "test">;

/** A table in text. Without `window` each row is a sample; with it each sample is that many rows in order. */
export interface TableData extends Omit<GivenTable, "horizon" | "targetRows" | "shuffle"> {
  readonly kind: "table";
  /** The config's `horizon`: rows from the window's last row to the target's; 0 is that row itself. */
  readonly ahead: number;
  /** Number of consecutive rows that form the target; omitted: one. */
  readonly targetRows?: number | undefined;
  /** Whether the test samples are drawn at random; false: the last ones are kept. */
  readonly shuffle: boolean;
}
