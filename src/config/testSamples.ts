/** The numbers of samples that `data.test` keeps and leaves. */

import { configWords } from "../messages/config.ts";
import type { Problem } from "./problem.ts";
import type { JsonPath } from "./resolved.ts";

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

interface Batch {
  readonly batchSize: number;
  readonly accumulate: number;
}

/**
 * The problem of a batch that is larger than the number of training samples, with the largest possible one as a fix.
 *
 * @param training place of the training section.
 * @param tested whether other samples are kept for testing.
 */
export function batchTooLarge(
  { batchSize, accumulate }: Batch,
  samples: number,
  tested: boolean,
  training: JsonPath,
): Problem {
  const asked =
    accumulate === 1
      ? configWords().batchIs(batchSize)
      : configWords().stepTakes({ all: accumulate * batchSize, size: batchSize, accumulate });
  const most = Math.floor(samples / accumulate);
  const message = configWords().fewSamples({ asked, samples, tested, most });
  const path = [...training, "batchSize"];
  const fix = { id: "smaller-batch", title: configWords().setBatchSize(most), edits: [{ path, value: most }] };
  return { severity: "error", message, path, on: "value", ...(most >= 1 && { fixes: [fix] }) };
}
