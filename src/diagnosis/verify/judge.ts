/** From pairs of runs to a verdict on a fix. */

import { type FindingCode, type Severity, severities } from "../../protocol/finding.ts";
import type { Verdict } from "../../protocol/verification.ts";
import { untoldBesideGraver } from "../settle.ts";
import { count } from "../text/numbers.ts";
import { type Effect, effectOf } from "./paired.ts";
import type { Replicate } from "./replicate.ts";

/** Pairs below which nothing is claimed. */
export const fewestPairs = 3;

export interface Pair {
  readonly present: Replicate;
  readonly fixed: Replicate;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly cleared: number;
}

/** What a finding's severity is measured by, larger being better; and how much of it is nothing. */
interface Figure {
  readonly of: (run: Replicate) => number;
  readonly tolerance: number;
  readonly name: string;
}

const decades = (survival: number | undefined): number => -Math.max(0, survival ?? Number.POSITIVE_INFINITY);

const figures: { readonly [code in FindingCode]?: Figure } = {
  "vanishing-through-time": {
    of: ({ reach }) => (reach ? Math.min(1, reach.horizon / reach.required) : Number.NaN),
    tolerance: 0.05,
    name: "the horizon",
  },
  "exploding-through-time": {
    of: ({ reach, diverged }) => (diverged ? Number.NEGATIVE_INFINITY : decades(reach?.survival)),
    tolerance: 0.5,
    name: "the growth through time",
  },
  "exploding-gradient": {
    of: ({ gradientNorm }) => -Math.log10(gradientNorm),
    tolerance: 0.3,
    name: "the largest update's gradient",
  },
};

/** A loss that differs by less than this share of itself does not differ. */
const lossTolerance = 0.05;

/**
 * @param pairs runs of the same seed.
 * @param code of the finding the fix is for.
 */
export function judge(pairs: readonly Pair[], code: FindingCode): Judgement {
  const level = levelOf(pairs, code);
  const flagged = pairs.filter(({ present }) => atLevel(present, code, level));
  const cleared = flagged.filter((pair) => clears(pair, code, level)).length;
  if (pairs.length < fewestPairs)
    return {
      verdict: "inconclusive",
      reason: tooFew(pairs.length),
      cleared,
    };

  const figure = figures[code];
  const effect =
    figure &&
    effectOf(
      pairs.map((p) => figure.of(p.fixed) - figure.of(p.present)),
      figure.tolerance,
    );
  const loss = effectOf(pairs.map(relativeLoss), lossTolerance);
  const broken = majority(pairs, ({ present, fixed }) => fixed.diverged && !present.diverged);
  const brought = newCodes(pairs, code);

  const brings = pairs.some(({ present, fixed }) => !atLevel(present, code, level) && atLevel(fixed, code, level));
  const gains = [
    flagged.length * 2 > pairs.length && cleared === flagged.length && !brings ? "clears the finding" : "",
    effect?.direction === 1 && figure ? `${figure.name} improves` : "",
    loss.direction === -1 ? "the loss is lower" : "",
  ].filter((text) => text !== "");
  const harms = [
    broken ? "the run diverges" : "",
    brought.length > 0 ? `brings ${brought.join(", ")}` : "",
    effect?.direction === -1 && figure ? `${figure.name} gets worse` : "",
    !broken && loss.direction === 1 ? "the loss is higher" : "",
  ].filter((text) => text !== "");

  if (gains.length > 0 && harms.length === 0) return { verdict: "better", reason: gains.join(", "), cleared };
  if (gains.length > 0)
    return { verdict: "inconclusive", reason: `${gains.join(", ")}, but ${harms.join(", ")}`, cleared };
  if (harms.length > 0) return { verdict: "worse", reason: harms.join(", "), cleared };
  if (cleared > 0)
    return {
      verdict: "inconclusive",
      reason: `clears the finding with ${someOf(cleared, flagged.length, pairs.length)}`,
      cleared,
    };
  return { ...neither(effect, loss), cleared };
}

/**
 * Whether the finding is gone, or no longer as grave because its figure or the loss is better. Less grave alone is not
 * enough: a net that vanishes as before, but is farther from its baseline, is only *too early to tell* of.
 */
function clears(pair: Pair, code: FindingCode, level: Severity): boolean {
  const { present, fixed } = pair;
  if (atLevel(fixed, code, level)) return false;
  const figure = figures[code];
  if (!figure || !fixed.findings.has(code)) return true;
  return figure.of(fixed) - figure.of(present) > figure.tolerance || relativeLoss(pair) < -lossTolerance;
}

/** `2 of 3 seeds`, `1 of the 1 seed of 3 that has it`. */
function someOf(cleared: number, flagged: number, all: number): string {
  if (flagged === all) return `${cleared} of ${count(all, "seed")}`;
  return `${cleared} of the ${count(flagged, "seed")} of ${all} that ${flagged === 1 ? "has" : "have"} it`;
}

function tooFew(pairs: number): string {
  if (pairs === 0) return "not run: time was up, or it was cancelled";
  return `only ${pairs} of the ${fewestPairs} pairs of runs it takes ${pairs === 1 ? "has" : "have"} ended`;
}

function neither(effect: Effect | undefined, loss: Effect): { readonly verdict: Verdict; readonly reason: string } {
  return effect?.unclear || loss.unclear
    ? { verdict: "inconclusive", reason: "the spread between seeds exceeds the effect" }
    : { verdict: "no difference", reason: "neither the finding's figure nor the loss moves" };
}

/** Relative change of the loss, above 0 when the fix makes it higher. */
function relativeLoss({ present, fixed }: Pair): number {
  if (present.loss === fixed.loss) return 0;
  if (!Number.isFinite(present.loss)) return Number.NEGATIVE_INFINITY;
  return (fixed.loss - present.loss) / Math.max(Math.abs(present.loss), Number.MIN_VALUE);
}

/** The gravest severity with which the present model is found to have it. */
function levelOf(pairs: readonly Pair[], code: FindingCode): Severity {
  const found = pairs.flatMap(({ present }) => present.findings.get(code) ?? []);
  return severities.find((severity) => found.includes(severity)) ?? "information";
}

function atLevel(run: Replicate, code: FindingCode, level: Severity): boolean {
  const severity = run.findings.get(code);
  return severity !== undefined && severities.indexOf(severity) <= severities.indexOf(level);
}

/**
 * Codes that most runs with the fix warn of and those without do not have at all. Not those that are told only where
 * nothing graver is: that they come to light is no harm, and the loss is compared by itself.
 */
function newCodes(pairs: readonly Pair[], code: FindingCode): readonly FindingCode[] {
  const codes = new Set(pairs.flatMap(({ fixed }) => [...fixed.findings.keys()]));
  for (const other of [code, ...untoldBesideGraver]) codes.delete(other);
  return [...codes].filter((other) =>
    majority(pairs, ({ present, fixed }) => atLevel(fixed, other, "warning") && !present.findings.has(other)),
  );
}

function majority(pairs: readonly Pair[], holds: (pair: Pair) => boolean): boolean {
  return pairs.filter(holds).length * 2 > pairs.length;
}
