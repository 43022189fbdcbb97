/**
 * A verification in the form that the panel shows. Figures travel as arrays, because messages travel as JSON, which has
 * neither NaN nor the infinite loss of a run that diverged.
 */

import * as z from "zod";
import type { Immutable } from "../config/immutable.ts";
import { findingCodes } from "./finding.ts";
import { float64Schema } from "./numbers.ts";
import {
  type ArmFigures,
  conclusionSchema,
  impossibleSchema,
  maxAlike,
  progressSchema,
  type Spread,
  type Verification,
  verdicts,
} from "./verification.ts";

/** The shown figures of one side of a comparison. */
export type ShownArm = Omit<ArmFigures, "findings">;

const spreadNames = ["horizon", "survival", "gain", "loss", "gradientNorm"] as const;
const scalarNames = ["requiredLag", "baseline", "runs", "diverged"] as const;
const armLength = 3 * spreadNames.length + scalarNames.length;

const armSchema = float64Schema.refine((a) => a.length === armLength, "not the figures of one side of a comparison");

const fixViewSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  verdict: z.enum(verdicts),
  reason: z.string(),
  /** Packed by `packArm`. */
  figures: armSchema,
  remaining: z.array(z.enum(findingCodes)),
  /** Titles of fixes with the same effect. */
  alike: z.array(z.string()).max(maxAlike),
});
export type VerifiedFixView = Immutable<z.infer<typeof fixViewSchema>>;

const verifiedSchema = z.strictObject({
  /** Same as in `Verification`. */
  code: z.enum(findingCodes).nullable(),
  layer: z.string().nullable(),
  /** Number of seeds. */
  seeds: z.int().positive(),
  /** Number of steps of each run. */
  steps: z.int().positive(),
  /** False: stopped or out of time before every run was done. */
  complete: z.boolean(),
  /** The present model's figures, packed by `packArm`. */
  present: armSchema,
  /** The best fix first. */
  fixes: z.array(fixViewSchema),
  impossible: impossibleSchema,
  conclusion: conclusionSchema,
});
export type VerifiedView = Immutable<z.infer<typeof verifiedSchema>>;

export const verificationViewSchema = z.strictObject({
  /** The host's name for it: a fix to apply belongs to exactly one verification. */
  id: z.int().positive(),
  /** Path of its config. */
  config: z.string(),
  model: z.string(),
  /** Whether the model was edited since. */
  stale: z.boolean(),
  /** Whether it ended early and can go on where it ended. */
  continuable: z.boolean(),
  state: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("busy"), progress: progressSchema }),
    z.strictObject({ kind: z.literal("done"), result: verifiedSchema }),
    /** There is nothing to verify. */
    z.strictObject({ kind: z.literal("sound") }),
    /** Refused, failed or stopped before there was a result; the message is for people. */
    z.strictObject({ kind: z.literal("failed"), message: z.string() }),
  ]),
});
export type VerificationView = Immutable<z.infer<typeof verificationViewSchema>>;

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
