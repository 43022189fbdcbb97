/** A run whose frames go straight into a history, for callers in this process that need it after the run. */

import type { RunEnd } from "../../protocol/engineMessages.ts";
import { RunRecorder } from "../../protocol/history/runRecorder.ts";
import type { RunHistory } from "../../protocol/history.ts";
import type { RunRequest } from "../run.ts";
import { type RunOptions, runModel } from "./runModel.ts";

export interface RecordedRun {
  readonly end: RunEnd;
  /** Null: the run was refused before its first step. */
  readonly history: RunHistory | null;
}

/** @param each called after each step with its number and everything known by then. */
export async function recordedRun(
  request: RunRequest,
  options: RunOptions,
  signal: AbortSignal = new AbortController().signal,
  each: (step: number, history: RunHistory) => void = () => {},
): Promise<RecordedRun> {
  const recorder = new RunRecorder();
  const end = await runModel(
    request,
    {
      started: (info) => recorder.started(info),
      step: (frame) => {
        const history = recorder.frame(frame);
        if (history) each(history.lastStep, history);
      },
      needed: (need) => recorder.needed(need),
    },
    signal,
    options,
  );
  return { end, history: recorder.history };
}
