/** The losses with which a saved model was trained. */

import * as z from "zod";
import type { Immutable } from "../../../config/immutable.ts";
import type { JsonValue, LossName } from "../../../config/resolved.ts";
import { lossNames } from "../../../config/schema/names.ts";
import { isList, type JsonObject, objectAt } from "../../reading/jsonObject.ts";

export const savedLossSchema = z.object({
  /** Name or index of an output; null: the loss of each output. */
  output: z.union([z.string(), z.number(), z.null()]),
  loss: z.enum(lossNames),
  /** Whether the loss treats the outputs as logits (`from_logits=True`). */
  logits: z.boolean(),
  /** Arguments that change the loss: `label_smoothing 0.1`. */
  changes: z.array(z.string()),
});
export type SavedLoss = Immutable<z.infer<typeof savedLossSchema>>;

const names: { readonly [className: string]: LossName } = {
  BinaryCrossentropy: "binaryCrossentropy",
  CategoricalCrossentropy: "categoricalCrossentropy",
  SparseCategoricalCrossentropy: "sparseCategoricalCrossentropy",
  MeanSquaredError: "meanSquaredError",
  MeanAbsoluteError: "meanAbsoluteError",
};

/** Arguments of a loss that change its value, with the values at which they do not. */
const usual: { readonly [argument: string]: readonly JsonValue[] } = {
  label_smoothing: [0],
  axis: [-1],
  ignore_class: [null],
  reduction: ["auto", "sum_over_batch_size", "mean", "mean_with_sample_weight"],
};

/** Limit of losses: a model has at most one for each of its layers. */
const mostLosses = 1000;

/**
 * The losses that the file describes with arguments. A loss that it only names has the usual arguments.
 *
 * @param training Keras's `training_config` or `compile_config`, or tfjs's `trainingConfig`. Its loss is one for all
 * outputs, a list, or an object with the names of outputs.
 */
export function savedLosses(training: JsonValue | undefined): readonly SavedLoss[] {
  const loss = objectAt(training)?.["loss"];
  if (isList(loss)) return loss.slice(0, mostLosses).flatMap((each, i) => lossOf(each, i));
  const described = objectAt(loss);
  if (!described) return [];
  if (typeof described["class_name"] === "string") return lossOf(described, null);
  return Object.entries(described)
    .slice(0, mostLosses)
    .flatMap(([output, each]) => lossOf(each, output));
}

function lossOf(value: JsonValue, output: SavedLoss["output"]): readonly SavedLoss[] {
  // A list for one output holds the loss alone.
  const described = objectAt(isList(value) ? value[0] : value);
  const name = described?.["class_name"];
  if (typeof name !== "string" || !Object.hasOwn(names, name)) return [];
  const loss = names[name];
  const config = objectAt(described?.["config"]) ?? {};
  if (!loss) return [];
  return [{ output, loss, logits: config["from_logits"] === true, changes: changesIn(config) }];
}

function changesIn(config: JsonObject): string[] {
  return Object.entries(usual).flatMap(([argument, values]) => {
    const value = config[argument];
    return value === undefined || values.some((each) => each === value)
      ? []
      : [`${argument} ${JSON.stringify(value).slice(0, 40)}`];
  });
}
