/** Runs models one after the other and collects their measurements. */

import { performance } from "node:perf_hooks";
import type { ResolvedModel } from "../config/resolved.ts";
import { diagnose } from "../diagnosis/diagnose.ts";
import type { RunOutcome } from "../engine/run.ts";
import { runModel } from "../engine/training/runModel.ts";
import type { Frame } from "../protocol/frame.ts";
import { RunRecorder } from "../protocol/history/runRecorder.ts";
import type { BackendInfo, RunKind } from "../protocol/run.ts";
import type { Measured } from "./measured.ts";
import type { RunWriter } from "./out/runWriter.ts";
import type { Progress } from "./progress.ts";

export interface MeasureOptions {
  readonly kind: RunKind;
  readonly backend: BackendInfo;
  readonly configPath: string;
  readonly steps: number | null;
  /** Milliseconds for each model; null without a limit. */
  readonly budget: number | null;
  /** Whether to write the checkpoints that the config asks for, or to go on from the last one; neither by default. */
  readonly checkpoints?: "write" | "resume";
  /** Whether to keep every frame, not just the bounded history. */
  readonly keepFrames: boolean;
  /** Writes the run while it goes; null for no writing. */
  readonly writer: RunWriter | null;
  /** Called at each step; `soFar` returns everything measured until then. */
  readonly stepped?: (milliseconds: number, soFar: () => Measured) => void;
}

export async function measure(
  model: ResolvedModel,
  options: MeasureOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<Measured> {
  const began = performance.now();
  let stepBegan = began;
  const frames: Frame[] = [];
  const recorder = new RunRecorder();
  const measured = (outcome: RunOutcome): Measured => ({
    model,
    outcome,
    history: recorder.history,
    frames,
    findings: recorder.history ? diagnose(recorder.history, model) : [],
    warnings: recorder.history?.info.dataWarnings ?? [],
    milliseconds: performance.now() - began,
  });
  const outcome = await attempt(() =>
    runModel(
      {
        runId: model.name,
        kind: options.kind,
        model,
        configPath: options.configPath,
        steps: options.steps,
        budget: options.budget,
        ...(options.checkpoints && { checkpoints: options.checkpoints }),
      },
      {
        started: (info) => {
          recorder.started(info);
          options.writer?.started(info);
          progress.started(info, options.budget);
        },
        step: (frame) => {
          const history = recorder.frame(frame);
          if (options.keepFrames) frames.push(frame);
          options.writer?.step(frame);
          if (history) progress.step(history);
          options.stepped?.(performance.now() - stepBegan, () => measured({ kind: "cancelled" }));
          stepBegan = performance.now();
        },
        needed: (need) => recorder.needed(need),
      },
      signal,
      { backend: options.backend, ...(options.writer ? { weights: options.writer.weights } : {}) },
    ),
  );
  const result = measured(outcome);
  if (result.history) progress.ended(model.name, result.history.lastStep, result.milliseconds);
  return result;
}

/** Reports a defect of ours instead of throwing it: the other models' figures must not be lost. */
async function attempt(run: () => Promise<RunOutcome>): Promise<RunOutcome> {
  try {
    return await run();
  } catch (error) {
    return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}
