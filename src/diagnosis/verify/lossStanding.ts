/** Where the loss of the runs with a fix stands, which decides whether it is *better*. */

import { verificationWords } from "../../messages/verification.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import type { Pair } from "./pair.ts";
import { lossShare } from "./replicate.ts";
import type { Difference } from "./sequential.ts";
import { geometricMean } from "./shares.ts";

export interface LossStanding {
  /**
   * Below the baseline or on its way there, with every seed; without a baseline, surely lower than the present model's.
   */
  readonly good: boolean;
  /** Good, and already below the baseline; without a baseline, the same as good. */
  readonly below: boolean;
  /** Good with some seeds only. */
  readonly mixed: boolean;
  /** Falling with some seed, so longer runs might show more. */
  readonly falling: boolean;
  /** Above the baseline and not falling, so longer runs will not help. */
  readonly far: boolean;
  /** `the loss is below its baseline with 3 of 3 seeds`. */
  readonly text: string;
}

/** From this number of seeds on, one in five may fail: initial weights can be unlucky even for a net that learns. */
const unlucky = 5;

/** Multiple of its baseline above which a loss is not merely at it. */
const above = 1.1;

/** @param difference of the paired losses, from the sequential test. */
export function standingOf(pairs: readonly Pair[], difference: Difference): LossStanding {
  const n = pairs.length;
  const runs = pairs.map(({ fixed }) => fixed);
  const falling = runs.some(({ progress }) => progress === "falling" || progress === "arriving");
  if (runs.some(({ baseline }) => baseline === null)) {
    const good = difference.direction === -1;
    const text = good ? verificationWords().lossLower : verificationWords().notSurelyLower;
    return { good, below: good, mixed: false, falling, far: false, text };
  }
  const below = runs.filter(({ progress }) => progress === "below").length;
  const there = below + runs.filter(({ progress }) => progress === "arriving").length;
  const share = geometricMean(runs.map(lossShare));
  const enough = (count: number): boolean =>
    n > 0 && n - count <= Math.floor(n / unlucky) && difference.direction !== 1;
  const good = enough(there);
  return {
    good,
    below: enough(below),
    mixed: there > 0 && !good,
    falling,
    far: share > above && !falling,
    text: standingText(n, below, there, share),
  };
}

function standingText(n: number, below: number, there: number, share: number): string {
  if (there === 0) {
    if (share === Number.POSITIVE_INFINITY) return verificationWords().lossDiverges;
    return share > above
      ? verificationWords().timesBaseline(formatNumber(share))
      : verificationWords().hasNotLeft(formatNumber(share));
  }
  const way = verificationWords().below({ onItsWay: below === 0, there: below === 0 ? there : below, n });
  return below > 0 && there > below ? verificationWords().andOnItsWay({ way, there: there - below }) : way;
}
