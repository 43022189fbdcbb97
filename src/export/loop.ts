/** What the scripts of all frameworks share: their files, the rate of each step, and what has no equivalent. */

import type { ScheduleConfig } from "../config/resolved.ts";
import { exportWords } from "../messages/exporting.ts";
import type { StateValue } from "./emitted.ts";
import type { ExportedModel, Refusal } from "./exportedModel.ts";
import { indented, number } from "./python.ts";

/** Names of the files beside the script. */
export const scriptFiles = { script: "train.py", data: "data.npz", weights: "initial.npz" } as const;

export interface Script {
  readonly text: string;
  /** The first weights, under the names that the script reads. */
  readonly state: readonly StateValue[];
}

/** What of the training has no equivalent. */
export function trainingRefusals({ model }: ExportedModel): Refusal[] {
  const { training, trainingPath } = model;
  const at = (key: string, message: string): Refusal => ({ path: [...trainingPath, key], message });
  return [
    ...(training.pruning ? [at("pruning", exportWords().pruning)] : []),
    ...(training.gradientNormRegularizer ? [at("gradientNormRegularizer", exportWords().gradientNorm)] : []),
  ];
}

/** `rate(step, steps)`: the learning rate of a step, counted from 1; null: it never changes. */
export function rateFunction(schedule: ScheduleConfig, base: number): string | null {
  if (schedule.type === "reduceOnPlateau" || (schedule.type === "constant" && schedule.warmup === 0)) return null;
  const { warmup } = schedule;
  return [
    "def rate(step, steps):",
    ...indented([
      `"""Learning rate of a step, counted from 1 (${schedule.type})."""`,
      ...(warmup > 0 ? [`if step <= ${warmup}:`, `    return ${number(base)} * step / ${warmup}`] : []),
      `done = step - 1${warmup > 0 ? ` - ${warmup}` : ""}`,
      `return ${number(base)} * ${shareOf(schedule)}`,
    ]),
  ].join("\n");
}

function shareOf(schedule: Exclude<ScheduleConfig, { readonly type: "reduceOnPlateau" }>): string {
  const part = (steps: number | null) =>
    `min(1, done / ${steps === null ? `max(1, steps${schedule.warmup > 0 ? ` - ${schedule.warmup}` : ""})` : steps})`;
  switch (schedule.type) {
    case "constant":
      return "1";
    case "step":
      return `${number(schedule.factor)} ** (done // ${schedule.every})`;
    case "exponential":
      return `${number(schedule.factor)} ** (done / ${schedule.every})`;
    case "inverseTime":
      return `1 / (1 + ${number(schedule.factor)} * done / ${schedule.every})`;
    case "cosine":
      return `(${number(schedule.final)} + ${number(1 - schedule.final)} * (1 + math.cos(math.pi * ${part(schedule.steps)})) / 2)`;
    case "polynomial":
      return `(${number(schedule.final)} + ${number(1 - schedule.final)} * (1 - ${part(schedule.steps)}) ** ${number(schedule.power)})`;
  }
}
