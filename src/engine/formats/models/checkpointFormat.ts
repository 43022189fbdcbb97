/**
 * What a checkpoint's model.json says beyond tfjs's own artifacts, in `userDefinedMetadata`: the layers as the config
 * writes them, so that all of ours come back, and the state of the training, so that it can go on.
 */

import * as z from "zod";
import { listOf } from "../../reading/firstFault.ts";
import { jsonObject } from "../../reading/jsonObject.ts";

/** JSON has no NaN and no infinity. */
const float = z.string().transform(Number).or(z.number());

const count = z.number().int().min(0);

export const resumeSchema = z.object({
  /** Optimizer updates taken. */
  step: count,
  /** Of everything in the config that decides the next step; another one cannot go on from here. */
  fingerprint: z.string(),
  optimizer: z.object({
    file: z.string().regex(/^optimizer-\d+(-\d+)?\.bin$/),
    updates: count,
    /** Lengths of the arrays that it keeps, by kind and weight. */
    slots: listOf(listOf(count)),
  }),
  /** Lengths of the masks, by what keeps them and weight, in the optimizer's file after its own arrays. */
  masks: listOf(listOf(count)),
  /** Shapes of the states that stateful layers begin the next batch with, by layer; their values follow the masks. */
  carried: listOf(listOf(listOf(count).refine((shape) => shape.length <= 8))).default([]),
  /** Mean training losses and test losses of the epochs that are over, and the sum of the present one's. */
  epochs: z.object({ losses: listOf(float), testLosses: listOf(float.nullable()), sum: float }),
  /** Random numbers that each dropout or noise has drawn. */
  draws: listOf(count),
  /** Smallest loss of a checkpoint so far. */
  best: float,
});

export type ResumeState = z.infer<typeof resumeSchema>;

const metadataSchema = z.object({
  gradlens: z.object({
    layers: listOf(z.object({ entry: jsonObject, weights: listOf(z.string()) })),
    resume: resumeSchema.nullable(),
  }),
});

export type CheckpointMetadata = z.infer<typeof metadataSchema>["gradlens"];

/** Null for a model.json that is not of ours. */
export function metadataOf(userDefinedMetadata: unknown): CheckpointMetadata | null {
  const parsed = metadataSchema.safeParse(userDefinedMetadata);
  return parsed.success ? parsed.data.gradlens : null;
}

/** A number as `float` reads it. */
export function floatText(value: number): string {
  return String(value);
}
