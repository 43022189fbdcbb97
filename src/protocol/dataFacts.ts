/** What is known of the data a model is trained on, measured once when they are loaded. */

import * as z from "zod";

/** Columns that are told one by one. */
export const maxColumnFacts = 64;
/** Class indices that are told. */
export const maxClassFacts = 1000;

const anyNumber = z.custom<number>((v) => typeof v === "number");
/** Never NaN: what measures it says what a share that is not known becomes. */
const share = z.number().min(0).max(1);

/** One column (feature) over the samples to learn from and all timesteps. Figures are of its finite values. */
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
  /** Share of values farther from the median than ten times the distance between the quartiles; 0 where that distance is 0. */
  outliers: share,
  /** Index of the first column with the same values; null: there is none before it. */
  duplicateOf: z.int().nonnegative().nullable(),
});
export type ColumnFacts = z.infer<typeof columnFactsSchema>;

const partFactsSchema = z.strictObject({
  /** At most `maxColumnFacts` of them; the others are in `overall` only. */
  columns: z.array(columnFactsSchema).max(maxColumnFacts),
  /** Over all columns together. */
  overall: columnFactsSchema,
});
export type PartFacts = z.infer<typeof partFactsSchema>;

const lagEstimateSchema = z.strictObject({
  /** Timesteps back from the last (or from each timestep that has a target) that the targets depend on; 0: on no earlier one. */
  lag: z.int().nonnegative(),
  /** What it rests on: the data alone, or what the trained net loses when older inputs are exchanged among samples. */
  method: z.enum(["partial-autocorrelation", "mutual-information", "measured-need"]),
  /** 0 to 1: how sure it is that nothing older matters. */
  confidence: share,
  /** Share of the targets' variance (or entropy) that the inputs within the lag explain; 0: nothing was found. */
  explained: share,
  /**
   * Loss that a quick model reaches on samples it was not fitted to, as a share of the baseline's: so low at least the data
   * allow, 1 where it finds nothing. Null: it cannot tell (many classes), or was not asked (measured need).
   */
  achievable: share.nullable(),
  /**
   * 0 to 1: how sure it is that no model reaches a lower loss than `achievable`. Another question than `confidence`: a
   * dependence on the first input leaves no older one to miss, and what it amounts to may still be unknown. 0 where
   * `achievable` is null.
   */
  achievableConfidence: share,
});
export type LagEstimate = z.infer<typeof lagEstimateSchema>;

/** How the inputs come to the first layer that weighs them. */
const readingSchema = z.strictObject({
  /** As numbers, as indices of what an embedding looks up, or only after a layer has normalized them. */
  as: z.enum(["values", "indices", "normalized"]),
  /** Layers of the net before it that rescale them give `scale` × x + `offset`. */
  scale: anyNumber,
  offset: anyNumber,
});
export type Reading = z.infer<typeof readingSchema>;

export const dataFactsSchema = z.strictObject({
  samples: z.int().nonnegative(),
  /** Absent: as numbers, unchanged. */
  reading: readingSchema.optional(),
  inputs: partFactsSchema,
  targets: partFactsSchema,
  /** The targets' percentiles from the 0th to the 100th, all columns together; absent: not measured. */
  targetPercentiles: z.array(anyNumber).length(101).optional(),
  /** Class indices that occur, ascending, where the targets are classes; at most `maxClassFacts`; null: they are none. */
  classes: z.array(z.int()).max(maxClassFacts).nullable(),
  /** Rows of zeros at an end of the samples; null: inputs without a time axis, or none. */
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
  /** From the data at load; null: not looked for, or not to be told. */
  lag: lagEstimateSchema.nullable(),
});
export type DataFacts = z.infer<typeof dataFactsSchema>;
