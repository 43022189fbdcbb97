/** Finds the layers of a model that carry their state from batch to batch, and settings that prevent it. */

import { RNN } from "@tensorflow/tfjs-layers";
import { isObject } from "../../config/merge.ts";
import type { Problem } from "../../config/problem.ts";
import type { DataConfig, JsonPath, JsonValue } from "../../config/resolved.ts";
import { buildingWords } from "../../messages/building.ts";
import { CarriedStates } from "../instrument/carriedStates.ts";
import type { BuiltLayer, BuiltModel } from "./builtModel.ts";

/** The entry's arguments; for an inner layer those of the wrapper's `layer`. */
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
  readonly path: JsonPath;
}

/** Null: no layer is stateful. */
export function carriedStates(
  built: BuiltModel,
  data: DataConfig,
  dataPath: JsonPath,
  training: StatefulTraining,
): CarriedStates | Problem[] | null {
  const found = statefulLayers(built);
  if (found.length === 0) return null;
  const problems = [...found.flatMap(layerProblems), ...batchProblems(data, dataPath, training)];
  if (problems.length > 0) return problems;
  return new CarriedStates(found.flatMap(({ layer }) => (layer instanceof RNN ? [layer] : [])));
}

/** Warns about data whose samples are independent of each other. */
export function statefulWarnings(built: BuiltModel, data: DataConfig): Problem[] {
  if (data.kind !== "task") return [];
  return statefulLayers(built).map(({ path, name }) => ({
    severity: "warning",
    message: buildingWords().statefulTask({ layer: name, task: data.task }),
    path: [...path, "stateful"],
    on: "value",
  }));
}

function error(message: string, path: JsonPath): Problem {
  return { severity: "error", message, path, on: "value" };
}

function layerProblems({ wrapper, path, name }: BuiltLayer): Problem[] {
  for (let around = wrapper; around; around = around.wrapper) {
    if (around.type !== "timeDistributed") continue;
    const message = buildingWords().statefulInside({ layer: name, around: around.name });
    return [error(message, [...path, "stateful"])];
  }
  return [];
}

/** Reports settings that prevent sample i of a batch from continuing sample i of the previous one. */
function batchProblems(data: DataConfig, dataPath: JsonPath, { accumulate, path }: StatefulTraining): Problem[] {
  const problems: Problem[] = [];
  if (accumulate > 1) {
    const message = buildingWords().statefulAccumulate(accumulate);
    problems.push(error(message, [...path, "accumulate"]));
  }
  if (data.test !== null && (data.kind === "arrays" || data.kind === "table") && data.shuffle) {
    const message = buildingWords().statefulShuffle(data.test);
    problems.push(error(message, [...dataPath, "shuffle"]));
  }
  return problems;
}
