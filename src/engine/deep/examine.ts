/** Analyses one recurrent layer of a built model. */

import type { Problem } from "../../config/problem.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import { deepReadings } from "../../diagnosis/text/deepReadings.ts";
import { engineWords } from "../../messages/engine.ts";
import { listWords } from "../../messages/lists.ts";
import type { DeepCheckpoint, DeepMatrix, DeepResult, DeepTarget } from "../../protocol/deep.ts";
import type { RunEnd } from "../../protocol/engineMessages.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { type Batch, batchIndices, batchTensors } from "../data/batches.ts";
import { deriveSeed } from "../data/random.ts";
import { instrument } from "../instrument/instrument.ts";
import { kernelSource } from "../instrument/kernelSource.ts";
import { type MeasuredLayer, measuredLayers } from "../instrument/measuredLayers.ts";
import { layerInfos } from "../measure/layerInfo.ts";
import type { Prepared } from "../training/prepare.ts";
import { type Captured, capture } from "./capture.ts";
import { flowMatrix, mostLossTimesteps } from "./flow.ts";
import { type DeepCell, deepCell } from "./layerCell.ts";
import { gradedColumns, logSingularValues } from "./linear/singularValues.ts";
import { spectralRadius } from "./linear/spectralRadius.ts";
import { lyapunovExponents } from "./lyapunovExponents.ts";
import { Pace } from "./pace.ts";
import { jacobianProducts, widestProduct } from "./products.ts";

/** Most sequences that are used; fewer if each costs much. */
const mostSequences = 8;
/** Multiplications that the flow matrix may take: one or two seconds. */
const affordable = 2e9;
export interface DeepRequest extends Omit<DeepTarget, "model"> {
  readonly model: ResolvedModel;
  readonly configPath: string;
  /** The checkpoint whose weights are analysed; null: the model is trained for `steps`. */
  readonly checkpoint?: DeepCheckpoint | null;
}

/** Receives progress: `stage` is for people, `share` says how much of that stage is done, 0 to 1. */
export type DeepProgress = (stage: string, share: number) => void;

export type DeepOutcome =
  | { readonly result: DeepResult }
  | { readonly end: Exclude<RunEnd, { kind: "completed" | "completed-early" }> };

/** @throws Cancelled */
export async function examine(
  request: DeepRequest,
  prepared: Prepared,
  report: DeepProgress,
  signal: AbortSignal,
  begun: number,
): Promise<DeepOutcome> {
  const { model, steps } = request;
  const { built, dataset, loss } = prepared;
  const chosen = chooseLayer(request, prepared);
  if ("problem" in chosen) return { end: { kind: "refused", problems: [chosen.problem] } };
  const { layer, info, cell } = chosen;

  const source = await kernelSource();
  const kernels = "plans" in source ? source : null;
  const instrumentation = instrument(built.model, null, { kernels, layers: chosen.layers });
  try {
    const { seed, batchSize, accumulate } = model.training;
    const order = batchIndices(
      dataset.samples,
      Math.min(batchSize * accumulate, dataset.samples),
      deriveSeed(seed, "order"),
    );
    // The batch of the step after the trained ones.
    for (let step = 0; step < steps; step++) order.next();
    const samplesOf = order.next().value.slice(0, sequencesFor(cell, info.recurrent?.timesteps ?? 1));
    const captured = withBatch(batchTensors(dataset, samplesOf, prepared.weights.training), (batch) =>
      capture(built.model, layer, loss.of, instrumentation, batch),
    );
    if (!captured) return { end: { kind: "refused", problems: [unfitProblem(info, engineWords().usedTwice)] } };
    const samples = captured.output.length / cell.units / (cell.sequences ? captured.timesteps : 1);
    const trajectory = await pace(report, signal, engineWords().stages.states).through(
      cell.trajectory(captured.x, samples, captured.timesteps),
      0,
    );
    if (!trajectory.h.every(Number.isFinite))
      return { end: { kind: "failed", message: engineWords().statesNotFinite({ layer: info.name, steps }) } };

    const result = {
      model: model.name,
      layer: info.name,
      path: info.path,
      type: cell.type,
      units: cell.units,
      timesteps: captured.timesteps,
      reversed: cell.reversed,
      steps,
      sequences: samples,
      flow: await flowMatrix(
        trajectory,
        injected(captured, cell, samples),
        pace(report, signal, engineWords().stages.flow),
      ),
      exponents: await lyapunovExponents(
        trajectory,
        deriveSeed(model.training.seed, "deep"),
        pace(report, signal, engineWords().stages.exponents),
      ),
      matrices: await takeApart(cell, pace(report, signal, engineWords().stages.matrix)),
      products: await jacobianProducts(trajectory, 0, pace(report, signal, engineWords().stages.products)),
    };
    return {
      result: { ...result, readings: deepReadings(result), milliseconds: performance.now() - begun },
    };
  } finally {
    instrumentation.remove();
  }
}

function pace(report: DeepProgress, signal: AbortSignal, stage: string): Pace {
  report(stage, 0);
  return new Pace(signal, (share) => report(stage, share));
}

/** A layer of the model and its float64 counterpart. */
interface Chosen {
  readonly layers: readonly MeasuredLayer[];
  readonly layer: MeasuredLayer;
  readonly info: LayerInfo;
  readonly cell: DeepCell;
}

/** The requested layer, or why it cannot be probed. */
export function chooseLayer(
  { model, layer: name }: DeepRequest,
  { built, dataset }: Prepared,
): Chosen | { readonly problem: Problem } {
  const layers = measuredLayers(built.model);
  const recurrent = layerInfos(layers, built.byLayer, dataset.timesteps, false).flatMap((info, i) => {
    const layer = layers[i];
    return info.recurrent && layer ? [{ layer, info }] : [];
  });
  const names = listWords().commas(recurrent.map(({ info }) => `"${info.name}"`));
  const refuse = (message: string): { readonly problem: Problem } => ({
    problem: { severity: "error", message, path: [...model.path, "layers"], on: "value" },
  });
  if (recurrent.length === 0) return refuse(engineWords().noRecurrent(model.name));
  const found = name === null ? recurrent : recurrent.filter(({ info }) => info.name === name);
  const [only] = found;
  if (!only) return refuse(engineWords().noSuchLayer({ model: model.name, layer: name ?? "", names }));
  if (found.length > 1) return refuse(engineWords().severalLayers({ model: model.name, names }));
  const cell = deepCell(only.layer);
  if ("reason" in cell) return { problem: unfitProblem(only.info, cell.reason) };
  return { layers, ...only, cell };
}

function unfitProblem(info: LayerInfo, reason: string): Problem {
  return {
    severity: "error",
    message: engineWords().cannotAnalyse({ layer: info.name, type: info.type, reason }),
    path: info.path,
    on: "value",
  };
}

function withBatch<T>(batch: Batch, use: (batch: Batch) => T): T {
  try {
    return use(batch);
  } finally {
    batch.inputs.dispose();
    batch.targets.dispose();
    batch.weights?.dispose();
  }
}

/** As many sequences as the flow matrix can afford if a loss enters at every timestep. */
function sequencesFor({ units, matrices, sequences }: DeepCell, timesteps: number): number {
  const groups = sequences ? Math.min(timesteps, mostLossTimesteps) / 2 : 1;
  const each = timesteps * groups * units * units * matrices.length;
  return Math.max(1, Math.min(mostSequences, Math.floor(affordable / each)));
}

/** ∂⁺L/∂h_k for every timestep: zero except at the last one for a layer that returns only its last state. */
function injected({ gradient, timesteps }: Captured, { units, sequences }: DeepCell, samples: number): Float64Array {
  if (sequences) return Float64Array.from(gradient);
  const all = new Float64Array(samples * timesteps * units);
  for (let b = 0; b < samples; b++)
    all.set(gradient.subarray(b * units, (b + 1) * units), (b * timesteps + timesteps - 1) * units);
  return all;
}

/** Empty for matrices that are too large. */
async function takeApart({ matrices, units }: DeepCell, progress: Pace): Promise<readonly DeepMatrix[]> {
  if (units > widestProduct) return [];
  const parts: DeepMatrix[] = [];
  for (const [i, { name, values }] of matrices.entries()) {
    const share = i / matrices.length;
    const radius = await progress.through(spectralRadius(values, units), share);
    const logs = await progress.through(logSingularValues(gradedColumns(values, units, units)), share);
    parts.push({ name, spectralRadius: radius, logSingularValues: logs.map((log) => log * Math.LOG10E) });
  }
  return parts;
}
