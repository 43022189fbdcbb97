/** Checks that a model's inputs and outputs have the arrays and the losses that they need. */

import { some } from "../didYouMean.ts";
import type { Problem } from "../problem.ts";
import type { DataConfig, JsonPath, TrainingConfig } from "../resolved.ts";

export interface Ends {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface Places {
  /** Place of the model; null: a file names its inputs and outputs. */
  readonly model: JsonPath | null;
  readonly data: JsonPath;
  readonly training: JsonPath;
}

/** What is wrong with how the ends of a model go with its data and losses. */
export function dataEndProblems(
  ends: Ends,
  data: DataConfig,
  training: TrainingConfig,
  places: Places,
): readonly Problem[] {
  return [
    ...missing(ends.inputs, arraysOf(data, "inputs"), "inputs", places),
    ...missing(ends.outputs, arraysOf(data, "targets"), "targets", places),
    ...lossProblems(ends.outputs, training, places),
  ];
}

/** Names of the arrays of one side; null: one array without a name. */
function arraysOf(data: DataConfig, side: "inputs" | "targets"): readonly string[] | null {
  if (data.kind !== "namedArrays") return null;
  const names = data[side].map(({ name }) => name);
  return names.length === 1 ? null : names.flatMap((name) => name ?? []);
}

function missing(
  names: readonly string[],
  arrays: readonly string[] | null,
  side: "inputs" | "targets",
  { model, data }: Places,
): readonly Problem[] {
  const ends = side === "inputs" ? "inputs" : "outputs";
  if (arrays === null) {
    if (names.length <= 1) return [];
    const message = `The model has the ${ends} ${some(names, "and")}, but the data have one array of ${side}. Give each of them one: "${side}": { "${names[0]}": { "file": … }, … }.`;
    return [error(message, [...data, side])];
  }
  const without = names.filter((name) => !arrays.includes(name));
  if (without.length === 0) return [];
  if (model === null) {
    const message = `The model has the ${ends} ${some(names, "and")}, but the data have the ${side} ${some(arrays, "and")}. Name those of the data alike.`;
    return [error(message, [...data, side])];
  }
  const message = `The model has the ${ends} ${some(names, "and")}, but the data have the ${side} ${some(arrays, "and")}. Name the model's ${ends} alike, with "${ends}": [${arrays.map((name) => `"${name}"`).join(", ")}].`;
  return [error(message, names.length > 1 ? [...model, ends] : model)];
}

function lossProblems(
  outputs: readonly string[],
  { losses, classWeight }: TrainingConfig,
  places: Places,
): readonly Problem[] {
  const problems: Problem[] = [];
  if (classWeight && outputs.length > 1)
    problems.push(
      error('"classWeight" is for models with one output. Weight the samples: "weights" in "data".', classWeight.path),
    );
  if (!losses) return problems;
  const place = [...places.training, "loss"];
  const unknown = losses.find(({ output }) => !outputs.includes(output));
  const without = outputs.find((name) => !losses.some(({ output }) => output === name));
  if (unknown)
    problems.push(
      error(`"${unknown.output}" is not an output of the model; it has ${some(outputs, "and")}.`, [
        ...place,
        unknown.output,
      ]),
    );
  else if (without !== undefined) problems.push(error(`loss has none for the output "${without}".`, place));
  return problems;
}

function error(message: string, path: JsonPath): Problem {
  return { severity: "error", message, path, on: "key" };
}
