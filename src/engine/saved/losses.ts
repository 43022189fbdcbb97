/** Relates the losses of a saved model to its outputs. */

import type { LossName } from "../../config/resolved.ts";
import { listWords } from "../../messages/lists.ts";
import type { SavedLoss } from "../formats/models/savedLoss.ts";
import type { BuiltModel } from "../model/builtModel.ts";
import { endsWithPartner } from "../model/outputLoss.ts";

export interface OutputLosses {
  /** Outputs that are logits for a cross-entropy, by name. */
  readonly logits: ReadonlyMap<string, LossName>;
  /**
   * Outputs that the loss is told to be logits although they are probabilities. Keras on TensorFlow then takes the
   * inputs of the softmax or sigmoid (`_get_logits` in keras/src/backend/tensorflow/nn.py), as we always do.
   */
  readonly probabilities: readonly string[];
  /** Losses with arguments that ours do not have, as words for the author. */
  readonly changed: readonly string[];
}

/** @param names for each output, the names under which the file may refer to it. */
export function lossesByOutput(
  built: Pick<BuiltModel, "layers" | "outputs">,
  losses: readonly SavedLoss[],
  names: readonly (readonly string[])[],
): OutputLosses {
  const logits = new Map<string, LossName>();
  const probabilities: string[] = [];
  const changed = new Set<string>();
  for (const [i, { name }] of built.outputs.entries()) {
    const own = losses.find(
      ({ output }) => output === null || output === i || (names[i] ?? [name]).some((each) => each === output),
    );
    const layer = built.layers.find(({ entry, wrapper }) => wrapper === null && entry.name === name);
    if (own && own.changes.length > 0)
      changed.add(listWords().aside({ text: `"${own.loss}"`, aside: listWords().commas(own.changes) }));
    if (!own?.logits) continue;
    if (layer && endsWithPartner(layer, own.loss)) probabilities.push(name);
    else logits.set(name, own.loss);
  }
  return { logits, probabilities, changed: [...changed] };
}
