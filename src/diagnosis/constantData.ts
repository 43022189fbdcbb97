/**
 * Data without differences. Targets that are all the same leave nothing to learn: no loss separates a good net from a
 * bad one. Inputs that are all the same leave nothing to learn from.
 */

import { type DataFacts, maxColumnFacts, type PartFacts } from "../protocol/dataFacts.ts";
import type { RunHistory } from "../protocol/history.ts";

/** Whether no target differs from sample to sample (or from timestep to timestep). */
export function hasConstantTargets({ info: { data } }: RunHistory): boolean {
  return data !== null && data.samples > 1 && (data.classes ? data.classes.length === 1 : sameColumns(data.targets));
}

/** Whether no input differs from sample to sample, nor from timestep to timestep. */
export function hasConstantInputs({ info: { data } }: RunHistory): boolean {
  if (data === null || data.samples <= 1) return false;
  return inputsOf(data).every(sameColumns);
}

function inputsOf({ inputs, arrays }: DataFacts): readonly PartFacts[] {
  return arrays ? arrays.inputs.map(({ facts }) => facts) : [inputs];
}

/**
 * If there are more columns than are described one by one, they are known to be constant only when one value fills them
 * all.
 */
function sameColumns({ columns, overall }: PartFacts): boolean {
  const told = columns.length > 0 && columns.length < maxColumnFacts;
  return overall.min === overall.max || (told && columns.every(({ min, max }) => min === max));
}
