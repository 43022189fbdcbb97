/** Weights every target by its class. */

import type { Problem } from "../../config/problem.ts";
import type { ClassWeightConfig, LossName } from "../../config/resolved.ts";
import { arrayWords } from "../../messages/arrays.ts";
import type { Dataset } from "./dataset.ts";

/**
 * Same meaning as Keras's `class_weight` (`class_weight_to_sample_weights`): the class of a distribution is its most
 * likely one, and a class that is not named has weight 1. If every timestep has a target, each timestep gets the weight
 * of its own class. "balanced" is scikit-learn's: positions / (classes that occur × positions of the class), so that
 * all classes have the same total weight.
 *
 * @param mask positions where it is 0 do not count; null: all count.
 * @returns `samples × positions`, or what is wrong with the config for these targets.
 */
export function classWeights(
  dataset: Pick<Dataset, "targets" | "targetShape" | "classes">,
  mask: Uint8Array | null,
  loss: LossName,
  config: ClassWeightConfig,
): Float32Array | Problem[] {
  const width = dataset.targetShape.at(-1) ?? 1;
  if (loss === "binaryCrossentropy" && width > 1) {
    const message = arrayWords().classWeightOfMany(width);
    return [{ severity: "error", message, path: config.path, on: "value" }];
  }
  const classes = classesOf(dataset.targets, loss, width);
  const known = loss === "binaryCrossentropy" ? 2 : loss === "categoricalCrossentropy" ? width : (dataset.classes ?? 0);
  if (config.weights === "balanced") return weighed(classes, balanced(classes, mask));
  const unknown = Object.keys(config.weights).filter((name) => Number(name) >= known);
  if (unknown.length > 0) {
    return unknown.map((name) => ({
      severity: "error",
      message: arrayWords().noClass({ name, last: known - 1 }),
      path: [...config.path, name],
      on: "key",
    }));
  }
  return weighed(classes, new Map(Object.entries(config.weights).map(([name, weight]) => [Number(name), weight])));
}

function weighed(classes: Uint32Array, weights: ReadonlyMap<number, number>): Float32Array {
  return Float32Array.from(classes, (c) => weights.get(c) ?? 1);
}

function classesOf(targets: Float32Array, loss: LossName, width: number): Uint32Array {
  if (loss !== "categoricalCrossentropy") return Uint32Array.from(targets, Math.round);
  return Uint32Array.from({ length: targets.length / width }, (_, i) => {
    let best = 0;
    for (let k = 1; k < width; k++) if (targets[i * width + k]! > targets[i * width + best]!) best = k;
    return best;
  });
}

function balanced(classes: Uint32Array, mask: Uint8Array | null): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  let all = 0;
  classes.forEach((c, i) => {
    if (mask?.[i] === 0) return;
    counts.set(c, (counts.get(c) ?? 0) + 1);
    all++;
  });
  return new Map([...counts].map(([c, n]) => [c, all / (counts.size * n)]));
}
