/**
 * Builds the data set of a model with several inputs or outputs: each array is read as if it were the only one of its
 * side, and the samples of all are then joined. A joined sample has the values of all inputs one after the other.
 */

import type { Problem } from "../../config/problem.ts";
import type { ArraysData, JsonPath, NamedArraysData } from "../../config/resolved.ts";
import { arraysDataset } from "./arraysDataset.ts";
import type { Dataset, DatasetPart, DataTraining, Samples } from "./dataset.ts";

/** The data set with its parts in the order in which they are written; or what is wrong with one array. */
export async function namedArraysDataset(
  data: NamedArraysData,
  at: JsonPath,
  configDir: string,
  training: DataTraining,
  signal: AbortSignal,
): Promise<Dataset | Problem[]> {
  const inputs: DatasetPart[] = [];
  const targets: DatasetPart[] = [];
  const warnings = new Map<string, Problem>();
  for (let i = 0; i < Math.max(data.inputs.length, data.targets.length); i++) {
    const input = data.inputs[Math.min(i, data.inputs.length - 1)];
    const target = data.targets[Math.min(i, data.targets.length - 1)];
    if (!input || !target) throw new Error("Data without inputs or targets.");
    const alone: ArraysData = { ...data, kind: "arrays", inputs: input, targets: target, classes: null };
    const loss = training.losses?.find(({ output }) => output === target.name)?.loss ?? training.loss;
    const of = await arraysDataset(alone, at, configDir, { loss, path: training.path }, signal);
    const names = { inputs: data.inputs.length > 1 ? input.name : null, targets: target.name };
    if (Array.isArray(of)) return of.map((problem) => placed(problem, at, names));
    for (const warning of of.warnings.map((problem) => placed(problem, at, names)))
      warnings.set(JSON.stringify([warning.message, warning.path]), warning);
    if (i < data.inputs.length) inputs.push({ name: input.name, of });
    if (i < data.targets.length) targets.push({ name: target.name, of });
  }
  return { ...joined(inputs, targets), warnings: [...warnings.values()] };
}

/** A problem of an array at the place of that array. */
function placed(
  problem: Problem,
  at: JsonPath,
  names: { readonly inputs: string | null; readonly targets: string | null },
): Problem {
  const side = problem.path[at.length];
  if (side !== "inputs" && side !== "targets") return problem;
  const name = names[side];
  if (name === null) return problem;
  return { ...problem, path: [...at, side, name, ...problem.path.slice(at.length + 1)] };
}

/** The parts of a data set that a model takes, in the model's order; a data set without parts stays as it is. */
export function arranged(dataset: Dataset, inputs: readonly string[], outputs: readonly string[]): Dataset {
  const { parts } = dataset;
  if (!parts) return dataset;
  const pick = (all: readonly DatasetPart[], names: readonly string[]): readonly DatasetPart[] => {
    if (all.length === 1 && names.length === 1) return all.map((part) => ({ ...part, name: names[0] ?? part.name }));
    return names.flatMap((name) => all.find((part) => part.name === name) ?? []);
  };
  return { ...joined(pick(parts.inputs, inputs), pick(parts.targets, outputs)), warnings: dataset.warnings };
}

function joined(inputs: readonly DatasetPart[], targets: readonly DatasetPart[]): Dataset {
  const [first] = inputs;
  const [target] = targets;
  if (!first || !target) throw new Error("Data without inputs or targets.");
  const shapes = { inputs: inputs.map(({ of }) => of.inputShape), targets: targets.map(({ of }) => of.targetShape) };
  const inputShape = shapeOf(shapes.inputs);
  const samples = (of: (dataset: Dataset) => Samples | null): Samples | null => {
    const [of0, of1] = [inputs.map((part) => of(part.of)), targets.map((part) => of(part.of))];
    const [any] = of1;
    if (!any) return null;
    return {
      samples: any.samples,
      inputs: sideBySide(
        of0.map((part) => part?.inputs ?? new Float32Array()),
        any.samples,
      ),
      targets: sideBySide(
        of1.map((part) => part?.targets ?? new Float32Array()),
        any.samples,
      ),
      ...(any.weights && { weights: any.weights }),
    };
  };
  const own = samples((dataset) => dataset);
  if (!own) throw new Error("Data without samples.");
  return {
    ...own,
    test: samples((dataset) => dataset.test),
    inputShape,
    targetShape: shapeOf(shapes.targets),
    features: inputShape.at(-1) ?? 1,
    timesteps: first.of.timesteps,
    classes: targets.length === 1 ? target.of.classes : null,
    requiredLag: null,
    baselineLoss: (loss, weights) => (targets.length === 1 ? target.of.baselineLoss(loss, weights) : null),
    warnings: [],
    parts: { inputs, targets },
  };
}

/** The shape of a single part, or how many values all parts have together. */
function shapeOf(shapes: readonly (readonly number[])[]): readonly number[] {
  const [only, ...others] = shapes;
  if (only && others.length === 0) return only;
  return [shapes.reduce((sum, shape) => sum + shape.reduce((product, n) => product * n, 1), 0)];
}

function sideBySide(parts: readonly Float32Array[], samples: number): Float32Array {
  const [only, ...others] = parts;
  if (only && others.length === 0) return only;
  const widths = parts.map((part) => part.length / samples);
  const width = widths.reduce((a, b) => a + b, 0);
  const result = new Float32Array(samples * width);
  let from = 0;
  for (const [k, part] of parts.entries()) {
    const own = widths[k]!;
    for (let i = 0; i < samples; i++) result.set(part.subarray(i * own, (i + 1) * own), i * width + from);
    from += own;
  }
  return result;
}
