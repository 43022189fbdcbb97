/** Counts of right and wrong, and what they come to. */

export interface Score {
  readonly right: number;
  readonly falseAlarm: number;
  readonly missed: number;
  readonly quiet: number;
}

export interface Verdict {
  readonly truth: boolean;
  readonly said: boolean;
}

export function scoreOf(verdicts: readonly Verdict[]): Score {
  const count = (truth: boolean, said: boolean): number =>
    verdicts.filter((v) => v.truth === truth && v.said === said).length;
  return {
    right: count(true, true),
    falseAlarm: count(false, true),
    missed: count(true, false),
    quiet: count(false, false),
  };
}

/** Of what was said, how much is true; NaN where nothing was said. */
export function precision({ right, falseAlarm }: Score): number {
  return right / (right + falseAlarm);
}

/** Of what is true, how much was said; NaN where nothing is. */
export function recall({ right, missed }: Score): number {
  return right / (right + missed);
}
