/** What is known about a model's training data, measured once when the data are loaded. */

import * as z from "zod";
import type { Immutable } from "../config/immutable.ts";
import { lossNames } from "../config/schema/names.ts";
import { anyNumber, share } from "./numbers.ts";

/** Most columns that are reported one by one. */
export const maxColumnFacts = 64;
/** Most class indices that are reported. */
export const maxClassFacts = 1000;
/** Most inputs, and most outputs, whose arrays are reported. */
export const maxArrayFacts = 32;

/** One column (feature) over the training samples and all timesteps. The figures cover its finite values. */
const columnFactsSchema = z.strictObject({
  /** The table's column; null for a feature of an array. */
  name: z.string().nullable(),
  mean: anyNumber,
  /** Population standard deviation. */
  deviation: anyNumber,
  min: anyNumber,
  max: anyNumber,
  /** Whether every value is a whole number. */
  whole: z.boolean(),
  /** Share of values farther from the median than ten interquartile ranges; 0 if that range is 0. */
  outliers: share,
  /** Index of the first column with the same values; null: there is no earlier one. */
  duplicateOf: z.int().nonnegative().nullable(),
});
export type ColumnFacts = Immutable<z.infer<typeof columnFactsSchema>>;

const partFactsSchema = z.strictObject({
  /** At most `maxColumnFacts` of them; the others are included only in `overall`. */
  columns: z.array(columnFactsSchema).max(maxColumnFacts),
  /** Over all columns together. */
  overall: columnFactsSchema,
});
export type PartFacts = Immutable<z.infer<typeof partFactsSchema>>;

const lagEstimateSchema = z.strictObject({
  /**
   * Number of timesteps back from the last (or from each timestep with a target) on which the targets depend; 0: on no
   * earlier one.
   */
  lag: z.int().nonnegative(),
  /**
   * Source of the estimate: the data alone, or the rise of the trained net's loss when older inputs are exchanged among
   * samples.
   */
  method: z.enum(["partial-autocorrelation", "mutual-information", "measured-need"]),
  /** 0 to 1: confidence that nothing older matters. */
  confidence: share,
  /** Share of the targets' variance (or entropy) that the inputs within the lag explain; 0: nothing was found. */
  explained: share,
  /**
   * Loss that a quick model reaches on samples that it was not fitted to, as a share of the baseline's. The data allow
   * at least this loss; 1 if the model finds nothing. Null: unknown (many classes), or not estimated (measured need).
   */
  achievable: share.nullable(),
  /**
   * 0 to 1: confidence that no model reaches a lower loss than `achievable`. It differs from `confidence`: after a
   * dependence on the first input no older one can be missed, but its full effect may still be unknown. 0 if
   * `achievable` is null.
   */
  achievableConfidence: share,
});
export type LagEstimate = Immutable<z.infer<typeof lagEstimateSchema>>;

/** How the first layer that weights the inputs receives them. */
const readingSchema = z.strictObject({
  /** As numbers, as indices that an embedding looks up, or only after a layer has normalized them. */
  as: z.enum(["values", "indices", "normalized"]),
  /** Layers before it that rescale the inputs give `scale` × x + `offset`. */
  scale: anyNumber,
  offset: anyNumber,
});
export type Reading = Immutable<z.infer<typeof readingSchema>>;

/** The array of one of several inputs. */
const inputFactsSchema = z.strictObject({
  /** Name of the model's input. */
  name: z.string(),
  reading: readingSchema,
  facts: partFactsSchema,
});
export type InputFacts = Immutable<z.infer<typeof inputFactsSchema>>;

/** The targets of one of several outputs. */
const outputFactsSchema = z.strictObject({
  /** Name of the model's output; null: its only one. */
  name: z.string().nullable(),
  facts: partFactsSchema,
  percentiles: z.array(anyNumber).length(101),
  /** As `classes` of the whole. */
  classes: z.array(z.int()).max(maxClassFacts).nullable(),
  loss: z.enum(lossNames),
  fromLogits: z.boolean(),
  /** Loss of the best constant answer, without the output's weight; null: unknown. */
  baselineLoss: anyNumber.nullable(),
});
export type OutputFacts = Immutable<z.infer<typeof outputFactsSchema>>;

export const dataFactsSchema = z.strictObject({
  samples: z.int().nonnegative(),
  /** Absent: as numbers, unchanged. */
  reading: readingSchema.optional(),
  inputs: partFactsSchema,
  targets: partFactsSchema,
  /** The targets' percentiles from the 0th to the 100th, over all columns; absent: not measured. */
  targetPercentiles: z.array(anyNumber).length(101).optional(),
  /**
   * Class indices that occur, ascending, if the targets are classes; at most `maxClassFacts`; null: they are not
   * classes.
   */
  classes: z.array(z.int()).max(maxClassFacts).nullable(),
  /** Rows of zeros at an end of the samples; null: there are none, or the inputs have no time axis. */
  padding: z
    .strictObject({
      /** Share of all timesteps that are such rows. */
      share,
      at: z.enum(["start", "end"]),
      /** Longest sample without its padding. */
      longest: z.int().nonnegative(),
      /** Whether the net masks them. */
      masked: z.boolean(),
    })
    .nullable(),
  /** Estimated from the data when they are loaded; null: not estimated, or unknown. */
  lag: lagEstimateSchema.nullable(),
  /**
   * The arrays of a model with several inputs or outputs, in the model's order, the first `maxArrayFacts` of each side;
   * absent: the data have one array for each side.
   */
  arrays: z
    .strictObject({
      inputs: z.array(inputFactsSchema).max(maxArrayFacts),
      targets: z.array(outputFactsSchema).max(maxArrayFacts),
    })
    .optional(),
});
export type DataFacts = Immutable<z.infer<typeof dataFactsSchema>>;
