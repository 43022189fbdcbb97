/** Counts of right and wrong predictions, and the figures computed from them. */

export interface Score {
  readonly right: number;
  readonly falseAlarm: number;
  readonly missed: number;
  readonly quiet: number;
}

export interface Prediction {
  readonly truth: boolean;
  readonly predicted: boolean;
}

export function scoreOf(predictions: readonly Prediction[]): Score {
  const count = (truth: boolean, predicted: boolean): number =>
    predictions.filter((p) => p.truth === truth && p.predicted === predicted).length;
  return {
    right: count(true, true),
    falseAlarm: count(false, true),
    missed: count(true, false),
    quiet: count(false, false),
  };
}

/** Share of the reports that are true; NaN if nothing was reported. */
export function precision({ right, falseAlarm }: Score): number {
  return right / (right + falseAlarm);
}

/** Share of the true faults that were reported; NaN if there are none. */
export function recall({ right, missed }: Score): number {
  return right / (right + missed);
}
