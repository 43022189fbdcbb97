/** The outcome of a stage of `npm test`. */
export interface Outcome {
  readonly passed: number;
  /** One line each. */
  readonly failures: readonly string[];
  readonly skipped: number;
}

export const ok: Outcome = { passed: 1, failures: [], skipped: 0 };

export function failure(...failures: string[]): Outcome {
  return { passed: 0, failures, skipped: 0 };
}

/** Adds a failure to a stage that ended badly without a failed test, or in which nothing was tested. */
export function withExit(outcome: Outcome, stage: string, exit: string | undefined): Outcome {
  const { failures } = outcome;
  if (failures.length === 0 && exit !== undefined) return { ...outcome, failures: [`${stage}: ${exit}`] };
  if (failures.length === 0 && outcome.passed === 0) return { ...outcome, failures: [`${stage}: no test ran`] };
  return outcome;
}
