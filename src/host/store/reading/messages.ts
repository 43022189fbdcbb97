/** The questions and answers of the thread that reads runs; each side checks what it receives. */

import * as z from "zod";
import type { Finding } from "../../../protocol/finding.ts";
import { findingsSchema, type StoredRun, storedRunSchema } from "../../../tensorboard/storedRun.ts";

/** A file on this machine with the number of bytes to read, as it may grow in the meantime; or the bytes of another file. */
const fileSchema = z.object({
  name: z.string(),
  content: z.union([z.number().nonnegative(), z.custom<Uint8Array>((v) => v instanceof Uint8Array)]),
});
export type RunFile = z.infer<typeof fileSchema>;

export const questionSchema = z.object({
  files: z.array(fileSchema),
  runId: z.string(),
  /** What stands for the model's name if the files do not say it. */
  model: z.string(),
  /** Tag of the language for the words of findings. */
  language: z.string(),
});
export type Question = Readonly<z.infer<typeof questionSchema>>;

export const answerSchema = z.union([
  z.object({ stored: storedRunSchema.extend({ findings: findingsSchema }).nullable() }),
  z.object({ failed: z.string() }),
]);

/** A run with the findings that it has for this version. */
export type ReadRun = StoredRun & { readonly findings: readonly Finding[] };
