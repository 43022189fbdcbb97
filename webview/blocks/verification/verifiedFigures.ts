/** The figures shown for a measured fix: without and with it, and how much they vary over the seeds. */

import { formatCount, formatDecades, formatGain, formatNumber } from "../../../src/protocol/numberText.ts";
import { otherUnits, type Spread } from "../../../src/protocol/verification.ts";
import type { ShownArm, VerifiedView } from "../../../src/protocol/verificationView.ts";

export interface Figure {
  readonly title: string;
  readonly meaning: string;
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
  title: "Horizon",
  meaning: "Timesteps back over which the gradient survives",
  of: (arm) => arm.horizon,
  text: formatCount,
  unit: ({ requiredLag }) => (requiredLag === null ? "" : ` of ${formatCount(requiredLag)}`),
};
const attenuation: Figure = {
  title: "Attenuation",
  meaning: "Powers of ten that the gradient loses (−) or gains (+) from the last timestep to the first",
  of: (arm) => arm.survival,
  text: formatDecades,
  unit: () => " decades",
};
const gain: Figure = {
  title: "Gain",
  meaning: "Mean factor per timestep",
  of: (arm) => arm.gain,
  text: formatGain,
};
const loss: Figure = {
  title: "Loss",
  meaning: "Mean of the last steps",
  of: (arm) => arm.loss,
  text: (value) => (value === Number.POSITIVE_INFINITY ? "diverged" : formatNumber(value)),
};
const lossShare: Figure = {
  title: "Loss / baseline",
  meaning:
    "Mean of the last steps, as a share of the loss of the best constant answer, because a fix changes the units of the loss",
  of: ({ loss: { median, min, max }, baseline }) =>
    baseline === null ? null : { median: median / baseline, min: min / baseline, max: max / baseline },
  text: loss.text,
};
const gradientNorm: Figure = {
  title: "Largest ‖∇W‖",
  meaning: "Largest norm of all gradients of a step, after clipping",
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
    return least === most ? least : `${least} to ${most}`;
  };
  const varies = [before, after].some((s) => s !== null && figure.text(s.min) !== figure.text(s.max));
  return {
    medians: `${median(before)} → ${median(after)}${after ? (figure.unit?.(fixed) ?? "") : ""}`,
    spread: varies ? `${range(before)} → ${range(after)}` : "",
  };
}
