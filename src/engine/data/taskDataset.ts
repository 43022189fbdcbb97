/**
 * Builds a data set from a built-in task: classes are encoded for the loss, sizes are checked before anything is made.
 */

import { maxDataValues } from "../../config/limits.ts";
import type { Problem } from "../../config/problem.ts";
import { isRegression } from "../../config/regression.ts";
import type { JsonPath, TaskData } from "../../config/resolved.ts";
import { taskShape } from "../../config/taskShape.ts";
import { arrayWords } from "../../messages/arrays.ts";
import { constantBaseline } from "./baseline.ts";
import { classWidth, oneHot } from "./classes.ts";
import type { Dataset, DataTraining, Samples } from "./dataset.ts";
import { part, split } from "./split.ts";
import { delayedRecall, parity } from "./tasks/bits.ts";
import { sequentialDigits } from "./tasks/digits.ts";
import { mackeyGlassForecasting } from "./tasks/mackeyGlass.ts";
import { addingProblem, copyMemory, temporalOrder } from "./tasks/memory.ts";
import type { TaskSamples } from "./tasks/samples.ts";
import { sineForecasting } from "./tasks/sine.ts";

/** Makes the task's sequences, or says why they cannot be made or trained with this loss. */
export async function taskDataset(
  data: TaskData,
  path: JsonPath,
  training: DataTraining,
): Promise<Dataset | Problem[]> {
  const problems = sizeProblems(data, path);
  if (problems.length > 0) return problems;
  const task = await makeTask(data);
  const { loss } = training;
  if (task.classes === null && !isRegression(loss)) return [numberTarget(data, training)];
  const parts = split(data.samples, { test: data.test, shuffle: false, gap: task.overlap, path });
  if ("message" in parts) return [parts];
  const width = classWidth(task.classes, loss);
  const all: Samples = {
    samples: data.samples,
    inputs: task.inputs,
    targets: width === 1 ? task.targets : oneHot(task.targets, width),
  };
  const own = part(all, parts.training);
  const { timesteps, features } = taskShape(data);
  return {
    ...own,
    test: parts.test && part(all, parts.test),
    inputShape: [timesteps, features],
    targetShape: task.targetTimesteps === null ? [width] : [task.targetTimesteps, width],
    features,
    timesteps,
    classes: loss === "sparseCategoricalCrossentropy" ? task.classes : null,
    requiredLag: task.requiredLag,
    baselineLoss: (asked, weights) =>
      // The task's known baseline holds only if every position weighs the same.
      (weights ? undefined : task.baselines[asked]) ??
      constantBaseline(asked, own.targets, own.samples, width, weights),
    warnings: [],
  };
}

async function makeTask(data: TaskData): Promise<TaskSamples> {
  switch (data.task) {
    case "addingProblem":
      return addingProblem(data);
    case "copyMemory":
      return copyMemory(data);
    case "temporalOrder":
      return temporalOrder(data);
    case "delayedRecall":
      return delayedRecall(data);
    case "parity":
      return parity(data);
    case "sequentialDigits":
      return await sequentialDigits(data);
    case "sineForecasting":
      return sineForecasting(data);
    case "mackeyGlassForecasting":
      return mackeyGlassForecasting(data);
  }
}

/** Number of float32 values that the task needs, with one-hot targets at worst. */
function valuesNeeded(data: TaskData): number {
  const { timesteps, features } = taskShape(data);
  switch (data.task) {
    case "copyMemory":
      return data.samples * timesteps * 2 * features;
    case "temporalOrder":
      return data.samples * (timesteps * features + 4);
    case "sequentialDigits":
      return data.samples * (timesteps * features + 10);
    default:
      return data.samples * (timesteps * features + 1);
  }
}

function sizeProblems(data: TaskData, path: JsonPath): Problem[] {
  const problems: Problem[] = [];
  const values = valuesNeeded(data);
  if (values > maxDataValues) {
    const affordable = Math.floor((maxDataValues * data.samples) / values);
    problems.push({
      severity: "error",
      message: arrayWords().taskTooLarge({ samples: data.samples, n: values, most: maxDataValues, fit: affordable }),
      path: [...path, affordable >= 1 ? "samples" : "length"],
      on: "value",
    });
  }
  return problems;
}

function numberTarget(data: TaskData, { loss, path }: DataTraining): Problem {
  return {
    severity: "error",
    message: arrayWords().numberTarget({ task: data.task, loss }),
    path: [...path, "loss"],
    on: "value",
  };
}
