/** The length of a comparison's runs, and their seeds. */

import type { ResolvedModel } from "../../config/resolved.ts";
import { fewestPairs } from "./sequential.ts";

/**
 * Default number of steps of each run: more than the 20 that the rules wait for and twice that, within which a horizon
 * shows whether it grows; few enough for a dozen runs within a minute. Never more than the config asks for.
 */
const usualSteps = 300;

export function verifySteps({ training }: ResolvedModel): number {
  return "steps" in training.length ? Math.min(usualSteps, training.length.steps) : usualSteps;
}

/** The config's own seed, then the next ones. */
export function verifySeeds({ training }: ResolvedModel, count = fewestPairs): readonly number[] {
  return Array.from({ length: count }, (_, i) => training.seed + i);
}
