/** The numbers of samples that `data.test` keeps and leaves. */

/**
 * Number of samples that `data.test` keeps.
 *
 * @param share of the samples; null: none are kept.
 * @returns the rounded share, but at least one and at most all but one; 0 if there is no share, or only one sample.
 */
export function testSamples(samples: number, share: number | null): number {
  if (share === null) return 0;
  return Math.max(Math.min(1, samples - 1), Math.min(samples - 1, Math.round(share * samples)));
}

/** The message for a batch that is larger than the number of training samples. */
export function batchTooLarge(batchSize: number, accumulate: number, samples: number, tested: boolean): string {
  const asked =
    accumulate === 1
      ? `batchSize is ${batchSize}`
      : `A step takes ${accumulate * batchSize} samples (batchSize ${batchSize} × accumulate ${accumulate})`;
  return `${asked}, but data has only ${samples} ${samples === 1 ? "sample" : "samples"}${tested ? " to learn from" : ""}.`;
}
