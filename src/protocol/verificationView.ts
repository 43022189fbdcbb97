/**
 * A verification in the form that the panel shows. Figures travel as arrays, because messages travel as JSON, which has
 * neither NaN nor the infinite loss of a run that diverged.
 */

import * as z from "zod";
import { type FindingCode, findingCodes } from "./finding.ts";
import { float64Schema } from "./schemas.ts";
import {
  type ArmFigures,
  type Conclusion,
  conclusionSchema,
  maxAlike,
  type Spread,
  type Verdict,
  type Verification,
  type VerifyProgress,
  verdicts,
} from "./verification.ts";

export interface VerificationView {
  /** The host's name for it: a fix to apply belongs to exactly one verification. */
  readonly id: number;
  /** Path of its config. */
  readonly config: string;
  readonly model: string;
  /** Whether the model was edited since. */
  readonly stale: boolean;
  readonly state:
    | { readonly kind: "busy"; readonly progress: VerifyProgress }
    | { readonly kind: "done"; readonly result: VerifiedView }
    /** There is nothing to verify. */
    | { readonly kind: "sound" }
    /** Refused, failed or stopped before there was a result; the message is for people. */
    | { readonly kind: "failed"; readonly message: string };
}

export interface VerifiedView {
  /** Same as in `Verification`. */
  readonly code: FindingCode | null;
  readonly layer: string | null;
  /** Number of seeds. */
  readonly seeds: number;
  /** Number of steps of each run. */
  readonly steps: number;
  /** False: stopped or out of time before every run was done. */
  readonly complete: boolean;
  /** The present model's figures, packed by `packArm`. */
  readonly present: Float64Array;
  /** The best fix first. */
  readonly fixes: readonly VerifiedFixView[];
  readonly impossible: Verification["impossible"];
  readonly conclusion: Conclusion;
}

export interface VerifiedFixView {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly reason: string;
  /** Packed by `packArm`. */
  readonly figures: Float64Array;
  readonly remaining: readonly FindingCode[];
  /** Titles of fixes with the same effect. */
  readonly alike: readonly string[];
}

/** The shown figures of one side of a comparison. */
export type ShownArm = Omit<ArmFigures, "findings">;

const spreadNames = ["horizon", "survival", "gain", "loss", "gradientNorm"] as const;
const scalarNames = ["requiredLag", "baseline", "runs", "diverged"] as const;
const armLength = 3 * spreadNames.length + scalarNames.length;

/** Packs figures; NaN stands for what a model does not have, such as the horizon of a net without recurrent layers. */
export function packArm(figures: ShownArm): Float64Array {
  return Float64Array.from([
    ...spreadNames.flatMap((name) => {
      const spread = figures[name];
      return spread ? [spread.median, spread.min, spread.max] : [Number.NaN, Number.NaN, Number.NaN];
    }),
    ...scalarNames.map((name) => figures[name] ?? Number.NaN),
  ]);
}

/** Inverse of `packArm`. */
export function unpackArm(packed: Float64Array): ShownArm {
  const at = (index: number): number => packed[index] ?? Number.NaN;
  const spread = (name: (typeof spreadNames)[number]): Spread => {
    const first = 3 * spreadNames.indexOf(name);
    return { median: at(first), min: at(first + 1), max: at(first + 2) };
  };
  const scalar = (name: (typeof scalarNames)[number]): number => at(3 * spreadNames.length + scalarNames.indexOf(name));
  const known = (found: Spread): Spread | null => (Number.isNaN(found.median) ? null : found);
  const knownScalar = (found: number): number | null => (Number.isNaN(found) ? null : found);
  return {
    horizon: known(spread("horizon")),
    survival: known(spread("survival")),
    gain: known(spread("gain")),
    loss: spread("loss"),
    gradientNorm: spread("gradientNorm"),
    requiredLag: knownScalar(scalar("requiredLag")),
    baseline: knownScalar(scalar("baseline")),
    runs: scalar("runs"),
    diverged: scalar("diverged"),
  };
}

/** The part of a verification that the page needs. It contains no edits, because only the host makes them. */
export function verifiedView(verification: Verification): VerifiedView {
  const { code, layer, seeds, steps, complete, present, fixes, impossible, conclusion } = verification;
  return {
    code,
    layer,
    seeds: seeds.length,
    steps,
    complete,
    present: packArm(present),
    fixes: fixes.map(({ fix, verdict, reason, figures, remaining, alike }) => ({
      id: fix.id,
      title: fix.title,
      verdict,
      reason,
      figures: packArm(figures),
      remaining,
      alike: alike.map(({ title }) => title),
    })),
    impossible,
    conclusion,
  };
}

const armSchema = float64Schema.refine((a) => a.length === armLength, "not the figures of one side of a comparison");

const progressSchema: z.ZodType<VerifyProgress> = z.strictObject({
  done: z.int().nonnegative(),
  total: z.int().positive(),
  what: z.string(),
  seed: z.int().positive(),
  seeds: z.int().positive(),
});

const verifiedSchema: z.ZodType<VerifiedView> = z.strictObject({
  code: z.enum(findingCodes).nullable(),
  layer: z.string().nullable(),
  seeds: z.int().positive(),
  steps: z.int().positive(),
  complete: z.boolean(),
  present: armSchema,
  fixes: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      verdict: z.enum(verdicts),
      reason: z.string(),
      figures: armSchema,
      remaining: z.array(z.enum(findingCodes)),
      alike: z.array(z.string()).max(maxAlike),
    }),
  ),
  impossible: z.array(z.strictObject({ title: z.string(), reason: z.string() })),
  conclusion: conclusionSchema,
});

export const verificationViewSchema: z.ZodType<VerificationView> = z.strictObject({
  id: z.int().positive(),
  config: z.string(),
  model: z.string(),
  stale: z.boolean(),
  state: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("busy"), progress: progressSchema }),
    z.strictObject({ kind: z.literal("done"), result: verifiedSchema }),
    z.strictObject({ kind: z.literal("sound") }),
    z.strictObject({ kind: z.literal("failed"), message: z.string() }),
  ]),
});
