/** The results of running a model beside its candidate fixes: the vocabulary of `verify`, on every side. */

import * as z from "zod";
import { fixSchema } from "../config/fix.ts";
import type { Immutable } from "../config/immutable.ts";
import { inlineWords } from "../messages/inline.ts";
import { type FindingCode, findingCodes } from "./finding.ts";
import { anyNumber } from "./numbers.ts";

/**
 * The verdict on a fix:
 * - `better`: the finding is gone, or its figure improves beyond the spread of the seeds; *and* the loss is below its
 *   baseline or clearly on its way there (without a known baseline: significantly lower); and nothing is harmed
 * - `no difference`: the change of the figures and their spread are both negligible
 * - `inconclusive`: only one of the two conditions holds, the spread between seeds exceeds the effect, too few pairs of
 *   runs ended, or the fix heals one thing and harms another
 * - `worse`: the loss, or the finding's figure, is worse beyond the spread; or the run fails and the present model's
 *   does not
 */
export const verdicts = ["better", "inconclusive", "no difference", "worse"] as const;
export type FixVerdict = (typeof verdicts)[number];

/** Most other causes that a conclusion names, and most fixes with the same effect that a fix names. */
export const maxCauses = 6;
export const maxAlike = 32;

const spreadSchema = z.strictObject({ median: anyNumber, min: anyNumber, max: anyNumber });
/** Median and extremes over the seeds; NaN if a run has no such figure. */
export type Spread = Immutable<z.infer<typeof spreadSchema>>;

const armSchema = z.strictObject({
  /** Timesteps; null without a recurrent layer. */
  horizon: spreadSchema.nullable(),
  requiredLag: z.number().nullable(),
  /** log₁₀ of the share that survives from the last timestep to the first. */
  survival: spreadSchema.nullable(),
  /** Geometric mean gain per timestep. */
  gain: spreadSchema.nullable(),
  /** Mean of the last steps. */
  loss: spreadSchema,
  /** Loss of the best constant answer, in the same units; null if it is unknown. */
  baseline: z.number().nullable(),
  /** Largest norm of all gradients, after clipping. */
  gradientNorm: spreadSchema,
  /** Number of runs. */
  runs: z.int().nonnegative(),
  /** Runs that ended because loss or weights were no longer finite. */
  diverged: z.int().nonnegative(),
  /** Number of runs with a finding, by its code; excludes severity information. */
  findings: z.record(z.string(), z.int().nonnegative()),
});
/** One side of a comparison, over all its seeds. */
export type ArmFigures = Immutable<z.infer<typeof armSchema>>;

const verifiedFixSchema = z.strictObject({
  fix: fixSchema,
  verdict: z.enum(verdicts),
  /** The reason, in one sentence. */
  reason: z.string(),
  /** `horizon 34 → 149 of 149, loss 0.167 → 0.02`. */
  measured: z.string(),
  /**
   * Pairs of runs (same seed, with and without the fix) in which the finding was present without it and absent with it.
   */
  cleared: z.int().nonnegative(),
  figures: armSchema,
  /** The warnings that most of its runs still have, the more severe ones first: what to fix next. */
  remaining: z.array(z.enum(findingCodes)),
  /** Other fixes whose runs all gave the same figures, to six digits. */
  alike: z.array(fixSchema).max(maxAlike),
});
export type VerifiedFix = Immutable<z.infer<typeof verifiedFixSchema>>;

/**
 * The conclusion of a verification:
 * - `helps`: at least one fix is better
 * - `none-helps`: every fix differs clearly from the present model, and none is better, so the cause lies elsewhere
 * - `undecided`: more runs, or longer ones, might show that one is better
 */
export const conclusionKinds = ["helps", "none-helps", "undecided"] as const;

export const conclusionSchema = z.strictObject({
  kind: z.enum(conclusionKinds),
  /** Three or four words: `2 of 5 fixes help`, `undecided: 6 of 21 runs`. */
  headline: z.string(),
  /** One or two sentences for people. */
  text: z.string(),
  /** Other possible causes, the most likely first, unless a fix helps. */
  causes: z.array(z.string()).max(maxCauses),
});
export type Conclusion = Immutable<z.infer<typeof conclusionSchema>>;

export const progressSchema = z.strictObject({
  /** Number of runs before it. */
  done: z.int().nonnegative(),
  /** Total number of runs; an estimate until the first is done. */
  total: z.int().positive(),
  /** What is being run, for people; empty while the verification waits for its turn. */
  what: z.string(),
  /** Number of the seed, counted from 1. */
  seed: z.int().positive(),
  seeds: z.int().positive(),
});
/** The next run of a verification. */
export type VerifyProgress = Immutable<z.infer<typeof progressSchema>>;

export const impossibleSchema = z.array(z.strictObject({ title: z.string(), reason: z.string() }));

export const verificationSchema = z.strictObject({
  model: z.string(),
  /**
   * Code of the finding that the fixes are for; null: the model is refused before its first step, and the fixes are for
   * that.
   */
  code: z.enum(findingCodes).nullable(),
  layer: z.string().nullable(),
  /** Seeds that every fix was run with; more were added for fixes that these did not decide. */
  seeds: z.array(z.int().nonnegative()),
  /** Number of steps of each run. */
  steps: z.int().positive(),
  /** Has no runs if the model is refused. */
  present: armSchema,
  /** The best first. */
  fixes: z.array(verifiedFixSchema),
  /** Fixes that could not be run at all, and why. */
  impossible: impossibleSchema,
  /** False: cancelled or out of time before every run was done. */
  complete: z.boolean(),
  conclusion: conclusionSchema,
});
export type Verification = Immutable<z.infer<typeof verificationSchema>>;

/** `Use tanh as the activation, seed 2 of 3`. */
export function verifyingText({ what, seed, seeds }: VerifyProgress): string {
  return inlineWords().verifying({ what, seed, seeds });
}

/** The purpose of the fixes: a finding's code, or making the model trainable. */
export function purposeText({ code }: { readonly code: FindingCode | null }): string {
  return code ?? inlineWords().whatKeepsIt;
}

/** The conclusion and the other possible causes, in one line. */
export function conclusionText({ text, causes }: Conclusion): string {
  return causes.length === 0 ? text : inlineWords().remains({ text, causes: causes.join("; ") });
}

/**
 * Whether a fix scales the targets or changes the loss function: losses are then reported as shares of their baselines.
 */
export function otherUnits(
  { baseline: a }: Pick<ArmFigures, "baseline">,
  { baseline: b }: Pick<ArmFigures, "baseline">,
): boolean {
  return a !== null && b !== null && Math.abs(a - b) > 0.001 * a;
}
