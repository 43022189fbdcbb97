/** Which layers of a model are asked to carry their state from batch to batch, and where that cannot be. */

import { RNN } from "@tensorflow/tfjs-layers";
import type { Problem } from "../../config/problem.ts";
import type { ConfigPath, DataConfig, JsonValue } from "../../config/resolved.ts";
import { CarriedStates } from "../instrument/carriedStates.ts";
import type { BuiltLayer, BuiltModel } from "./builtModel.ts";
import { isObject } from "./layerArguments.ts";

/** The entry's arguments, or those of the wrapper's `layer`. */
function argumentsOf({ wrapper, entry }: BuiltLayer): { readonly [key: string]: JsonValue } {
  if (!wrapper) return entry.args;
  const { layer } = argumentsOf(wrapper);
  return isObject(layer) ? layer : {};
}

function statefulLayers({ layers }: BuiltModel): readonly BuiltLayer[] {
  return layers.filter((layer) => argumentsOf(layer)["stateful"] === true && layer.layer instanceof RNN);
}

export interface StatefulTraining {
  readonly accumulate: number;
  readonly path: ConfigPath;
}

/** Null: no layer is stateful. */
export function carriedStates(
  built: BuiltModel,
  data: DataConfig,
  dataPath: ConfigPath,
  training: StatefulTraining,
): CarriedStates | Problem[] | null {
  const found = statefulLayers(built);
  if (found.length === 0) return null;
  const problems = [...found.flatMap(layerProblems), ...batchProblems(data, dataPath, training)];
  if (problems.length > 0) return problems;
  return new CarriedStates(found.flatMap(({ layer }) => (layer instanceof RNN ? [layer] : [])));
}

/** Of data whose samples have nothing to do with one another. */
export function statefulWarnings(built: BuiltModel, data: DataConfig): Problem[] {
  if (data.kind !== "task") return [];
  return statefulLayers(built).map(({ path, name }) => ({
    severity: "warning",
    message: `"${name}" is stateful, but each sample of "${data.task}" is made by itself: what is carried from one batch to the next is of no use there.`,
    path: [...path, "stateful"],
    on: "value",
  }));
}

function error(message: string, path: ConfigPath): Problem {
  return { severity: "error", message, path, on: "value" };
}

function layerProblems({ wrapper, path, name }: BuiltLayer): Problem[] {
  for (let around = wrapper; around; around = around.wrapper) {
    if (around.type !== "timeDistributed") continue;
    const message = `"${name}" is used once for each timestep of "${around.name}": a state it carried would go from one timestep to the next, not from batch to batch. Leave "stateful" out.`;
    return [error(message, [...path, "stateful"])];
  }
  return [];
}

/** What keeps sample i of a batch from going on where sample i of the one before ended. */
function batchProblems(data: DataConfig, dataPath: ConfigPath, { accumulate, path }: StatefulTraining): Problem[] {
  const problems: Problem[] = [];
  if (accumulate > 1) {
    const message = `A stateful layer carries its state from batch to batch, but "accumulate": ${accumulate} takes that many side by side in one step. Leave it out, or "stateful".`;
    problems.push(error(message, [...path, "accumulate"]));
  }
  if (data.test !== null && (data.kind === "arrays" || data.kind === "table") && data.shuffle) {
    const message = `A stateful layer needs samples that go on from batch to batch, but "test": ${data.test} takes some out at random. Set "shuffle": false, and the last are kept.`;
    problems.push(error(message, [...dataPath, "shuffle"]));
  }
  return problems;
}
