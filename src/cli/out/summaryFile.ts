/** `summary.json` of a written run: the figures for comparisons. */

import path from "node:path";
import * as z from "zod";
import type { Immutable } from "../../config/immutable.ts";
import { readBoundedSync } from "../../engine/reading/boundedFile.ts";
import type { SafeFolder } from "../../files/safeFolder.ts";
import { writeWhole } from "../../files/writeSafely.ts";
import { cliWords } from "../../messages/cli.ts";
import { figureNames } from "../../protocol/figures.ts";
import { jsonVersion, text } from "../json.ts";

export const summaryName = "summary.json";

const figure = z.union([z.number(), z.literal(["NaN", "Infinity", "-Infinity"])]).transform((value) => Number(value));

const summarySchema = z.object({
  version: z.literal(jsonVersion),
  config: z.string(),
  model: z.string(),
  /** The model it extends. */
  base: z.string().nullable(),
  kind: z.enum(["probe", "train"]),
  backend: z.string(),
  /** How it ended, in words: `2000 steps in 8.2 s`. */
  end: z.string(),
  figures: z.record(z.enum(figureNames), figure),
});

export type RunSummaryFile = Immutable<z.infer<typeof summarySchema>>;

export function writeSummary(folder: SafeFolder, summary: RunSummaryFile): void {
  writeWhole(folder, summaryName, Buffer.from(`${text(summary)}\n`));
}

/** Size limit; a real summary has a few thousand bytes. */
const maxSummaryBytes = 1_000_000;

/** The run written in a folder; null if there is none, a message if it cannot be used. */
export function readSummary(folder: string): RunSummaryFile | { readonly message: string } | null {
  const file = path.join(folder, summaryName);
  const read = readBoundedSync(file, maxSummaryBytes);
  if ("unread" in read) return read.unread === "missing" ? null : { message: cliWords().summaryUnread(file) };
  try {
    const parsed = summarySchema.safeParse(JSON.parse(new TextDecoder().decode(read.bytes)));
    if (parsed.success) return parsed.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) return { message: cliWords().summaryUnread(file) };
  }
  return { message: cliWords().otherVersion(file) };
}
