/** The figure that measures how severe a finding is. Codes without a figure are judged by the loss alone. */

import { verificationWords } from "../../messages/verification.ts";
import type { FindingCode } from "../../protocol/finding.ts";
import type { Replicate } from "./replicate.ts";

export interface FindingFigure {
  /** Larger is better; NaN if not known. */
  readonly of: (run: Replicate) => number;
  /** A difference up to this means nothing. */
  readonly tolerance: number;
  readonly name: () => string;
}

const decades = (survival: number | undefined): number => -Math.max(0, survival ?? Number.POSITIVE_INFINITY);

export const findingFigures: { readonly [code in FindingCode]?: FindingFigure } = {
  "vanishing-through-time": {
    of: ({ reach }) => (reach ? reachShare(reach) : Number.NaN),
    tolerance: 0.05,
    name: () => verificationWords().theHorizon,
  },
  "exploding-through-time": {
    of: ({ reach, diverged }) => (diverged ? Number.NEGATIVE_INFINITY : decades(reach?.survival)),
    tolerance: 0.5,
    name: () => verificationWords().theGrowth,
  },
  "exploding-gradient": {
    of: ({ gradientNorm }) => -Math.log10(gradientNorm),
    tolerance: 0.3,
    name: () => verificationWords().theLargestGradient,
  },
};

/** Horizon as a share of the required lag, at most 1. */
export function reachShare({ horizon, required }: NonNullable<Replicate["reach"]>): number {
  return Math.min(1, horizon / required);
}
