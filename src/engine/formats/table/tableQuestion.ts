/** The question about a table, and the answer from its file. */

import * as z from "zod";
import type { Immutable } from "../../../config/immutable.ts";

const separators = z.enum([",", ";", "\t", "|", " "]);

export const tableQuestion = z.object({
  /** Path of the file. */
  file: z.string(),
  /** The file's name as its author writes it. */
  shown: z.string(),
  /** Names of the requested columns, in the order of the result. */
  wanted: z.array(z.string()),
  encoding: z.string().nullable(),
  separator: separators.nullable(),
  decimal: z.enum([".", ","]).nullable(),
  thousands: z.enum([",", ".", " ", "'"]).nullable(),
  header: z.boolean().nullable(),
  /** Path of the list in a JSON text that is the table; null: it is found. */
  list: z.string().nullable(),
  /** Marks of missing values in addition to the usual ones. */
  marks: z.array(z.string()),
  /** Whether missing values are filled or left out. */
  fills: z.boolean(),
  /** Words that stand for classes, in the order of their indices. */
  labels: z.array(z.string()).nullable(),
  /** Indices of the wanted columns that are targets; they hold the words of `labels`, if there are any. */
  targets: z.array(z.number()),
  /** Words of wanted columns that hold categories; the values are their indices. */
  words: z.array(z.object({ column: z.number(), words: z.array(z.string()) })),
  /** Values that some columns must have in the rows to read. */
  where: z.array(z.object({ column: z.string(), values: z.array(z.union([z.string(), z.number()])) })),
  /** Columns that name the series of a row; empty: the table is one series. */
  series: z.array(z.string()),
  /** Columns by which the rows are sorted, the most significant first. */
  orderBy: z.array(z.string()),
  dayFirst: z.boolean().nullable(),
});
export type TableQuestion = Immutable<z.infer<typeof tableQuestion>>;

/** A setting in the config that fixes a fault. */
export const remedySchema = z.union([
  z.object({ set: z.literal("header"), value: z.boolean() }),
  z.object({ set: z.literal("list"), value: z.string() }),
  z.object({ set: z.literal("encoding"), value: z.string() }),
  z.object({ set: z.literal("separator"), value: separators }),
  z.object({ set: z.literal("decimal"), value: z.enum([".", ","]) }),
  z.object({ set: z.literal("orderBy"), value: z.array(z.string()) }),
  z.object({ set: z.literal("dayFirst"), value: z.boolean(), by: z.string() }),
  z.object({ set: z.literal("series"), value: z.array(z.string()) }),
  z.object({ set: z.literal("fill") }),
  z.object({ set: z.literal("classes"), value: z.array(z.string()) }),
  z.object({ set: z.literal("oneHot"), value: z.array(z.string()) }),
  z.object({ set: z.literal("notAnInput") }),
]);
export type Remedy = Immutable<z.infer<typeof remedySchema>>;

/** A fault of the file, of a requested column (`column`, its index), or of another key of the data section (`place`). */
export const tableFaultSchema = z.object({
  message: z.string(),
  column: z.number().nullable(),
  place: z.array(z.string()).optional(),
  remedies: z.array(remedySchema).optional(),
});
export type TableFault = Immutable<z.infer<typeof tableFaultSchema>>;

/** A remark about a file that can be read. */
export const tableRemarkSchema = z.object({
  /** `time`: it matters only if rows are read in their order. */
  about: z.enum(["time", "numbers"]),
  message: z.string(),
  remedies: z.array(remedySchema),
});
export type TableRemark = Immutable<z.infer<typeof tableRemarkSchema>>;

export const tableColumnsSchema = z.object({
  rows: z.number(),
  /** One array per requested column, in the requested order; NaN if the value is missing. */
  columns: z.array(z.instanceof(Float64Array)),
  /** First row of each series, then the number of rows. */
  bounds: z.instanceof(Uint32Array),
  /** Whether the rows are in the order of time, as far as a column shows it. */
  timed: z.boolean(),
  /** Interpretations of the file that could have been different, one sentence each. */
  notes: z.array(z.string()),
  remarks: z.array(tableRemarkSchema),
});
export type TableColumns = Immutable<z.infer<typeof tableColumnsSchema>>;
