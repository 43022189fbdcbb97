/** Targets that are all the same: what gives them has learnt all there is, and no loss tells a good net from a bad one. */

import { type DataFacts, maxColumnFacts } from "../protocol/dataFacts.ts";
import type { RunHistory } from "../protocol/history.ts";

/** Whether no target differs from sample to sample (or from timestep to timestep). */
export function hasConstantTargets({ info: { data } }: RunHistory): boolean {
  return data !== null && data.samples > 1 && (data.classes ? data.classes.length === 1 : sameColumns(data));
}

/** Beyond the columns that are told one by one only one value for all of them is known to be one. */
function sameColumns({ targets: { columns, overall } }: DataFacts): boolean {
  const told = columns.length > 0 && columns.length < maxColumnFacts;
  return overall.min === overall.max || (told && columns.every(({ min, max }) => min === max));
}
