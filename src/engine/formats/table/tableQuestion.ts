/** What is asked of a table, and what its file gives. */

import * as z from "zod";

export const tableQuestion = z.object({
  /** Where it is. */
  file: z.string(),
  /** How its author calls it. */
  shown: z.string(),
  /** Names of the columns; their order is that of the result. */
  wanted: z.array(z.string()),
  encoding: z.string().nullable(),
  separator: z.enum([",", ";", "\t", "|", " "]).nullable(),
  decimal: z.enum([".", ","]).nullable(),
  thousands: z.enum([",", ".", " ", "'"]).nullable(),
  header: z.boolean().nullable(),
  /** What stands for a missing value, beside what usually does. */
  marks: z.array(z.string()),
  /** Whether something is done with missing values. */
  fills: z.boolean(),
  /** Columns that the rows are put in the order of, the first one first. */
  orderBy: z.array(z.string()),
  dayFirst: z.boolean().nullable(),
});
export type TableQuestion = z.infer<typeof tableQuestion>;

/** What puts something right that the config says, or does not say. */
export const remedySchema = z.union([
  z.object({ set: z.literal("header"), value: z.boolean() }),
  z.object({ set: z.literal("encoding"), value: z.string() }),
  z.object({ set: z.literal("decimal"), value: z.enum([".", ","]) }),
  z.object({ set: z.literal("orderBy"), value: z.array(z.string()) }),
  z.object({ set: z.literal("dayFirst"), value: z.boolean(), by: z.string() }),
  z.object({ set: z.literal("fill") }),
  z.object({ set: z.literal("notAnInput") }),
]);
export type Remedy = z.infer<typeof remedySchema>;

/** What is wrong with the file, or with a column that was asked for (`column`, its index). */
export const tableFaultSchema = z.object({
  message: z.string(),
  column: z.number().nullable(),
  remedies: z.array(remedySchema).optional(),
});
export type TableFault = z.infer<typeof tableFaultSchema>;

/** What should be known of a file that can be read. */
export const tableRemarkSchema = z.object({
  /** `time`: it matters where rows are read in their order. */
  about: z.enum(["time", "numbers"]),
  message: z.string(),
  remedies: z.array(remedySchema),
});
export type TableRemark = z.infer<typeof tableRemarkSchema>;

export const tableColumnsSchema = z.object({
  rows: z.number(),
  /** One array per asked column, in the order asked; NaN where the value is missing. */
  columns: z.array(z.instanceof(Float64Array)),
  /** Whether the rows are in the order of time, as far as a column tells. */
  timed: z.boolean(),
  /** What was made of the file where it could have been something else, a sentence each. */
  notes: z.array(z.string()),
  remarks: z.array(tableRemarkSchema),
});
export type TableColumns = z.infer<typeof tableColumnsSchema>;
