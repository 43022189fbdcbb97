/** The results of running a model beside its candidate fixes: the vocabulary of `verify`, on every side. */

import * as z from "zod";
import { type FindingCode, type Fix, findingCodes } from "./finding.ts";
import { anyNumber, fixSchema } from "./schemas.ts";

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
export type Verdict = (typeof verdicts)[number];

/** Most other causes that a conclusion names, and most fixes with the same effect that a fix names. */
export const maxCauses = 6;
export const maxAlike = 32;

/** Median and extremes over the seeds; NaN if a run has no such figure. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One side of a comparison, over all its seeds. */
export interface ArmFigures {
  /** Timesteps; null without a recurrent layer. */
  readonly horizon: Spread | null;
  readonly requiredLag: number | null;
  /** log₁₀ of the share that survives from the last timestep to the first. */
  readonly survival: Spread | null;
  /** Geometric mean gain per timestep. */
  readonly gain: Spread | null;
  /** Mean of the last steps. */
  readonly loss: Spread;
  /** Loss of the best constant answer, in the same units; null if it is unknown. */
  readonly baseline: number | null;
  /** Largest norm of all gradients, after clipping. */
  readonly gradientNorm: Spread;
  /** Number of runs. */
  readonly runs: number;
  /** Runs that ended because loss or weights were no longer finite. */
  readonly diverged: number;
  /** Number of runs with a finding, by its code; excludes severity information. */
  readonly findings: { readonly [code: string]: number };
}

export interface VerifiedFix {
  readonly fix: Fix;
  readonly verdict: Verdict;
  /** The reason, in one sentence. */
  readonly reason: string;
  /** `horizon 34 → 149 of 149, loss 0.167 → 0.02`. */
  readonly measured: string;
  /**
   * Pairs of runs (same seed, with and without the fix) in which the finding was present without it and absent with it.
   */
  readonly cleared: number;
  readonly figures: ArmFigures;
  /** The warnings that most of its runs still have, the more severe ones first: what to fix next. */
  readonly remaining: readonly FindingCode[];
  /** Other fixes whose runs all gave exactly the same figures; at most `maxAlike`. */
  readonly alike: readonly Fix[];
}

/**
 * The conclusion of a verification:
 * - `helps`: at least one fix is better
 * - `none-helps`: every fix differs clearly from the present model, and none is better, so the cause lies elsewhere
 * - `undecided`: more runs, or longer ones, might show that one is better
 */
export const conclusionKinds = ["helps", "none-helps", "undecided"] as const;

export interface Conclusion {
  readonly kind: (typeof conclusionKinds)[number];
  /** Three or four words: `2 of 5 fixes help`, `undecided: 6 of 21 runs`. */
  readonly headline: string;
  /** One or two sentences for people. */
  readonly text: string;
  /** Other possible causes, the most likely first, unless a fix helps; at most `maxCauses`. */
  readonly causes: readonly string[];
}

/** The next run of a verification. */
export interface VerifyProgress {
  /** Number of runs before it. */
  readonly done: number;
  /** Total number of runs; an estimate until the first is done. */
  readonly total: number;
  /** What is being run, for people; empty while the verification waits for its turn. */
  readonly what: string;
  /** Number of the seed, counted from 1. */
  readonly seed: number;
  readonly seeds: number;
}

export interface Verification {
  readonly model: string;
  /**
   * Code of the finding that the fixes are for; null: the model is refused before its first step, and the fixes are for
   * that.
   */
  readonly code: FindingCode | null;
  readonly layer: string | null;
  /** Seeds that every fix was run with; more were added for fixes that these did not decide. */
  readonly seeds: readonly number[];
  /** Number of steps of each run. */
  readonly steps: number;
  /** Has no runs if the model is refused. */
  readonly present: ArmFigures;
  /** The best first. */
  readonly fixes: readonly VerifiedFix[];
  /** Fixes that could not be run at all, and why. */
  readonly impossible: readonly { readonly title: string; readonly reason: string }[];
  /** False: cancelled or out of time before every run was done. */
  readonly complete: boolean;
  readonly conclusion: Conclusion;
}

/** `Use tanh as the activation, seed 2 of 3`. */
export function verifyingText({ what, seed, seeds }: VerifyProgress): string {
  return `${what}, seed ${seed} of ${seeds}`;
}

/** The purpose of the fixes: a finding's code, or making the model trainable. */
export function purposeText({ code }: { readonly code: FindingCode | null }): string {
  return code ?? "what keeps it from being trained";
}

/** The conclusion and the other possible causes, in one line. */
export function conclusionText({ text, causes }: Conclusion): string {
  return causes.length === 0 ? text : `${text} What remains possible: ${causes.join("; ")}.`;
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

const spreadSchema: z.ZodType<Spread> = z.strictObject({ median: anyNumber, min: anyNumber, max: anyNumber });

const armSchema: z.ZodType<ArmFigures> = z.strictObject({
  horizon: spreadSchema.nullable(),
  requiredLag: z.number().nullable(),
  survival: spreadSchema.nullable(),
  gain: spreadSchema.nullable(),
  loss: spreadSchema,
  baseline: z.number().nullable(),
  gradientNorm: spreadSchema,
  runs: z.int().nonnegative(),
  diverged: z.int().nonnegative(),
  findings: z.record(z.string(), z.int().nonnegative()),
});

export const conclusionSchema: z.ZodType<Conclusion> = z.strictObject({
  kind: z.enum(conclusionKinds),
  headline: z.string(),
  text: z.string(),
  causes: z.array(z.string()).max(maxCauses),
});

export const verificationSchema: z.ZodType<Verification> = z.strictObject({
  model: z.string(),
  code: z.enum(findingCodes).nullable(),
  layer: z.string().nullable(),
  seeds: z.array(z.int().nonnegative()),
  steps: z.int().positive(),
  present: armSchema,
  fixes: z.array(
    z.strictObject({
      fix: fixSchema,
      verdict: z.enum(verdicts),
      reason: z.string(),
      measured: z.string(),
      cleared: z.int().nonnegative(),
      figures: armSchema,
      remaining: z.array(z.enum(findingCodes)),
      alike: z.array(fixSchema).max(maxAlike),
    }),
  ),
  impossible: z.array(z.strictObject({ title: z.string(), reason: z.string() })),
  complete: z.boolean(),
  conclusion: conclusionSchema,
});
