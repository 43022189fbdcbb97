/** A built-in task as a data set: classes written the way the loss wants them, sizes checked before anything is made. */

import type { Problem } from "../../config/problem.ts";
import type { ConfigPath, LossName, TaskData } from "../../config/resolved.ts";
import { constantBaseline } from "./baseline.ts";
import { type Dataset, type DataTraining, maxDataValues, type Samples } from "./dataset.ts";
import { part, split } from "./split.ts";
import { addingProblem, copyMemory, type TaskSamples, temporalOrder } from "./tasks.ts";

/** Makes the task's sequences, or says why they can't be made or trained with this loss. */
export function taskDataset(data: TaskData, path: ConfigPath, training: DataTraining): Dataset | Problem[] {
  const problems = [...sizeProblems(data, path), ...lossProblems(data, training)];
  if (problems.length > 0) return problems;
  const parts = split(data.samples, { test: data.test, shuffle: false, gap: 0, path });
  if ("message" in parts) return [parts];
  const task = makeTask(data);
  const { loss } = training;
  const sparse = loss === "sparseCategoricalCrossentropy";
  const width = task.classes === null || sparse ? 1 : task.classes;
  const all: Samples = {
    samples: data.samples,
    inputs: task.inputs,
    targets: width === 1 ? task.targets : oneHot(task.targets, width),
  };
  const own = part(all, parts.training);
  return {
    ...own,
    test: parts.test && part(all, parts.test),
    inputShape: [task.timesteps, task.features],
    targetShape: task.targetTimesteps === null ? [width] : [task.targetTimesteps, width],
    features: task.features,
    timesteps: task.timesteps,
    classes: sparse ? task.classes : null,
    requiredLag: task.requiredLag,
    baselineLoss: (asked) =>
      usualLosses[data.task].includes(asked)
        ? task.knownBaseline
        : constantBaseline(asked, own.targets, own.samples, width),
    warnings: [],
  };
}

/** Losses for which the literature's baseline holds. */
const usualLosses: { readonly [task in TaskData["task"]]: readonly LossName[] } = {
  addingProblem: ["meanSquaredError"],
  copyMemory: ["sparseCategoricalCrossentropy", "categoricalCrossentropy"],
  temporalOrder: ["sparseCategoricalCrossentropy", "categoricalCrossentropy"],
};

function makeTask(data: TaskData): TaskSamples {
  switch (data.task) {
    case "addingProblem":
      return addingProblem(data);
    case "copyMemory":
      return copyMemory(data);
    case "temporalOrder":
      return temporalOrder(data);
  }
}

/** Float32 values the task needs, with one-hot targets at worst. */
function valuesNeeded(data: TaskData): number {
  switch (data.task) {
    case "addingProblem":
      return data.samples * (2 * data.length + 1);
    case "copyMemory":
      return data.samples * (data.length + 2 * data.symbols) * 2 * (data.alphabet + 2);
    case "temporalOrder":
      return data.samples * (6 * data.length + 4);
  }
}

function sizeProblems(data: TaskData, path: ConfigPath): Problem[] {
  const problems: Problem[] = [];
  const shortest = data.task === "temporalOrder" ? 10 : data.task === "addingProblem" ? 2 : 1;
  if (!(data.length >= shortest)) {
    problems.push({
      severity: "error",
      message: `The task "${data.task}" needs a length of at least ${shortest}, not ${data.length}.`,
      path: [...path, "length"],
      on: "value",
    });
  }
  const values = valuesNeeded(data);
  if (values > maxDataValues) {
    const affordable = Math.floor((maxDataValues * data.samples) / values);
    problems.push({
      severity: "error",
      message: `${data.samples} sequences of this task are ${values} numbers; the limit is ${maxDataValues} (400 MB). ${
        affordable >= 1 ? `At most ${affordable} samples fit.` : "Make the sequences shorter."
      }`,
      path: [...path, affordable >= 1 ? "samples" : "length"],
      on: "value",
    });
  }
  return problems;
}

function lossProblems(data: TaskData, { loss, path }: DataTraining): Problem[] {
  if (data.task !== "addingProblem" || loss === "meanSquaredError" || loss === "meanAbsoluteError") return [];
  return [
    {
      severity: "error",
      message: `The adding problem's target is a number between 0 and 2, but "${loss}" is for classes. Use "meanSquaredError".`,
      path: [...path, "loss"],
      on: "value",
    },
  ];
}

function oneHot(indices: Float32Array, classes: number): Float32Array {
  const result = new Float32Array(indices.length * classes);
  indices.forEach((k, i) => {
    result[i * classes + k] = 1;
  });
  return result;
}
