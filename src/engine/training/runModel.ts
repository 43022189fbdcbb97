/** A whole run, from the request to its outcome, with every step reported. */

import { setImmediate } from "node:timers/promises";
import { isRegression } from "../../config/regression.ts";
import type { LossName } from "../../config/resolved.ts";
import { stepsPerEpoch } from "../../config/stepsPerEpoch.ts";
import { probeMinimum } from "../../diagnosis/probeMinimum.ts";
import { type BackendInfo, type RunInfo, testQuantities } from "../../protocol/run.ts";
import { batches, batchIndices, contiguousBatches, repeated } from "../data/batches.ts";
import { dataFacts } from "../data/facts/dataFacts.ts";
import { lagFacts } from "../data/lag/lagFacts.ts";
import { timeAxis } from "../data/lag/timeAxis.ts";
import { deriveSeed } from "../data/random.ts";
import { instrument } from "../instrument/instrument.ts";
import { type KernelSource, kernelSource } from "../instrument/kernelSource.ts";
import { measuredLayers } from "../instrument/layers.ts";
import { masksRows } from "../instrument/masks.ts";
import { layerInfos, meterWeights } from "../measure/layerInfo.ts";
import { StepMeter } from "../measure/stepMeter.ts";
import { WeightSampler, type WeightSampling } from "../measure/weightSampler.ts";
import { entriesOf } from "../model/builtModel.ts";
import { faultProblem, nameFaults } from "../model/layerFault.ts";
import { plainMessage } from "../model/plainMessage.ts";
import { ReadingEnded } from "../readingThread/reader.ts";
import type { RunOutcome, RunRequest, RunSink } from "../run.ts";
import { atFile } from "../saved/loadModel.ts";
import { afterUpdates } from "./afterUpdate/afterUpdates.ts";
import { openCheckpoints } from "./checkpoint/openCheckpoints.ts";
import { currentBackend } from "./currentBackend.ts";
import { EpochLosses } from "./epochLosses.ts";
import { evaluate } from "./evaluate.ts";
import { gradientNormRegularizer } from "./gradientNorm.ts";
import { longestUnmasked } from "./longestUnmasked.ts";
import { Metrics } from "./metrics.ts";
import { OutputMetrics, outputMetricNames } from "./outputMetrics.ts";
import { type Prepared, prepare, takesLogits, warningsOf } from "./prepare.ts";
import { regularizedLayers } from "./regularizers.ts";
import { requiredLag } from "./requiredLag.ts";
import { runNeed } from "./runNeed.ts";
import { createSchedule } from "./schedule.ts";
import { createTrainer, type Trainer } from "./step.ts";

/** Milliseconds of training between two pauses in which the process handles other events. */
const yieldInterval = 30;
/**
 * Consecutive steps with a non-finite loss and non-finite weights after which the run is given up; they show how it
 * came to that.
 */
const mostBrokenSteps = 3;
/** On a slow machine, a probe may exceed its budget by this factor to measure the steps that a verdict needs. */
const patience = 5;

export interface RunOptions {
  /** Result of `initBackend`; default: call it again. */
  readonly backend?: BackendInfo;
  /** False: only train, with frames that contain nothing but loss and time, for comparisons. Default: true. */
  readonly measured?: boolean;
  /** Whether to measure at the end how far back the net uses its inputs. Default: true. */
  readonly need?: boolean;
  /** What runs recurrent layers that both can run. Default: "kernels". The figures are the same. */
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
    const prepared = await prepare(request, signal);
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
    if (error instanceof ReadingEnded) return { kind: "cancelled" };
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

async function train(
  request: RunRequest,
  prepared: Prepared,
  { backend, kernels, measured, need: asksNeed, weights }: RunParts,
  sink: RunSink,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const { dataset, built, loss: outputLoss, outputs, weights: weighting, states, optimizer } = prepared;
  const { runId, kind, model, budget } = request;
  const { training, diagnosis } = model;
  const layers = measuredLayers(built.model);
  const longest = longestUnmasked(built.model, layers, dataset);
  const infos = layerInfos(layers, built.byLayer, dataset.timesteps, kernels !== null, longest);
  const epsilon = diagnosis.rules["vanishing-through-time"].epsilon;
  const places = meterWeights(layers, built.model.trainableWeights);
  const test = kind === "train" ? dataset.test : null;
  const classes = !outputs && !isRegression(training.loss);
  const tests = test ? testQuantities.filter((q) => q === "testLoss" || classes) : [];
  const metricNames = outputs ? outputMetricNames(training.metrics, outputs) : training.metrics;
  const penalized = regularizedLayers(built.model).length > 0;
  const meter = new StepMeter(layers, infos, places, epsilon, tests, metricNames, penalized);
  const metrics = outputs
    ? new OutputMetrics(training.metrics, outputs)
    : new Metrics(training.metrics, training.loss, outputLoss.threshold);
  const observer = measured ? meter : null;
  const batchSize = Math.min(training.batchSize * training.accumulate, dataset.samples);
  // Stateful layers need batches that continue one another.
  const contiguous = states && contiguousBatches(dataset.samples, batchSize, dataset.continues ?? null);
  const perEpoch = contiguous?.length ?? stepsPerEpoch(dataset.samples, batchSize);
  const asked = "steps" in training.length ? training.length.steps : training.length.epochs * perEpoch;
  const minimum = probeMinimum(dataset.samples, batchSize);
  const plannedSteps = request.steps ?? (kind === "train" ? asked : null);

  // The lag is unknown with several inputs: the targets may depend on any of them.
  const alone = dataset.parts ? (dataset.parts.inputs.length === 1 ? dataset.parts.targets[0]?.of : null) : dataset;
  const axis = alone ? timeAxis(alone.inputShape, infos) : null;
  const masked = longest.some((timesteps) => timesteps !== null);
  const estimate = alone ? lagFacts(alone, masksRows(built.model), infos, training.loss) : null;
  const info: RunInfo = {
    runId,
    kind,
    config: request.configPath,
    model: model.name,
    modelPath: model.path,
    layers: infos,
    columns: meter.columns,
    plannedSteps,
    batchSize,
    parameters: built.parameters,
    backend,
    dataWarnings: warningsOf(prepared, model),
    fromLogits: takesLogits(training, built),
    baselineLoss: baselineLoss(prepared, training.loss),
    ...requiredLag(
      { config: diagnosis.requiredLag, task: dataset.requiredLag, estimate, axis: masked ? null : axis },
      infos,
    ),
    data: { ...dataFacts(dataset, entriesOf(built)), lag: estimate },
    diagnosis,
    clip: training.clip,
    trainingPath: model.trainingPath,
  };
  const omega =
    training.gradientNormRegularizer &&
    gradientNormRegularizer(training.gradientNormRegularizer.alpha, layers, built.model.trainableWeights);
  const instrumentation = instrument(built.model, measured ? meter : null, {
    kernels,
    layers,
    truncate: training.truncate,
    directions: omega?.listen ?? null,
  });
  // After the kernels are installed, so that faults inside them are named, too.
  nameFaults(built.layers);
  const schedule = createSchedule(training.schedule, training.optimizer.learningRate, asked);
  const epochs = new EpochLosses(perEpoch, schedule, kind === "train" ? training.earlyStopping : null);
  const afterUpdate = afterUpdates(
    training,
    built.model.trainableWeights.map(({ shape }) => shape),
    asked,
  );
  const masks = afterUpdate.flatMap((change) => (change.masks ? [change.masks] : []));
  const evaluateTest =
    test &&
    (() =>
      evaluate(built.model, instrumentation, {
        dataset,
        test,
        name: training.loss,
        loss: outputLoss,
        weights: weighting.test,
        metrics: training.metrics,
        outputs,
        batchSize: training.batchSize,
        states,
      }));
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
      loss: outputLoss.of,
      // Not the losses along a step, which are of other weights.
      seen: (targets, outputs, positions) => metrics.add(targets, outputs, positions),
      optimizer,
      clip: training.clip,
      afterUpdate,
      moreGradients: omega?.add ?? null,
      parts: training.accumulate,
      taken: from,
      learningRate: (step) => schedule.rate(step),
      instrumentation,
      observer: weights ? new WeightSampler(observer, places, weights, from) : observer,
      curvature: observer,
      penalized: observer && ((penalty) => observer.penalty(penalty)),
      truncated: training.truncate !== null,
    });
    sink.started(info);
    const order = contiguous
      ? repeated(contiguous)
      : batchIndices(dataset.samples, batchSize, deriveSeed(training.seed, "order"));
    const supply = batches(dataset, { order, weights: weighting.training, skipped: from });
    const begun = performance.now();
    let lastYield = begun;
    let brokenSteps = 0;
    const stopped = async (step: number, outcome: RunOutcome): Promise<RunOutcome> => {
      if (brokenSteps === 0) await checkpoints?.ended(step);
      if (measured && asksNeed && outcome.kind !== "cancelled") {
        const need = await runNeed(
          prepared,
          {
            kind,
            axis,
            instrumentation,
            baselineLoss: info.baselineLoss,
            batchSize: training.batchSize,
            elapsed: performance.now() - begun,
          },
          signal,
        );
        if (need) sink.needed?.(need);
      }
      return outcome;
    };
    for (let step = from + 1; plannedSteps === null || step <= plannedSteps; step++) {
      if (performance.now() - lastYield >= yieldInterval || step === from + 1) {
        await setImmediate();
        lastYield = performance.now();
      }
      if (signal.aborted) return await stopped(step - 1, { kind: "cancelled" });
      const now = performance.now();
      if (budget !== null && step > 1) {
        const limit = step > minimum ? budget : patience * budget;
        if (now - begun >= limit) return await stopped(step - 1, { kind: "budget" });
      }
      const batch = supply.next().value;
      if (epochs.endsAt(step - 1)) states?.reset();
      let loss: number;
      try {
        loss = trainer.step(batch.inputs, batch.targets, batch.weights);
      } catch (error) {
        // A fault in the first step means that the layer cannot compute at all; later faults have other causes.
        const problem = step === from + 1 ? faultProblem(error, built) : null;
        if (problem === null) throw error;
        return { kind: "refused", problems: model.file === null ? [problem] : atFile([problem], model.file) };
      } finally {
        batch.inputs.dispose();
        batch.targets.dispose();
        batch.weights?.dispose();
        states?.advance();
      }
      const milliseconds = performance.now() - now;
      const tested = evaluateTest && (epochs.endsAt(step) || step === plannedSteps) ? await evaluateTest() : null;
      const frame = meter.frame(runId, step, {
        loss,
        milliseconds,
        learningRate: schedule.rate(step),
        test: tested,
        metrics: metrics.take(),
      });
      sink.step({ ...frame, seq: step - from });
      const stop = epochs.add(step, loss, tested?.loss ?? null);
      brokenSteps = Number.isFinite(loss) || weightsAreFinite(trainer) ? 0 : brokenSteps + 1;
      if (brokenSteps === mostBrokenSteps) return { kind: "diverged", step: step - mostBrokenSteps + 1 };
      const written = brokenSteps === 0 ? checkpoints?.stepped(step, loss) : null;
      if (written) await written;
      if (stop !== null) return await stopped(step, { kind: "completed-early", reason: stop });
    }
    return await stopped(plannedSteps, { kind: "completed" });
  } finally {
    instrumentation.remove();
    await checkpoints?.close();
  }
}

/** The baseline; for several outputs, the weighted sum of theirs, or null if one is unknown or weighted. */
function baselineLoss({ dataset, outputs, weights }: Prepared, loss: LossName): number | null {
  if (!outputs) return dataset.baselineLoss(loss, weights.training);
  if (weights.training) return null;
  return outputs.reduce<number | null>((sum, output) => {
    const own = output.dataset.baselineLoss(output.loss);
    return sum === null || own === null ? null : sum + output.weight * own;
  }, 0);
}

function weightsAreFinite({ weights }: Trainer): boolean {
  return weights.every((weight) => weight.read().dataSync().every(Number.isFinite));
}
