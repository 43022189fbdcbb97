import type { Tier } from "../tier.mts";

/** The outcome of a stage of `npm test`. */
export interface Outcome {
  readonly passed: number;
  /** One line each. */
  readonly failures: readonly string[];
  readonly skipped: Skipped;
}

/** Tests that did not run: those of later tiers (test/tier.mts), and those that cannot run on this machine. */
export interface Skipped {
  readonly thorough: number;
  readonly long: number;
  readonly here: number;
}

export const nothing: Skipped = { thorough: 0, long: 0, here: 0 };

export const ok: Outcome = { passed: 1, failures: [], skipped: nothing };

export function failure(...failures: string[]): Outcome {
  return { passed: 0, failures, skipped: nothing };
}

/** The outcome of two stages together. */
export function sum(a: Outcome, b: Outcome): Outcome {
  return {
    passed: a.passed + b.passed,
    failures: [...a.failures, ...b.failures],
    skipped: {
      thorough: a.skipped.thorough + b.skipped.thorough,
      long: a.skipped.long + b.skipped.long,
      here: a.skipped.here + b.skipped.here,
    },
  };
}

/** How many tests did not run, and what runs them; undefined if all ran. */
export function skippedLine({ thorough, long, here }: Skipped): string | undefined {
  const parts = [
    ...(thorough > 0 ? [`${thorough} run in CI and with \`npm run test:long\``] : []),
    ...(long > 0 ? [`${long} run with \`npm run test:long\`${thorough > 0 ? " alone" : ""}`] : []),
    ...(here > 0 ? [`${here} cannot run here`] : []),
  ];
  return parts.length > 0 ? `skipped: ${parts.join(", ")}` : undefined;
}

/** What a tier leaves out without a test that could be counted; undefined if it leaves out nothing. */
export function uncountedLine(tier: Tier): string | undefined {
  if (tier === "long") return undefined;
  const later = tier === "quick" ? "CI and `npm run test:long` take" : "`npm run test:long` takes";
  return `not counted as skipped: further cases of tables and further random inputs, which ${later}`;
}

/** Adds a failure to a stage that ended badly without a failed test, or in which nothing was tested. */
export function withExit(outcome: Outcome, stage: string, exit: string | undefined): Outcome {
  const { failures } = outcome;
  if (failures.length === 0 && exit !== undefined) return { ...outcome, failures: [`${stage}: ${exit}`] };
  if (failures.length === 0 && outcome.passed === 0) return { ...outcome, failures: [`${stage}: no test ran`] };
  return outcome;
}
