/** A stored run as the host knows runs: with the model that its config describes, and its findings. */

import { hostWords } from "../../messages/host.ts";
import type { RunEnd } from "../../protocol/engineMessages.ts";
import type { Run } from "../runs/run.ts";
import { modelOf } from "./modelOf.ts";
import type { ReadRun } from "./reading/messages.ts";

/**
 * Null for a run that nobody describes, or one whose config this version does not understand.
 *
 * @param isWritten whether its process still writes it
 */
export function restoredRun(stored: ReadRun, uriOf: (configPath: string) => string, isWritten = false): Run | null {
  if (stored.config === null && stored.writer !== null) return programRun(stored, uriOf, isWritten);
  const { history, config } = stored;
  const model = config && modelOf(config.text, history.info.model);
  if (!config || !model) return null;
  return {
    runId: history.info.runId,
    kind: history.info.kind,
    uri: uriOf(config.path),
    configPath: config.path,
    configText: config.text,
    name: model.name,
    model,
    program: null,
    askedBy: "editor",
    startedAt: 1000 * stored.started,
    endedAt: 1000 * stored.last,
    state: "ended",
    end: stored.end ?? interrupted(history.lastStep),
    interrupted: stored.end === null,
    history,
    findings: stored.findings,
  };
}

/** The run of a program that describes it. */
function programRun(stored: ReadRun, uriOf: (path: string) => string, isWritten: boolean): Run {
  const { history, end } = stored;
  const { config } = history.info;
  const crashed = !isWritten && end === null;
  const message = hostWords().crashedAfter(history.lastStep);
  return {
    runId: history.info.runId,
    kind: history.info.kind,
    uri: config === "" ? "" : uriOf(config),
    configPath: config,
    configText: "",
    name: history.info.model,
    model: null,
    program: {
      described: true,
      begun: stored.source,
      layers: stored.sources,
      settings: stored.settings,
      notes: stored.notes,
    },
    askedBy: "editor",
    startedAt: 1000 * stored.started,
    endedAt: isWritten ? null : 1000 * stored.last,
    state: isWritten ? "running" : "ended",
    end: crashed ? { kind: "failed", message } : end,
    interrupted: crashed,
    history,
    findings: stored.findings,
  };
}

/**
 * The run of event files that nobody describes, or whose config this version does not understand: its figures, with the
 * findings that it brings. It belongs to no document.
 *
 * @param isWritten whether its process still writes it
 */
export function foreignRun(stored: ReadRun, isWritten = false): Run {
  const { history, started, last, end, findings, settings } = stored;
  return {
    runId: history.info.runId,
    kind: history.info.kind,
    uri: "",
    configPath: history.info.config,
    configText: "",
    name: history.info.model,
    model: null,
    program: { described: false, begun: null, layers: [], settings, notes: stored.notes },
    askedBy: "editor",
    startedAt: 1000 * started,
    endedAt: isWritten ? null : 1000 * last,
    state: isWritten ? "running" : "ended",
    end,
    // Most programs never say that they have ended.
    interrupted: false,
    history,
    findings,
  };
}

/** The end of a run whose process was gone before it could say how it ended. */
function interrupted(step: number): RunEnd {
  return { kind: "failed", message: hostWords().interruptedAfter(step) };
}
