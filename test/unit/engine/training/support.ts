/** Runs made by hand. */

import { defaultRules } from "../../../../src/config/resolveDiagnosis.ts";
import type { JsonValue, LayerEntry, ResolvedModel } from "../../../../src/config/resolved.ts";
import type { RunOutcome, RunRequest } from "../../../../src/engine/run.ts";
import { type RunOptions, runModel } from "../../../../src/engine/training/runModel.ts";
import type { Channel, Frame } from "../../../../src/protocol/frame.ts";
import type { MeasuredNeed } from "../../../../src/protocol/need.ts";
import type { Quantity } from "../../../../src/protocol/quantities.ts";
import { columnIndex, type RunInfo } from "../../../../src/protocol/run.ts";

/** `[type, arguments]`, chained; names are the types, numbered. */
export function entries(layers: readonly (readonly [string, { readonly [key: string]: JsonValue }])[]): LayerEntry[] {
  return layers.map(([type, args], i) => ({
    type,
    name: `${type}_${i}`,
    inputs: [i === 0 ? "input" : `${layers[i - 1]![0]}_${i - 1}`],
    args,
    path: ["models", "m", "layers", i],
  }));
}

export function resolved(layers: readonly LayerEntry[], changes: Partial<ResolvedModel> = {}): ResolvedModel {
  return {
    name: "m",
    path: ["models", "m"],
    base: null,
    layers,
    inputs: ["input"],
    outputs: layers.slice(-1).map(({ name }) => name),
    file: null,
    weights: null,
    data: { kind: "task", task: "addingProblem", length: 10, samples: 64, seed: 1, test: null },
    dataPath: ["data"],
    training: {
      loss: "meanSquaredError",
      fromLogits: false,
      classWeight: null,
      metrics: [],
      optimizer: { type: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      schedule: { type: "constant", warmup: 0 },
      clip: { value: null, norm: null, globalNorm: null },
      weightClip: null,
      pruning: null,
      gradientNormRegularizer: null,
      batchSize: 8,
      accumulate: 1,
      truncate: null,
      earlyStopping: null,
      checkpoint: null,
      length: { steps: 5 },
      seed: 7,
    },
    trainingPath: ["training"],
    diagnosis: {
      requiredLag: null,
      rules: defaultRules,
    },
    ...changes,
  };
}

export interface Run {
  readonly outcome: RunOutcome;
  readonly info: RunInfo | null;
  readonly frames: readonly Frame[];
  readonly need: MeasuredNeed | null;
}

/** A run without the measurement of its need at the end, which takes longer than a short run, unless requested. */
export async function run(
  model: ResolvedModel,
  request: Partial<RunRequest> = {},
  options: RunOptions & { readonly signal?: AbortSignal; readonly onStep?: (frame: Frame) => void } = {},
): Promise<Run> {
  let info: RunInfo | null = null;
  let need: MeasuredNeed | null = null;
  const frames: Frame[] = [];
  const outcome = await runModel(
    { runId: "r", kind: "train", model, configPath: "/nowhere/gradlens.json", steps: null, budget: null, ...request },
    {
      started: (given) => {
        info = given;
      },
      step: (frame) => {
        frames.push(frame);
        options.onStep?.(frame);
      },
      needed: (measured) => {
        need = measured;
      },
    },
    options.signal ?? new AbortController().signal,
    { need: false, ...options },
  );
  return { outcome, info, frames, need };
}

/** One scalar at every step. */
export function series(
  { info, frames }: Run,
  quantity: Quantity,
  layer: number | null = null,
  name: string | null = null,
) {
  const index = info ? columnIndex(info.columns, quantity, layer, name) : -1;
  if (index < 0) throw new Error(`no column ${quantity} ${layer} ${name}`);
  return frames.map((frame) => frame.rows[index]!);
}

export function profile(frame: Frame | undefined, layer: number, channel: Channel): Float64Array {
  const found = frame?.profiles.find((p) => p.layer === layer && p.channel === channel);
  if (!found) throw new Error(`no profile ${channel} of layer ${layer}`);
  return found.values;
}
