/**
 * The part of a checkpoint's model.json that goes beyond tfjs's own artifacts, in `userDefinedMetadata`: the layers as
 * config entries, so that our own layers can be restored, and the state of the training, so that it can resume.
 */

import * as z from "zod";
import type { Immutable } from "../../../config/immutable.ts";
import { anyNumber } from "../../../protocol/numbers.ts";
import { listOf } from "../../reading/firstFault.ts";
import { jsonObject } from "../../reading/jsonObject.ts";
import { savedLossSchema } from "./savedLoss.ts";

/** Numbers as text: JSON has no NaN and no infinity. What was read in a thread is checked once more, as numbers. */
const float = z.string().transform(Number).or(anyNumber);

const count = z.number().int().min(0);

export const resumeSchema = z.object({
  /** Optimizer updates taken. */
  step: count,
  /**
   * Hash of everything in the config that decides the next step; a run with another fingerprint cannot resume from
   * here.
   */
  fingerprint: z.string(),
  optimizer: z.object({
    file: z.string().regex(/^optimizer-\d+(-\d+)?\.bin$/),
    updates: count,
    /** Lengths of the optimizer's arrays, by kind and weight. */
    slots: listOf(listOf(count)),
  }),
  /** Lengths of the masks, by their owner and weight; in the optimizer's file they follow its own arrays. */
  masks: listOf(listOf(count)),
  /** Shapes of the states with which stateful layers begin the next batch, by layer; their values follow the masks. */
  carried: listOf(listOf(listOf(count).refine((shape) => shape.length <= 8))).default([]),
  /** Mean training losses and test losses (null: not tested) of the finished epochs, and the running sum of the present one. */
  epochs: z.object({ losses: listOf(float), testLosses: listOf(float.nullable()), sum: float }),
  /** Random numbers that each dropout or noise layer has drawn. */
  draws: listOf(count),
  /** Smallest loss of a checkpoint so far. */
  best: float,
});

export const writtenSchema = z.object({ runId: z.string(), step: count });

export type ResumeState = Immutable<z.infer<typeof resumeSchema>>;

const metadataSchema = z.object({
  gradlens: z.object({
    layers: listOf(z.object({ entry: jsonObject, weights: listOf(z.string()) })),
    /** Names of the model's inputs and outputs; missing in files of earlier versions, which had one of each. */
    inputs: listOf(z.string()).optional(),
    outputs: listOf(z.string()).optional(),
    /** The losses of the file that the model was loaded from. */
    losses: listOf(savedLossSchema).optional(),
    resume: resumeSchema.nullable(),
    /** The run that wrote it, and its step; missing in files of earlier versions. */
    written: writtenSchema.optional(),
  }),
});

export type CheckpointMetadata = Immutable<z.infer<typeof metadataSchema>>["gradlens"];

/** Null for a model.json that we did not write. */
export function metadataOf(userDefinedMetadata: unknown): CheckpointMetadata | null {
  const parsed = metadataSchema.safeParse(userDefinedMetadata);
  return parsed.success ? parsed.data.gradlens : null;
}
