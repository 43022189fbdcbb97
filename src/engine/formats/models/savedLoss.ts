/** The loss with which a saved model was trained. */

import type { JsonValue, LossName } from "../../../config/resolved.ts";
import { objectAt } from "./savedModel.ts";

const losses: { readonly [className: string]: LossName } = {
  BinaryCrossentropy: "binaryCrossentropy",
  CategoricalCrossentropy: "categoricalCrossentropy",
  SparseCategoricalCrossentropy: "sparseCategoricalCrossentropy",
};

/**
 * The cross-entropy that treats the model's outputs as logits (`from_logits=True`); null for any other loss.
 *
 * @param training Keras's `training_config` or `compile_config`, or tfjs's `trainingConfig`.
 */
export function lossOfLogits(training: JsonValue | undefined): LossName | null {
  const loss = objectAt(objectAt(training)?.["loss"]);
  const name = loss?.["class_name"];
  if (typeof name !== "string" || objectAt(loss?.["config"])?.["from_logits"] !== true) return null;
  return Object.hasOwn(losses, name) ? (losses[name] ?? null) : null;
}
