/** Edits of the number of samples in a batch. */

import type { ResolvedModel } from "../../config/resolved.ts";
import { learningWords } from "../../messages/learningFindings.ts";
import type { MaybeFix } from "./fix.ts";

/** A usual batch. */
const usual = 32;

/**
 * A usual batch for a net that normalizes batches of one sample. Such a layer subtracts each sample's own mean: of
 * vectors it leaves nothing, of sequences and images it leaves their course without their level (Ioffe & Szegedy 2015,
 * algorithm 1).
 */
export function loneBatchFix({ layers, training, trainingPath }: ResolvedModel): MaybeFix {
  if (training.batchSize !== 1 || !layers.some(({ type }) => type === "batchNormalization")) return undefined;
  return {
    id: "larger-batch",
    title: learningWords().largerBatch(usual),
    edits: [{ path: [...trainingPath, "batchSize"], value: usual }],
  };
}
