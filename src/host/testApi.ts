/**
 * What `activate` returns: a read-only view of what the extension shows, for tests. VS Code does not tell an extension
 * which decorations an editor has or what a status bar says. Not meant for other extensions; it may change at any time.
 */

import * as vscode from "vscode";
import type { RunEnd } from "../protocol/engineMessages.ts";
import type { Finding } from "../protocol/finding.ts";
import type { DeepView, RunState } from "../protocol/panelMessages.ts";
import type { RunKind } from "../protocol/run.ts";
import type { AutoProbe } from "./autoProbe.ts";
import type { DeepProbes } from "./deep/deepProbes.ts";
import { openConfig } from "./documents.ts";
import type { FindingsStore } from "./findings/findingsStore.ts";
import type { Decorations } from "./inline/decorations.ts";
import { lensesOf } from "./inline/lenses.ts";
import { placedNotes } from "./inline/sparklineNotes.ts";
import type { Log } from "./log.ts";
import type { RenderLoop } from "./renderLoop.ts";
import type { RunService } from "./runs/runService.ts";
import { noteColumn, type Settings } from "./settings.ts";
import type { StatusBar } from "./status/statusBar.ts";
import type { VerificationJob, VerificationService } from "./verify/verificationService.ts";
import type { PanelHost } from "./views/panelHost.ts";
import type { RunEditor } from "./views/runEditor.ts";
import type { ListedRun, RunList } from "./views/runList.ts";

export interface ShownFinding {
  readonly finding: Finding;
  readonly model: string;
  readonly stale: boolean;
}

export interface ShownRun {
  readonly runId: string;
  readonly kind: RunKind;
  readonly model: string;
  readonly uri: string;
  readonly state: RunState;
  readonly end: RunEnd | null;
  readonly steps: number;
  readonly findings: number;
}

export interface ExtensionApi {
  /** Milliseconds `activate` took. */
  readonly activation: number;
  findings(uri: string): readonly ShownFinding[];
  /** Text at the end of each line (0-based) of an open config. */
  decorations(uri: string): readonly { readonly line: number; readonly text: string; readonly tone: string }[];
  /** Titles of the lenses by line (0-based). */
  lenses(uri: string): readonly { readonly line: number; readonly title: string }[];
  /** Text of the status bar item; undefined while it is hidden. */
  status(): string | undefined;
  runs(): readonly ShownRun[];
  /** Everything that the runs view lists. */
  listed(): readonly ListedRun[];
  /** Resolves when the runs of earlier windows are there. */
  restored(): Promise<void>;
  /** Models and newest steps of the runs that event files' editors show. */
  viewed(): readonly { readonly model: string; readonly steps: number }[];
  /** Id of the run that the panel shows. */
  selected(): string | undefined;
  /** Ids of the runs drawn over it. */
  compared(): readonly string[];
  /** The newest deep probe. */
  deepProbe(): DeepView | null;
  /** The newest verification of a model's fixes. */
  verification(uri: string, model: string): VerificationJob | undefined;
  /** Process ids of the running engines. */
  enginePids(): readonly number[];
  /** Errors in the log. */
  errors(): readonly string[];
  /** Resolves when no run is waiting, running or about to start, and everything is drawn. */
  idle(): Promise<void>;
}

/** The parts of the host that this view reads. */
export interface TestedParts {
  readonly activation: number;
  readonly runs: RunService;
  readonly verifications: VerificationService;
  readonly store: FindingsStore;
  readonly deep: DeepProbes;
  readonly loop: RenderLoop;
  readonly panel: PanelHost;
  readonly list: RunList;
  readonly runEditor: RunEditor;
  readonly restored: Promise<void>;
  readonly decorations: Decorations;
  readonly statusBar: StatusBar;
  readonly autoProbe: AutoProbe;
  readonly log: Log;
  readonly settings: () => Settings;
}

/** Milliseconds between two checks whether anything is still running. */
const idleInterval = 20;

export function testApi(parts: TestedParts): ExtensionApi {
  const { activation, runs, verifications, store, deep, loop, panel, decorations, statusBar, autoProbe, log } = parts;
  const busy = (): boolean =>
    runs.going.length > 0 || verifications.going.length > 0 || autoProbe.pending || store.pending || loop.pending;
  return {
    activation,
    findings: (uri) =>
      (store.view(uri)?.models ?? []).flatMap((model) =>
        model.findings.map(({ finding, stale }) => ({ finding, model: model.name, stale })),
      ),
    decorations: (uri) => {
      const open = openConfig(uri);
      return open ? decorations.notes(open) : [];
    },
    lenses: (uri) => {
      const open = openConfig(uri);
      const view = store.view(uri);
      const settings = parts.settings();
      if (!open || !view || !settings.codeLens) return [];
      const notes = settings.decorations ? placedNotes(view, noteColumn(settings)).inLens : [];
      return lensesOf(view, vscode.workspace.isTrusted, notes).map(({ offset, title }) => ({
        line: open.positionAt(offset).line,
        title,
      }));
    },
    status: () => statusBar.text,
    runs: () =>
      runs.runs.map((run) => ({
        runId: run.runId,
        kind: run.kind,
        model: run.name,
        uri: run.uri,
        state: run.state,
        end: run.end,
        steps: run.history?.lastStep ?? 0,
        findings: run.findings.length,
      })),
    listed: () => parts.list.all(),
    restored: () => parts.restored,
    viewed: () => parts.runEditor.shown.map(({ history }) => ({ model: history.info.model, steps: history.lastStep })),
    selected: () => panel.selected?.runId,
    compared: () => panel.compared,
    deepProbe: () => deep.view,
    verification: (uri, model) => verifications.of(uri, model),
    enginePids: () => [...runs.enginePids, ...(verifications.enginePid === undefined ? [] : [verifications.enginePid])],
    errors: () => log.errors,
    idle: async () => {
      while (busy()) await new Promise((resolve) => setTimeout(resolve, idleInterval));
    },
  };
}
