/** How long the runs of a comparison are, and which seeds they have. */

import type { ResolvedModel } from "../../config/resolved.ts";
import { fewestPairs } from "./sequential.ts";

/**
 * Steps of each run unless told otherwise: beyond the 20 that the rules wait for and the doubling of them within which
 * a horizon shows whether it grows, and few enough for a dozen runs within a minute. No more than the config asks for.
 */
const usualSteps = 300;

export function verifySteps({ training }: ResolvedModel): number {
  return "steps" in training.length ? Math.min(usualSteps, training.length.steps) : usualSteps;
}

/** The config's own seed, then the next ones. */
export function verifySeeds({ training }: ResolvedModel, count = fewestPairs): readonly number[] {
  return Array.from({ length: count }, (_, i) => training.seed + i);
}
