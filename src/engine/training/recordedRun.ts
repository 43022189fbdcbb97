/** A run whose frames go straight into a history, for callers in this process that need it after the run. */

import type { RunEnd } from "../../protocol/engineMessages.ts";
import { createHistory } from "../../protocol/history/store.ts";
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
  const begun: RunHistory[] = [];
  const end = await runModel(
    request,
    {
      started: (info) => begun.push(createHistory(info)),
      step: (frame) => {
        for (const history of begun) {
          history.append(frame);
          each(history.lastStep, history);
        }
      },
      needed: (need) => {
        for (const history of begun) history.setNeed(need);
      },
    },
    signal,
    options,
  );
  return { end, history: begun[0] ?? null };
}
