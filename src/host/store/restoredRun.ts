/** A stored run as the host knows runs: with the model that its config describes, and its findings. */

import { parseConfig } from "../../config/parse.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import { diagnose } from "../../diagnosis/diagnose.ts";
import type { RunEnd } from "../../protocol/engineMessages.ts";
import type { StoredRun } from "../../tensorboard/storedRun.ts";
import type { Run } from "../runs/run.ts";

/** Null for a run of another program, or one whose config this version does not understand. */
export function restoredRun(stored: StoredRun, uriOf: (configPath: string) => string): Run | null {
  const { history, config } = stored;
  const model = config && modelOf(config.text, history.info.model);
  if (!config || !model) return null;
  return {
    runId: history.info.runId,
    kind: history.info.kind,
    uri: uriOf(config.path),
    configPath: config.path,
    configText: config.text,
    model,
    askedBy: "editor",
    startedAt: 1000 * stored.started,
    endedAt: 1000 * stored.last,
    state: "ended",
    end: stored.end ?? interrupted(history.lastStep),
    interrupted: stored.end === null,
    history,
    findings: stored.findings ?? diagnose(history, model),
  };
}

function modelOf(text: string, name: string): ResolvedModel | null {
  return parseConfig(text).config?.models.find((model) => model.name === name) ?? null;
}

/** The end of a run whose process was gone before it could say how it ended. */
function interrupted(step: number): RunEnd {
  return { kind: "failed", message: `The run was interrupted after step ${step}, because its window was closed.` };
}
