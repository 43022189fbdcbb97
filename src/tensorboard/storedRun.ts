/** What the files of a run say. */

import * as z from "zod";
import type { Immutable } from "../config/immutable.ts";
import type { RunEnd } from "../protocol/engineMessages.ts";
import { runEndSchema } from "../protocol/engineMessages.ts";
import { findingSchema } from "../protocol/finding.ts";
import { historySnapshotSchema, type RunHistory } from "../protocol/history.ts";
import { verificationSchema } from "../protocol/verification.ts";
import { programPlaceSchema } from "./description.ts";

/** What people add to a run. */
export const labelSchema = z.object({
  name: z.string().max(200).nullable().catch(null),
  note: z.string().max(10_000).nullable().catch(null),
  pinned: z.boolean().catch(false),
});
export type RunLabel = Readonly<z.infer<typeof labelSchema>>;
export const noLabel: RunLabel = { name: null, note: null, pinned: false };

export const storedVerificationSchema = z.object({
  /** The `modelKey` of the verified model. */
  key: z.string(),
  findingId: z.string().nullable(),
  verification: verificationSchema,
});
export type StoredVerification = Immutable<z.infer<typeof storedVerificationSchema>>;

/** Most notes of a run that are read, and most characters of each. */
const mostNotes = 100;
const longestNote = 1000;

const noteSchema = z.object({
  /** Index of the layer that it concerns; null: it concerns the whole run. */
  layer: z.int().nonnegative().nullable().catch(null),
  text: z.string().transform((text) => text.slice(0, longestNote)),
});
export const notesSchema = z
  .array(z.unknown())
  .transform((notes) => notes.slice(0, mostNotes).flatMap((note) => noteSchema.safeParse(note).data ?? []));
/** What the lens of a program says in its own words, such as what it cannot measure. */
export type LensNote = Immutable<z.infer<typeof noteSchema>>;

export const configSchema = z.object({ path: z.string(), text: z.string() });
export const findingsSchema = z.array(findingSchema);

/** The run as plain data. */
export const storedRunSchema = z.object({
  history: historySnapshotSchema,
  /** Program that wrote it; null: it does not say. */
  writer: z.string().nullable(),
  /** Seconds since 1970 of its beginning and of its writer's last event. */
  started: z.number(),
  last: z.number(),
  config: configSchema.nullable(),
  /** As written: the reader knows whether it still understands it. */
  model: z.unknown(),
  /** Null: not stored. */
  findings: findingsSchema.nullable(),
  verification: storedVerificationSchema.nullable(),
  notes: notesSchema,
  label: labelSchema,
  /** Hyperparameters that another program stated, by their names. */
  settings: z.map(z.string(), z.string()),
  /** Null: it still goes on, or was interrupted. */
  end: runEndSchema.nullable(),
  /** Where each layer is made; null for one whose place is unknown. */
  sources: z.array(programPlaceSchema.nullable()),
  /** Where the program began the run; null: it does not say. */
  source: programPlaceSchema.nullable(),
  /** Number of the writing process on its machine; null: it does not say. */
  pid: z.number().nullable(),
  /** Ranks with a file in the folder; the history combines the steps that all of them have. */
  ranks: z.array(z.number()),
  /** Number of damaged places that were skipped, and of values that came too late. */
  damaged: z.number(),
  /** Whether a file ends within a record. */
  torn: z.boolean(),
});
export type StoredRun = Omit<Immutable<z.infer<typeof storedRunSchema>>, "history"> & { readonly history: RunHistory };

const endSchema = z.object({
  kind: z.string(),
  reason: z.string().nullish(),
  outcome: runEndSchema.nullish().catch(null),
});

/** An end of our engine, or the nearest one to what another program says. */
export function endOf(value: unknown): RunEnd | null {
  const parsed = endSchema.safeParse(value);
  if (!parsed.success) return null;
  const { kind, reason, outcome } = parsed.data;
  if (outcome) return outcome;
  switch (kind) {
    case "cancelled":
    case "budget":
    case "completed":
      return { kind };
    case "completed-early":
      return { kind, reason: reason ?? "" };
    case "diverged":
      return { kind, step: Number.NaN };
    default:
      return { kind: "failed", message: reason ?? kind };
  }
}
