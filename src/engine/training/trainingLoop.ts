/** A run's steps, one after the other, until they are done, the budget is spent, or something ends them. */

import { setImmediate } from "node:timers/promises";
import type { Problem } from "../../config/problem.ts";
import { checkStop, holdStop, Stopped } from "../../kernels/stop.ts";
import { type Batch, batches } from "../data/batches.ts";
import type { StepMeter } from "../measure/stepMeter.ts";
import { faultProblem } from "../model/layerFault.ts";
import type { RunOutcome, RunRequest, RunSink } from "../run.ts";
import { atFile } from "../saved/loadModel.ts";
import type { Checkpoints } from "./checkpoint/checkpoints.ts";
import type { EpochLosses } from "./epochLosses.ts";
import type { Evaluation } from "./evaluate.ts";
import type { Measures } from "./metrics.ts";
import type { Prepared } from "./prepare.ts";
import type { Schedule } from "./schedule.ts";
import type { Trainer } from "./step.ts";
import type { StepPlan } from "./stepPlan.ts";

/** Milliseconds of training between two pauses in which the process handles other events. */
const yieldInterval = 30;
/**
 * Consecutive steps with a non-finite loss and non-finite weights after which the run is given up; they show how it
 * came to that.
 */
const mostBrokenSteps = 3;
/** On a slow machine, a probe may exceed its budget by this factor to measure the steps that a verdict needs. */
const patience = 5;

export interface LoopParts {
  readonly request: RunRequest;
  readonly prepared: Prepared;
  readonly plan: StepPlan;
  readonly meter: StepMeter;
  readonly metrics: Measures;
  readonly schedule: Schedule;
  readonly epochs: EpochLosses;
  readonly trainer: Trainer;
  /** Number of steps taken before, in a resumed run. */
  readonly from: number;
  /** Null: the run keeps none. */
  readonly checkpoints: Checkpoints | null;
  /** Tests the present weights; null: there are no samples to test on. */
  readonly evaluateTest: (() => Promise<Evaluation>) | null;
  /** Called after the last step of a run that was not cancelled and did not diverge, with its duration in milliseconds. */
  readonly ended: (elapsed: number) => Promise<void>;
}

export async function trainingLoop(parts: LoopParts, sink: RunSink, signal: AbortSignal): Promise<RunOutcome> {
  const broken = { steps: 0 };
  try {
    return await takeSteps(parts, sink, signal, broken);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    if (broken.steps > 0) return { kind: "cancelled" };
    // The message of the stop arrives now, too, and is answered before the checkpoint is written.
    await setImmediate();
    const release = holdStop();
    try {
      await parts.checkpoints?.ended(parts.trainer.taken);
    } finally {
      release();
    }
    return { kind: "cancelled" };
  }
}

/**
 * @param broken how many steps with a non-finite loss and non-finite weights came last; counted here.
 * @throws Stopped if a step is stopped within it.
 */
async function takeSteps(
  parts: LoopParts,
  sink: RunSink,
  signal: AbortSignal,
  broken: { steps: number },
): Promise<RunOutcome> {
  const { request, prepared, plan, meter, metrics, schedule, epochs, trainer, from, checkpoints, evaluateTest } = parts;
  const { dataset, weights } = prepared;
  const { planned } = plan;
  const supply = batches(dataset, { order: plan.order(), weights: weights.training, skipped: from });
  const begun = performance.now();
  let lastYield = begun;
  const stopped = async (step: number, outcome: RunOutcome): Promise<RunOutcome> => {
    if (broken.steps === 0) await checkpoints?.ended(step);
    if (outcome.kind !== "cancelled") await parts.ended(performance.now() - begun);
    return outcome;
  };
  for (let step = from + 1; planned === null || step <= planned; step++) {
    if (performance.now() - lastYield >= yieldInterval || step === from + 1) {
      await setImmediate();
      lastYield = performance.now();
    }
    checkStop();
    if (signal.aborted) return await stopped(step - 1, { kind: "cancelled" });
    const now = performance.now();
    if (isSpent(request, plan, step, now - begun)) return await stopped(step - 1, { kind: "budget" });
    const batch = supply.next().value;
    if (epochs.endsAt(step - 1)) prepared.states?.reset();
    const loss = takeStep(parts, batch, step);
    if (typeof loss === "object") return { kind: "refused", problems: loss };
    const milliseconds = performance.now() - now;
    const test = evaluateTest && (epochs.endsAt(step) || step === planned) ? await unlessStopped(evaluateTest) : null;
    const learningRate = schedule.rate(step);
    const frame = meter.frame(request.runId, step, { loss, milliseconds, learningRate, test, metrics: metrics.take() });
    sink.step({ ...frame, seq: step - from });
    const stop = epochs.add(step, loss, test?.loss ?? null);
    broken.steps = Number.isFinite(loss) || weightsAreFinite(trainer) ? 0 : broken.steps + 1;
    if (broken.steps === mostBrokenSteps) return { kind: "diverged", step: step - mostBrokenSteps + 1 };
    const written = broken.steps === 0 ? checkpoints?.stepped(step, loss) : null;
    if (written) await written;
    if (stop !== null) return await stopped(step, { kind: "completed-early", reason: stop });
  }
  return await stopped(planned, { kind: "completed" });
}

/** A test that is stopped is left out, so that the step before it is still reported. */
async function unlessStopped(evaluate: () => Promise<Evaluation>): Promise<Evaluation | null> {
  try {
    return await evaluate();
  } catch (error) {
    if (error instanceof Stopped) return null;
    throw error;
  }
}

/** Whether no time is left for a step. The first step is always taken. */
function isSpent({ budget }: RunRequest, { minimum }: StepPlan, step: number, elapsed: number): boolean {
  if (budget === null || step === 1) return false;
  return elapsed >= (step > minimum ? budget : patience * budget);
}

/** Trains on one batch and frees it. Returns the loss, or why a layer cannot compute at all. */
function takeStep({ request, prepared, trainer, from }: LoopParts, batch: Batch, step: number): number | Problem[] {
  const { file } = request.model;
  try {
    return trainer.step(batch.inputs, batch.targets, batch.weights);
  } catch (error) {
    // A fault in the first step means that the layer cannot compute at all; later faults have other causes.
    const problem = step === from + 1 ? faultProblem(error, prepared.built) : null;
    if (problem === null) throw error;
    return file === null ? [problem] : atFile([problem], file);
  } finally {
    batch.inputs.dispose();
    batch.targets.dispose();
    batch.weights?.dispose();
    if (trainer.taken === step) prepared.states?.advance();
    else prepared.states?.forget();
  }
}

function weightsAreFinite({ weights }: Trainer): boolean {
  return weights.every((weight) => weight.read().dataSync().every(Number.isFinite));
}
