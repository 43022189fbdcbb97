/** What a config can say: a fix never writes what its reader would refuse. */

import { sections } from "../../config/schema/config.ts";

let logits: boolean | undefined;

export const accepts = {
  /** A loss that is an object which asks for logits. */
  fromLogits(): boolean {
    logits ??= sections.training.safeParse({ loss: { type: "binaryCrossentropy", fromLogits: true } }).success;
    return logits;
  },
  /** Scaling of the targets by itself. */
  minMax(kind: "table" | "arrays"): boolean {
    return Object.hasOwn(sections.data[kind].shape, "minMax");
  },
} as const;
