/**
 * Targets that are all the same: a net that outputs this value has nothing left to learn, and no loss separates a good
 * net from a bad one.
 */

import { type DataFacts, maxColumnFacts } from "../protocol/dataFacts.ts";
import type { RunHistory } from "../protocol/history.ts";

/** Whether no target differs from sample to sample (or from timestep to timestep). */
export function hasConstantTargets({ info: { data } }: RunHistory): boolean {
  return data !== null && data.samples > 1 && (data.classes ? data.classes.length === 1 : sameColumns(data));
}

/**
 * If there are more columns than are described one by one, the targets are known to be constant only when one value
 * fills them all.
 */
function sameColumns({ targets: { columns, overall } }: DataFacts): boolean {
  const told = columns.length > 0 && columns.length < maxColumnFacts;
  return overall.min === overall.max || (told && columns.every(({ min, max }) => min === max));
}
