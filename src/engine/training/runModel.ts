/** A whole run, from the request to its outcome, with every step reported. */

import { Stopped } from "../../kernels/stop.ts";
import type { BackendInfo } from "../../protocol/run.ts";
import { currentBackend } from "../backend/ladder.ts";
import { type Instrumentation, instrument } from "../instrument/instrument.ts";
import { type KernelSource, kernelSource } from "../instrument/kernelSource.ts";
import { WeightSampler, type WeightSampling } from "../measure/weightSampler.ts";
import { nameFaults } from "../model/layerFault.ts";
import { plainMessage } from "../model/messages.ts";
import { ReadingEnded } from "../readingThread/reader.ts";
import type { RunOutcome, RunRequest, RunSink } from "../run.ts";
import { afterUpdates } from "./afterUpdate/afterUpdates.ts";
import { openCheckpoints } from "./checkpoint/openCheckpoints.ts";
import { EpochLosses } from "./epochLosses.ts";
import { type Evaluation, evaluate } from "./evaluate.ts";
import { gradientNormRegularizer } from "./gradientNorm.ts";
import { Metrics } from "./metrics.ts";
import { OutputMetrics } from "./outputMetrics.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { describeRun } from "./runInfo.ts";
import { runNeed } from "./runNeed.ts";
import { createSchedule } from "./schedule.ts";
import { createTrainer } from "./step.ts";
import { stepPlan } from "./stepPlan.ts";
import { trainingLoop } from "./trainingLoop.ts";

export interface RunOptions {
  /** Result of `initBackend`; default: call it again. */
  readonly backend?: BackendInfo;
  /** False: only train, with frames that contain nothing but loss and time, for comparisons. Default: true. */
  readonly measured?: boolean;
  /** Whether to measure at the end how far back the net uses its inputs. Default: true. */
  readonly need?: boolean;
  /** The way to run recurrent layers that both ways support. Default: "kernels". The figures are the same. */
  readonly recurrent?: "kernels" | "taps";
  /** Receives whole weights and gradients at intervals. Default: none. */
  readonly weights?: WeightSampling;
  /** Examines the model after all its steps, before it is disposed. */
  readonly examine?: (trained: Prepared) => Promise<void>;
}

/** Runs a model until its steps are done, its budget is spent, it is cancelled or it diverges. Never rejects. */
export async function runModel(
  request: RunRequest,
  sink: RunSink,
  signal: AbortSignal,
  options: RunOptions = {},
): Promise<RunOutcome> {
  try {
    const backend = options.backend ?? (await currentBackend());
    const source = options.recurrent === "taps" ? null : await kernelSource();
    const kernels = source && "plans" in source ? source : null;
    if (signal.aborted) return { kind: "cancelled" };
    const prepared = await prepare(request, signal, kernels?.updates);
    if (!("built" in prepared)) return { kind: "refused", problems: prepared };
    try {
      const means = {
        backend,
        kernels,
        measured: options.measured ?? true,
        need: options.need ?? true,
        weights: options.weights ?? null,
      };
      const outcome = await train(request, prepared, means, sink, signal);
      if (outcome.kind === "completed") await options.examine?.(prepared);
      return outcome;
    } finally {
      prepared.dispose();
    }
  } catch (error) {
    if (error instanceof ReadingEnded || error instanceof Stopped) return { kind: "cancelled" };
    return { kind: "failed", message: plainMessage(error) };
  }
}

interface RunParts {
  readonly backend: BackendInfo;
  readonly kernels: KernelSource | null;
  readonly measured: boolean;
  readonly need: boolean;
  readonly weights: WeightSampling | null;
}

/** Puts the parts of a run together, and takes its steps. */
async function train(
  request: RunRequest,
  prepared: Prepared,
  parts: RunParts,
  sink: RunSink,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const { backend, kernels, measured, weights } = parts;
  const { built, loss, outputs, states, optimizer } = prepared;
  const { training } = request.model;
  const { trainableWeights } = built.model;
  const plan = stepPlan(request, prepared);
  const described = await describeRun(request, prepared, plan, backend, kernels !== null);
  if (signal.aborted) return { kind: "cancelled" };
  const { info, layers, meter, places, axis, blocks } = described;
  const metrics = outputs
    ? new OutputMetrics(training.metrics, outputs)
    : new Metrics(training.metrics, training.loss, loss.threshold);
  const observer = measured ? meter : null;
  const omega =
    training.gradientNormRegularizer &&
    gradientNormRegularizer(training.gradientNormRegularizer.alpha, layers, trainableWeights);
  const { truncate, accumulate } = training;
  const directions = omega?.listen ?? null;
  const instrumentation = instrument(built.model, observer, { kernels, layers, truncate, accumulate, directions });
  // After the kernels are installed, so that faults inside them are named, too.
  nameFaults(built.layers);
  const schedule = createSchedule(training.schedule, training.optimizer.learningRate, plan.asked);
  const epochs = new EpochLosses(plan.perEpoch, schedule, request.kind === "train" ? training.earlyStopping : null);
  const shapes = trainableWeights.map(({ shape }) => shape);
  const afterUpdate = afterUpdates(training, shapes, plan.asked);
  const masks = afterUpdate.flatMap((change) => (change.masks ? [change.masks] : []));
  const evaluateTest = testOf(request, prepared, instrumentation);
  const testLoss = evaluateTest && (async () => (await evaluateTest()).loss);
  const open = await openCheckpoints(request, { built, optimizer, masks, epochs, states, testLoss }, signal);
  if ("message" in open) {
    instrumentation.remove();
    return { kind: "refused", problems: [open] };
  }
  const { from, checkpoints } = open;
  try {
    const trainer = createTrainer({
      model: built.model,
      loss: loss.of,
      // Not the losses along a step, which are of other weights.
      seen: (targets, outputs, positions) => metrics.add(targets, outputs, positions),
      optimizer,
      clip: training.clip,
      afterUpdate,
      moreGradients: omega?.add ?? null,
      parts: accumulate,
      taken: from,
      learningRate: (step) => schedule.rate(step),
      instrumentation,
      observer: weights ? new WeightSampler(observer, places, weights, from) : observer,
      curvature: observer,
      penalized: observer && ((penalty) => observer.penalty(penalty)),
      truncated: truncate !== null,
    });
    sink.started(info);
    const ended = async (elapsed: number): Promise<void> => {
      if (!measured || !parts.need) return;
      const { kind } = request;
      const { batchSize } = training;
      const { baselineLoss } = info;
      const options = { kind, axis, blocks, instrumentation, baselineLoss, batchSize, elapsed };
      const need = await runNeed(prepared, options, signal);
      if (need) sink.needed?.(need);
    };
    const loop = { request, prepared, plan, meter, metrics, schedule, epochs, trainer, from, checkpoints };
    return await trainingLoop({ ...loop, evaluateTest, ended }, sink, signal);
  } finally {
    instrumentation.remove();
    await checkpoints?.close();
  }
}

/** Tests the model as it is at the time; null: nothing is held out, or the run is a probe. */
function testOf(
  { kind, model }: RunRequest,
  { dataset, built, loss, outputs, weights, states }: Prepared,
  instrumentation: Instrumentation,
): (() => Promise<Evaluation>) | null {
  const { training } = model;
  const { test } = dataset;
  if (kind !== "train" || !test) return null;
  return () =>
    evaluate(built.model, instrumentation, {
      dataset,
      test,
      name: training.loss,
      loss,
      weights: weights.test,
      metrics: training.metrics,
      outputs,
      batchSize: training.batchSize,
      states,
    });
}
