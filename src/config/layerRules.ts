/** Rules of a layer entry that concern several of its arguments, or arguments and inputs: no schema states them. */

import { configWords } from "../messages/config.ts";
import { crossedBounds } from "./crossedBounds.ts";
import { has } from "./layerCatalogue.ts";
import { isLstm } from "./layerKinds.ts";
import { type LayerPart, partsOf } from "./layerParts.ts";
import { maxProblems } from "./limits.ts";
import { isObject, type JsonObject } from "./merge.ts";
import type { Problem } from "./problem.ts";
import type { JsonPath, JsonValue, LayerEntry } from "./resolved.ts";
import { mergeTypes } from "./schema/layers/index.ts";

/** @param entry one whose arguments have passed the schema. */
export function entryProblems(entry: LayerEntry): readonly Problem[] {
  const { path, args } = entry;
  const count = countProblem(entry);
  return [
    ...(count === null ? [] : [problem(count, [...path, "inputs"])]),
    ...innerInputs(args, path).slice(0, maxProblems),
    ...crossedBounds(args, path).slice(0, maxProblems),
    ...partsOf(entry).flatMap((part) => [...unusedPeepholes(part), ...twoForgetBiases(part), ...shutGates(part)]),
  ];
}

function countProblem({ type, inputs: { length: count } }: LayerEntry): string | null {
  if (type === "dot" && count !== 2) return configWords().dotOfTwo;
  if (mergeTypes.includes(type)) return count >= 2 ? null : configWords().mergesTwo(type);
  if (has("takesPairs", { type })) return count === 2 || count === 3 ? null : configWords().pairsOf(type);
  if (count === 1) return null;
  return configWords().oneInput(type);
}

/** An inner layer takes what the outer one passes to it. */
function innerInputs(value: JsonValue, path: JsonPath): readonly Problem[] {
  if (Array.isArray(value)) return value.flatMap((item: JsonValue, i) => innerInputs(item, [...path, i]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]): readonly Problem[] => {
    const here = [...path, key];
    if (key !== "inputs" && key !== "initialState") return innerInputs(inner, here);
    const message = configWords().innerInputs(key);
    return [{ severity: "error", message, path: here, on: "key" }];
  });
}

function unusedPeepholes({ args, path }: LayerPart): readonly Problem[] {
  const key = args["peepholes"] === true ? undefined : Object.keys(args).find((name) => /^peephole[A-Z]/.test(name));
  return key === undefined ? [] : [problem(configWords().noPeepholes(key), [...path, key])];
}

function isChrono(value: JsonValue | undefined): value is JsonObject {
  return isObject(value) && value["type"] === "chrono";
}

function twoForgetBiases({ args, path }: LayerPart): readonly Problem[] {
  if (args["unitForgetBias"] !== true || !isChrono(args["biasInitializer"])) return [];
  const message = configWords().twoForgetBiases;
  return [problem(message, [...path, "biasInitializer"])];
}

/** hardSigmoid is exactly 0 below the negative of this. */
const hardSigmoidEnd = 2.5;

/**
 * A chrono bias of log(maxLag − 1) closes an LSTM's input gate permanently if the gates use hardSigmoid, tfjs's
 * default.
 */
function shutGates({ type, args, path }: LayerPart): readonly Problem[] {
  const bias = args["biasInitializer"];
  const gates = args["recurrentActivation"] ?? "hardSigmoid";
  if (!isLstm({ type }) || !isChrono(bias) || gates !== "hardSigmoid") return [];
  if (!(Number(bias["maxLag"]) - 1 > Math.exp(hardSigmoidEnd))) return [];
  const message = configWords().shutGates;
  return [{ ...problem(message, [...path, "biasInitializer"]), severity: "warning" }];
}

function problem(message: string, path: JsonPath): Problem {
  return { severity: "error", message, path, on: "value" };
}
