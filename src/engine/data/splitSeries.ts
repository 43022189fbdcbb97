/** Divides the samples of a table with several series: each keeps its last ones for testing. */

import type { Problem } from "../../config/problem.ts";
import { type Split, type SplitOptions, split } from "./split.ts";

/**
 * Indices of the samples to learn from and to keep. A series with too few samples to keep any is only learnt from.
 *
 * @param counts number of samples of each series, which follow one another.
 */
export function splitSeries(counts: readonly number[], options: SplitOptions): Split | Problem {
  const samples = counts.reduce((sum, count) => sum + count, 0);
  if (counts.length === 1 || options.shuffle || options.test === null) return split(samples, options);
  const training = new Uint32Array(samples);
  const test = new Uint32Array(samples);
  let learnt = 0;
  let kept = 0;
  let first = 0;
  for (const count of counts) {
    const parts = split(count, options);
    const alone = "message" in parts;
    for (let i = 0; i < count; i++) if (alone || i < parts.training.length) training[learnt++] = first + i;
    for (const i of alone ? [] : (parts.test ?? [])) test[kept++] = first + i;
    first += count;
  }
  if (kept > 0 && learnt > 0) return { training: training.subarray(0, learnt), test: test.subarray(0, kept) };
  const most = Math.max(...counts);
  const message = `"test": ${options.test} keeps no samples: the longest of ${counts.length} series has only ${most} of them${options.gap > 0 ? `, and the ${options.gap} before the kept ones would overlap with these` : ""}. Use more data, a shorter window, or leave "test" out.`;
  return { severity: "error", message, path: [...options.path, "test"], on: "value" };
}
