/** A stored run as the host knows runs: with the model that its config describes, and its findings. */

import { parseConfig } from "../../config/parse.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import { diagnose } from "../../diagnosis/diagnose.ts";
import { hostWords } from "../../messages/host.ts";
import { spokenLanguage } from "../../messages/language.ts";
import type { RunEnd } from "../../protocol/engineMessages.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { StoredRun } from "../../tensorboard/storedRun.ts";
import type { Run } from "../runs/run.ts";

/**
 * Null for a run that nobody describes, or one whose config this version does not understand.
 *
 * @param isWritten whether its process still writes it
 */
export function restoredRun(stored: StoredRun, uriOf: (configPath: string) => string, isWritten = false): Run | null {
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
    findings: findingsOf(stored, model),
  };
}

/**
 * The findings as they were stored. Those that were worded in another language get the words that this process has for
 * the same finding; one that the history no longer shows keeps its own.
 */
function findingsOf({ findings, history }: StoredRun, model: ResolvedModel): readonly Finding[] {
  if (!findings) return diagnose(history, model);
  const spoken = spokenLanguage() === "zh";
  if (findings.every(({ message }) => isChinese(message) === spoken)) return findings;
  const worded = new Map(diagnose(history, model).map((finding) => [finding.id, finding]));
  return findings.map((finding) => {
    const { message, explanation, fixes } = worded.get(finding.id) ?? finding;
    return { ...finding, message, explanation, fixes };
  });
}

function isChinese(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}

/** The run of a program that describes it: its rules are those of any model, as far as its measurements go. */
function programRun(stored: StoredRun, uriOf: (path: string) => string, isWritten: boolean): Run {
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
    program: { described: true, begun: stored.source, layers: stored.sources, settings: stored.settings },
    askedBy: "editor",
    startedAt: 1000 * stored.started,
    endedAt: isWritten ? null : 1000 * stored.last,
    state: isWritten ? "running" : "ended",
    end: crashed ? { kind: "failed", message } : end,
    interrupted: crashed,
    history,
    findings: diagnose(history, null),
  };
}

/**
 * The run of event files that nobody describes, or whose config this version does not understand: its figures, with the
 * findings that it brings. It belongs to no document.
 *
 * @param isWritten whether its process still writes it
 */
export function foreignRun(stored: StoredRun, isWritten = false): Run {
  const { history, started, last, end, findings, settings } = stored;
  return {
    runId: history.info.runId,
    kind: history.info.kind,
    uri: "",
    configPath: history.info.config,
    configText: "",
    name: history.info.model,
    model: null,
    program: { described: false, begun: null, layers: [], settings },
    askedBy: "editor",
    startedAt: 1000 * started,
    endedAt: isWritten ? null : 1000 * last,
    state: isWritten ? "running" : "ended",
    end,
    // Most programs never say that they have ended.
    interrupted: false,
    history,
    findings: findings ?? [],
  };
}

function modelOf(text: string, name: string): ResolvedModel | null {
  return parseConfig(text).config?.models.find((model) => model.name === name) ?? null;
}

/** The end of a run whose process was gone before it could say how it ended. */
function interrupted(step: number): RunEnd {
  return { kind: "failed", message: hostWords().interruptedAfter(step) };
}
