/** Checks that a model's inputs and outputs have the arrays and the losses that they need. */

import { configWords } from "../../messages/config.ts";
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
  const words = { ends: configWords().ends[ends], names: some(names, "and"), side: configWords().sides[side] };
  if (arrays === null) {
    if (names.length <= 1) return [];
    const message = configWords().oneArray({ ...words, key: side, first: names[0] ?? "" });
    return [error(message, [...data, side])];
  }
  const without = names.filter((name) => !arrays.includes(name));
  if (without.length === 0) return [];
  if (model === null) {
    const message = configWords().nameDataAlike({ ...words, arrays: some(arrays, "and") });
    return [error(message, [...data, side])];
  }
  const message = configWords().nameModelAlike({
    ...words,
    arrays: some(arrays, "and"),
    key: ends,
    list: arrays.map((name) => `"${name}"`).join(", "),
  });
  return [error(message, names.length > 1 ? [...model, ends] : model)];
}

function lossProblems(
  outputs: readonly string[],
  { losses, classWeight }: TrainingConfig,
  places: Places,
): readonly Problem[] {
  const problems: Problem[] = [];
  if (classWeight && outputs.length > 1) problems.push(error(configWords().oneOutputWeights, classWeight.path));
  if (!losses) return problems;
  const place = [...places.training, "loss"];
  const unknown = losses.find(({ output }) => !outputs.includes(output));
  const without = outputs.find((name) => !losses.some(({ output }) => output === name));
  if (unknown)
    problems.push(
      error(configWords().notOutput({ name: unknown.output, outputs: some(outputs, "and") }), [
        ...place,
        unknown.output,
      ]),
    );
  else if (without !== undefined) problems.push(error(configWords().lossWithout(without), place));
  return problems;
}

function error(message: string, path: JsonPath): Problem {
  return { severity: "error", message, path, on: "key" };
}
