/** The figures of one side of a comparison, and the text that sets a fix's figures beside the present model's. */

import { listWords } from "../../messages/lists.ts";
import { verificationWords } from "../../messages/verification.ts";
import { severities } from "../../protocol/finding.ts";
import { formatDecades, formatNumber } from "../../protocol/numberText.ts";
import { type ArmFigures, otherUnits, type Spread } from "../../protocol/verification.ts";
import { spreadOf } from "./paired.ts";
import type { Replicate } from "./replicate.ts";

export function armFigures(runs: readonly Replicate[]): ArmFigures {
  const reaches = runs.flatMap(({ reach }) => reach ?? []);
  const figure = (of: (reach: NonNullable<Replicate["reach"]>) => number): Spread | null =>
    reaches.length === 0 ? null : spreadOf(reaches.map(of));
  const findings: { [code: string]: number } = {};
  for (const run of runs)
    for (const [code, severity] of run.findings)
      if (severities.indexOf(severity) <= severities.indexOf("warning")) findings[code] = (findings[code] ?? 0) + 1;
  return {
    // A reach beyond the required lag is of no use, and "21 of 4" would not make sense.
    horizon: figure((r) => Math.min(r.horizon, r.required)),
    requiredLag: reaches.length === 0 ? null : Math.max(...reaches.map((r) => r.required)),
    survival: figure((r) => r.survival),
    gain: figure((r) => r.gain),
    loss: spreadOf(runs.map((r) => r.loss)),
    baseline: runs[0]?.baseline ?? null,
    gradientNorm: spreadOf(runs.map((r) => r.gradientNorm)),
    runs: runs.length,
    diverged: runs.filter((r) => r.diverged).length,
    findings,
  };
}

/**
 * `horizon 34 → 149 of 149, loss 0.167 → 0.02`; growth through time replaces the horizon.
 *
 * @param weighsOtherwise the fix changes the class weights, so each loss is shown with its own baseline
 */
export function measuredText(present: ArmFigures, fixed: ArmFigures, weighsOtherwise = false): string {
  const parts: string[] = [];
  const before = present.survival?.median ?? 0;
  if (present.horizon && fixed.horizon && before <= 1)
    parts.push(
      verificationWords().horizon({
        before: present.horizon.median,
        after: fixed.horizon.median,
        lag: fixed.requiredLag ?? "?",
      }),
    );
  if (present.survival && fixed.survival && before > 1)
    parts.push(
      verificationWords().decades({ before: formatDecades(before), after: formatDecades(fixed.survival.median) }),
    );
  parts.push(weighsOtherwise ? besideBaselines(present, fixed) : lossesText(present, fixed));
  return listWords().commas(parts);
}

/** `loss 0.2 of a baseline of 0.25 → 0.4 of 0.69; the class weights change the baseline`. */
function besideBaselines(present: ArmFigures, fixed: ArmFigures): string {
  const told = ({ loss, diverged, runs }: ArmFigures): string =>
    diverged * 2 > runs ? verificationWords().diverged : formatNumber(loss.median);
  const baseline = (arm: ArmFigures): string => (arm.baseline === null ? "?" : formatNumber(arm.baseline));
  return verificationWords().besideBaselines({
    before: told(present),
    baseline: baseline(present),
    after: told(fixed),
    baselineAfter: baseline(fixed),
  });
}

/** `loss 0.167 → 0.02`, or `loss/baseline 42 → 0.1` if a fix changes the units of the loss. */
function lossesText(present: ArmFigures, fixed: ArmFigures): string {
  const shares = otherUnits(present, fixed);
  const text = ({ loss, baseline, diverged, runs }: ArmFigures): string =>
    diverged * 2 > runs
      ? verificationWords().diverged
      : formatNumber(shares ? loss.median / (baseline ?? Number.NaN) : loss.median);
  return verificationWords().losses({ shares, before: text(present), after: text(fixed) });
}
