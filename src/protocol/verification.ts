/** What running a model beside its candidate fixes has shown: the words of `verify`, on every side. */

import * as z from "zod";
import { type FindingCode, type Fix, findingCodes } from "./finding.ts";
import { anyNumber, fixSchema } from "./schemas.ts";

/**
 * `better`        the finding is gone, or its figure improves beyond the spread of the seeds, *and* the loss is below its
 *                 baseline or clearly on its way there (no baseline known: surely lower), and nothing is harmed
 * `no difference` neither the figures nor their spread are of any size
 * `inconclusive`  only one of the two, the spread between seeds exceeds the effect, too few pairs of runs ended, or it
 *                 heals one thing and harms another
 * `worse`         the loss, or the finding's figure, is worse beyond the spread, or the run breaks where the present model's does not
 */
export const verdicts = ["better", "inconclusive", "no difference", "worse"] as const;
export type Verdict = (typeof verdicts)[number];

/** Other causes that a conclusion names, and fixes with the same effect that a fix names. */
export const maxCauses = 6;
export const maxAlike = 32;

/** Median and extremes over the seeds; NaN where a run has no such figure. */
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
  /** log₁₀ of what survives from the last timestep to the first. */
  readonly survival: Spread | null;
  /** Geometric mean gain per timestep. */
  readonly gain: Spread | null;
  /** Mean of the last steps. */
  readonly loss: Spread;
  /** Loss of the best constant answer, in the same units; null where none is known. */
  readonly baseline: number | null;
  /** Largest norm of all gradients, after clipping. */
  readonly gradientNorm: Spread;
  /** Of how many runs. */
  readonly runs: number;
  /** Runs that ended because loss or weights were no longer finite. */
  readonly diverged: number;
  /** Runs in which a finding of the code was made, by code; information left out. */
  readonly findings: { readonly [code: string]: number };
}

export interface VerifiedFix {
  readonly fix: Fix;
  readonly verdict: Verdict;
  /** Why, in one sentence. */
  readonly reason: string;
  /** `horizon 34 → 149 of 149, loss 0.167 → 0.02`. */
  readonly measured: string;
  /** Pairs of runs (same seed, with and without) in which the finding was there and is gone. */
  readonly cleared: number;
  readonly figures: ArmFigures;
  /** What most of its runs still warn of, the graver first: to be seen to next. */
  readonly remaining: readonly FindingCode[];
  /** Other fixes of which every run came to the same figures, to the last digit; at most `maxAlike`. */
  readonly alike: readonly Fix[];
}

/**
 * `helps`      at least one fix is better
 * `none-helps` every fix was told from the present model, and none is better: the cause lies elsewhere
 * `undecided`  more runs, or longer ones, might show one to be better
 */
export const conclusionKinds = ["helps", "none-helps", "undecided"] as const;

export interface Conclusion {
  readonly kind: (typeof conclusionKinds)[number];
  /** Three or four words: `2 of 5 fixes help`, `undecided: 6 of 21 runs`. */
  readonly headline: string;
  /** For people, one sentence or two. */
  readonly text: string;
  /** Unless one helps: what else may be the cause, the likeliest first; at most `maxCauses`. */
  readonly causes: readonly string[];
}

/** The run of a verification that is about to be made. */
export interface VerifyProgress {
  /** Runs made before it. */
  readonly done: number;
  /** Runs in all; an estimate until the first is done. */
  readonly total: number;
  /** What is run, for people; empty while the verification waits for its turn. */
  readonly what: string;
  /** Which of the seeds, counted from 1. */
  readonly seed: number;
  readonly seeds: number;
}

export interface Verification {
  readonly model: string;
  /** Of the finding the fixes are for; null: the model is refused before its first step, and they are for that. */
  readonly code: FindingCode | null;
  readonly layer: string | null;
  /** Seeds that every fix was to be run from; more were added for those that these did not decide. */
  readonly seeds: readonly number[];
  /** Steps of each run. */
  readonly steps: number;
  /** Without runs where the model is refused. */
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

/** What the fixes are for: a finding's code, or that the model cannot be trained at all. */
export function purposeText({ code }: { readonly code: FindingCode | null }): string {
  return code ?? "what keeps it from being trained";
}

/** The conclusion, and what else may be the cause, in a row. */
export function conclusionText({ text, causes }: Conclusion): string {
  return causes.length === 0 ? text : `${text} What remains possible: ${causes.join("; ")}.`;
}

/** A fix that scales the targets or changes the loss function: losses are then told as shares of their baselines. */
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
