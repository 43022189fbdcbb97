/** How many steps a probe takes before it judges. */

import { stepsPerEpoch } from "../config/stepsPerEpoch.ts";

/** Fewest losses that tell a trend from the noise of batches. */
const fewest = 20;

/** Passes over data so small that 20 steps are only a part of one, and the most steps that these passes may take. */
const epochs = 3;
const most = 60;

/** Twenty steps, or three epochs of small data. @param samples null if not known */
export function probeMinimum(samples: number | null, batchSize: number): number {
  if (samples === null) return fewest;
  const threeEpochs = epochs * stepsPerEpoch(samples, batchSize);
  return threeEpochs <= most ? Math.max(fewest, threeEpochs) : fewest;
}
