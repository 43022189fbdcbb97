/** Event files of other programs: every scalar is a column, and names tell which of them is the loss. */

import type { Column, RunInfo } from "../protocol/run.ts";
import { neutralInfo } from "./description.ts";

/** Most tags that are read of a file. */
export const mostTags = 500;

const held = /(^|[/_.\s-])(val|valid|validation|test|eval)([/_.\s-]|$)/i;
/** `loss`, `epoch_loss`, `Loss/train`. */
const loss = /(^|[/_.\s-])loss([/_.\s-](train|training|val|valid|validation|test|eval|total|epoch|step))?$/i;

/** Meaning of the tags: one of the losses for training, one for held-out samples, the others under their own names. */
export function foreignColumns(tags: readonly string[]): readonly Column[] {
  const losses = tags.filter((tag) => loss.test(tag));
  const shortest = (some: readonly string[]) => [...some].sort((a, b) => a.length - b.length)[0];
  const training = shortest(losses.filter((tag) => !held.test(tag)));
  const heldOut = shortest(losses.filter((tag) => held.test(tag)));
  return tags.map((tag): Column => {
    if (tag === training) return { quantity: "loss", layer: null, name: null };
    if (tag === heldOut) return { quantity: "testLoss", layer: null, name: null };
    return { quantity: "metric", layer: null, name: tag };
  });
}

/** @param model what stands for the model's name: the folder's. */
export function foreignInfo(runId: string, model: string, tags: readonly string[]): RunInfo {
  const info = neutralInfo(runId, model);
  return { ...info, columns: foreignColumns(tags), backend: { ...info.backend, label: "another program" } };
}
