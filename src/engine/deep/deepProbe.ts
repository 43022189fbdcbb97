/** The deep probe of one recurrent layer: figures that cost too much to measure at every step. */

import { Stopped } from "../../kernels/stop.ts";
import { engineWords } from "../../messages/engine.ts";
import { plainMessage } from "../model/messages.ts";
import { ReadingEnded } from "../readingThread/reader.ts";
import { prepare } from "../training/prepare.ts";
import { runModel } from "../training/runModel.ts";
import { chooseLayer, type DeepOutcome, type DeepProgress, type DeepRequest, examine } from "./examine.ts";
import { loadCheckpoint } from "./loadCheckpoint.ts";
import { Cancelled } from "./pace.ts";

/** Milliseconds between two progress reports of the training. */
const progressInterval = 50;

/** Trains `steps` steps as a run would, or loads a checkpoint's weights, then analyses the layer. Never rejects. */
export async function deepProbe(request: DeepRequest, report: DeepProgress, signal: AbortSignal): Promise<DeepOutcome> {
  const begun = performance.now();
  try {
    if (signal.aborted) return { end: { kind: "cancelled" } };
    const prepared = await prepare(request, signal);
    if (!("built" in prepared)) return { end: { kind: "refused", problems: prepared } };
    try {
      // This is known before any training, for any weights.
      const chosen = chooseLayer(request, prepared);
      if ("problem" in chosen) return { end: { kind: "refused", problems: [chosen.problem] } };
      if (request.checkpoint) {
        const kept = await loadCheckpoint(request.checkpoint, request, prepared.built, signal);
        if ("message" in kept) return { end: { kind: "refused", problems: [kept] } };
        return await examine({ ...request, steps: kept.step }, prepared, report, signal, begun);
      }
      if (request.steps === 0) return await examine(request, prepared, report, signal, begun);
    } finally {
      prepared.dispose();
    }
    return await train(request, report, signal, begun);
  } catch (error) {
    if ([Cancelled, ReadingEnded, Stopped].some((kind) => error instanceof kind)) return { end: { kind: "cancelled" } };
    return { end: { kind: "failed", message: plainMessage(error) } };
  }
}

/** A run of exactly this many steps (a probe: nothing ends it early), with a look at the model at its end. */
async function train(
  request: DeepRequest,
  report: DeepProgress,
  signal: AbortSignal,
  begun: number,
): Promise<DeepOutcome> {
  const { model, configPath, steps } = request;
  const found: { outcome: DeepOutcome | null; error: unknown } = { outcome: null, error: null };
  let last = performance.now();
  report(engineWords().stages.training, 0);
  const end = await runModel(
    { runId: "deep", kind: "probe", model, configPath, steps, budget: null },
    {
      started: () => {},
      step: ({ steps: [step] }) => {
        if (performance.now() - last < progressInterval) return;
        last = performance.now();
        report(engineWords().stages.training, (step ?? 0) / steps);
      },
    },
    signal,
    {
      examine: async (trained) => {
        try {
          found.outcome = await examine(request, trained, report, signal, begun);
        } catch (error) {
          found.error = error;
        }
      },
    },
  );
  if (found.error) throw found.error;
  if (found.outcome) return found.outcome;
  if (end.kind === "diverged") return { end: { kind: "failed", message: engineWords().trainingDiverged(end.step) } };
  if (end.kind === "completed" || end.kind === "completed-early") throw new Error("the trained model was not examined");
  return { end };
}
