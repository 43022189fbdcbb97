/** The figures shown for a measured fix: without and with it, and how much they vary over the seeds. */

import { panelWords } from "../../../src/messages/panel.ts";
import { formatCount, formatDecades, formatGain, formatNumber } from "../../../src/protocol/numberText.ts";
import { otherUnits, type Spread } from "../../../src/protocol/verification.ts";
import type { ShownArm, VerifiedView } from "../../../src/protocol/verificationView.ts";

export interface Figure {
  readonly words: () => { readonly title: string; readonly meaning: string };
  of(arm: ShownArm): Spread | null;
  text(value: number): string;
  /** Text that follows the medians. */
  unit?(fixed: ShownArm): string;
}

/** A figure of both sides of the comparison. */
export interface Change {
  /** `34 → 99 of 99`. */
  readonly medians: string;
  /** `33 to 35 → 98 to 99`; empty if all seeds agree. */
  readonly spread: string;
}

const horizon: Figure = {
  words: () => panelWords().horizon,
  of: (arm) => arm.horizon,
  text: formatCount,
  unit: ({ requiredLag }) => (requiredLag === null ? "" : panelWords().ofRequired(formatCount(requiredLag))),
};
const attenuation: Figure = {
  words: () => panelWords().attenuation,
  of: (arm) => arm.survival,
  text: formatDecades,
  unit: () => panelWords().decadesUnit,
};
const gain: Figure = {
  words: () => panelWords().gain,
  of: (arm) => arm.gain,
  text: formatGain,
};
const loss: Figure = {
  words: () => panelWords().loss,
  of: (arm) => arm.loss,
  text: (value) => (value === Number.POSITIVE_INFINITY ? panelWords().diverged : formatNumber(value)),
};
const lossShare: Figure = {
  words: () => panelWords().lossShare,
  of: ({ loss: { median, min, max }, baseline }) =>
    baseline === null ? null : { median: median / baseline, min: min / baseline, max: max / baseline },
  text: loss.text,
};
const gradientNorm: Figure = {
  words: () => panelWords().gradientNorm,
  of: (arm) => arm.gradientNorm,
  text: formatNumber,
};

/**
 * The figures of a verification: those through time only for recurrent nets, a gradient's norm only if the finding
 * concerns it.
 */
export function figuresOf(result: VerifiedView, present: ShownArm, fixed: readonly ShownArm[]): readonly Figure[] {
  return [
    ...(present.horizon ? [horizon, attenuation, gain] : []),
    ...(result.code === "exploding-gradient" ? [gradientNorm] : []),
    fixed.some((arm) => otherUnits(present, arm)) ? lossShare : loss,
  ];
}

export function changeOf(figure: Figure, present: ShownArm, fixed: ShownArm): Change {
  const known = (arm: ShownArm): Spread | null => {
    const spread = figure.of(arm);
    return spread && Number.isNaN(spread.median) ? null : spread;
  };
  const [before, after] = [known(present), known(fixed)];
  const median = (spread: Spread | null): string => (spread ? figure.text(spread.median) : "–");
  const range = (spread: Spread | null): string => {
    if (!spread) return "–";
    const [least, most] = [figure.text(spread.min), figure.text(spread.max)];
    return least === most ? least : panelWords().fromTo({ low: least, high: most });
  };
  const varies = [before, after].some((s) => s !== null && figure.text(s.min) !== figure.text(s.max));
  return {
    medians: `${median(before)} → ${median(after)}${after ? (figure.unit?.(fixed) ?? "") : ""}`,
    spread: varies ? `${range(before)} → ${range(after)}` : "",
  };
}
