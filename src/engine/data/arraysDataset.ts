/** Builds a data set from arrays in files. */

import { maxDataValues } from "../../config/limits.ts";
import type { Problem } from "../../config/problem.ts";
import { isRegression } from "../../config/regression.ts";
import type { ArrayFile, ArraysData, JsonPath, LossName } from "../../config/resolved.ts";
import { type Side, scalingOfArray } from "../../config/scaling.ts";
import { arrayWords } from "../../messages/arrays.ts";
import { fileWords } from "../../messages/files.ts";
import type { NumberArray } from "../formats/arrays/numberArray.ts";
import type { FileFault } from "../formats/readFile.ts";
import { readInWorker, refusedAs } from "../readingThread/reader.ts";
import { arrayTargets } from "./arrayTargets.ts";
import { constantBaseline } from "./baseline.ts";
import type { Dataset, DataTraining, Samples } from "./dataset.ts";
import { encodingFixes } from "./encodingFix.ts";
import { indicesOf, type LabelFault } from "./labels.ts";
import { leakageWarnings } from "./leakage.ts";
import { scaleArray } from "./scaleArray.ts";
import { type Indices, part, split } from "./split.ts";
import { classTargetWarnings } from "./tableTargets.ts";
import { weightsFault } from "./weightsFault.ts";

/**
 * Reads the arrays. Otherwise says what is wrong with one array, with how they fit together, or with the targets for
 * the loss.
 */
export async function arraysDataset(
  data: ArraysData,
  at: JsonPath,
  configDir: string,
  { loss, path: trainingPath }: DataTraining,
  signal: AbortSignal,
): Promise<Dataset | Problem[]> {
  const read = (key: ArrayKey, from: ArrayFile) => readArray(key, from, at, configDir, signal);
  const [inputs, labelled] = [await read("inputs", data.inputs), await read("targets", data.targets)];
  if ("message" in inputs || "message" in labelled) return [inputs, labelled].filter((a) => "message" in a);
  const weights = data.weights ? await read("weights", data.weights) : null;
  if (weights && "message" in weights) return [weights];
  const places = { data: at, training: trainingPath };
  const refused = ({ fault, fixes }: LabelFault, path: JsonPath = [...at, "targets", "file"]): Problem => ({
    ...error(fileWords().ofFile({ file: data.targets.file, fault }), path),
    fixes,
  });
  const indices = data.classes && indicesOf(labelled.values, data.classes, loss, places);
  if (indices && "fault" in indices)
    return [refused(indices, indices.about === "classes" ? [...at, "classes"] : undefined)];
  const targets = indices ? { ...labelled, values: indices.indices } : labelled;
  const unequal = sizeProblem(inputs, targets, at);
  if (unequal) return [unequal];
  const samples = inputs.shape[0] ?? 1;
  const prepared = arrayTargets(targets, loss, places, data.classes?.length ?? null);
  if ("fault" in prepared) return [refused(prepared)];
  const parts = split(samples, { ...data, gap: 0, path: at });
  if ("message" in parts) return [parts];
  const unfit = weights && weightsFault(weights, samples, prepared.shape);
  if (unfit)
    return [error(fileWords().ofFile({ file: String(data.weights?.file), fault: unfit }), [...at, "weights", "file"])];
  const scaled = (side: Side, array: NumberArray) => scaleSide(data, side, array, loss, at, parts.training);
  const warnings = [...classTargetWarnings(data, at, loss), ...scaled("inputs", inputs), ...scaled("targets", targets)];
  const all: Samples = {
    samples,
    inputs: inputs.values,
    targets: targets.values,
    ...(weights && { weights: weights.values }),
  };
  const inputShape = inputs.shape.length > 1 ? inputs.shape.slice(1) : [1];
  warnings.push(...leakageWarnings(all, { ...data, at, loss, inputShape, file: data.inputs.file, timed: false }));
  const own = part(all, parts.training);
  const width = prepared.shape.at(-1) ?? 1;
  return {
    ...own,
    test: parts.test && part(all, parts.test),
    inputShape,
    targetShape: prepared.shape,
    features: inputShape.at(-1) ?? 1,
    timesteps: inputShape.length > 1 ? inputShape[0]! : null,
    classes: prepared.classes,
    requiredLag: null,
    baselineLoss: (asked, weights) => constantBaseline(asked, own.targets, own.samples, width, weights),
    warnings,
  };
}

type ArrayKey = "inputs" | "targets" | "weights";

async function readArray(
  key: ArrayKey,
  from: ArrayFile,
  at: JsonPath,
  folder: string,
  signal: AbortSignal,
): Promise<NumberArray | Problem> {
  const question = { file: from, folder, usual: key };
  const array: NumberArray | FileFault = await readInWorker("array", question, signal).catch(
    refusedAs((words) => ({ fault: fileWords().ofFile({ file: from.file, fault: words }), about: undefined })),
  );
  if (!("fault" in array))
    return array.values.length > 0
      ? array
      : error(arrayWords().noValues({ file: from.file, shape: array.shape.join(", ") }), [...at, key, "file"]);
  const place = from.array !== null && array.about === "array" ? "array" : "file";
  return { ...error(array.fault, [...at, key, place]), fixes: encodingFixes(array, [...at, key]) };
}

/** Different numbers of samples, or too many values. */
function sizeProblem(inputs: NumberArray, targets: NumberArray, at: JsonPath): Problem | null {
  const samples = inputs.shape[0] ?? 1;
  if (samples !== (targets.shape[0] ?? 1)) {
    const message = arrayWords().unequal({ inputs: samples, targets: targets.shape[0] ?? 1 });
    return error(message, [...at, "targets", "file"]);
  }
  const values = inputs.values.length + targets.values.length;
  if (values <= maxDataValues) return null;
  const message = arrayWords().manyNumbers({ n: values, most: maxDataValues });
  return error(message, [...at, "inputs", "file"]);
}

/**
 * Scales an array in place, if the config asks for it and the loss allows it.
 * @returns a warning about constant features
 */
function scaleSide(
  data: ArraysData,
  side: Side,
  { values, shape }: NumberArray,
  loss: LossName,
  at: JsonPath,
  training: Indices,
): Problem[] {
  const scaling = side === "targets" && !isRegression(loss) ? null : scalingOfArray(data[side], data, side);
  if (scaling === null) return [];
  const sample = shape.length > 1 ? shape.slice(1) : [1];
  const constant = scaleArray(scaling, values, sample, training);
  if (constant === 0) return [];
  const told = { n: constant, of: sample.at(-1) ?? 1, file: data[side].file, tested: data.test !== null };
  return [warning(arrayWords().constantFeatures(told), [...at, side, "file"])];
}

function warning(message: string, path: JsonPath): Problem {
  return { severity: "warning", message, path, on: "value" };
}

function error(message: string, path: JsonPath): Problem {
  return { severity: "error", message, path, on: "value" };
}
