/** The length of an epoch. */

/**
 * Number of steps of one epoch. The last, short batch is left out (`batchIndices` says why); a set smaller than one
 * batch is one step.
 *
 * @param batchSize samples of one step, over all batches whose gradients are accumulated.
 */
export function stepsPerEpoch(samples: number, batchSize: number): number {
  return Math.max(1, Math.floor(samples / batchSize));
}
