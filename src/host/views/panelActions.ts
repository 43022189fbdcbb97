/**
 * Actions that the panel requests from the rest of the host. They run the commands of the manifest, so the palette, the
 * panel and the editor share one trust check and one way of reporting the result.
 */

import * as vscode from "vscode";
import { commands } from "../../contributions.ts";
import type { FromPanel } from "../../protocol/panelMessages.ts";
import type { Run } from "../runs/run.ts";

type DeepRequest = Extract<FromPanel, { type: "deepProbe" | "deepProbeCheckpoint" }>;

export interface PanelActions {
  /** Without a run, probes a model of the active config. */
  probe(run: Run | undefined): void;
  train(run: Run | undefined): void;
  /** Asks which of all runs to draw over this one. */
  compare(run: Run | undefined): void;
  /** Probes a layer in depth: after some training steps, or with the weights that the run has kept. */
  deep(run: Run, asked: DeepRequest): void;
  /** @param findingId null for the gravest finding. */
  verify(run: Run, findingId: string | null): void;
  /** @param kind whether to apply the fix, or to show what it would change. */
  fix(kind: "applyFix" | "previewFix", run: Run, findingId: string, fixId: string): void;
  /**
   * @param verification id of the verification that measured the fix
   * @param preview whether to show what the fix changes, instead
   */
  applyVerified(run: Run, verification: number, fixId: string, preview: boolean): void;
  /** Shows a finding's place in the config. */
  reveal(runId: string | undefined, findingId: string): void;
  createExample(): void;
  openInEditor(): void;
  manageTrust(): void;
}

export const panelActions: PanelActions = {
  probe: (run) => execute(commands.probe, ...modelOf(run)),
  train: (run) => execute(commands.train, ...modelOf(run)),
  compare: (run) => execute(commands.compareRuns, run?.runId),
  deep: (run, asked) =>
    asked.type === "deepProbe"
      ? execute(commands.deepProbe, ...modelOf(run), asked.layer, asked.steps)
      : execute(commands.deepProbeCheckpoint, run.runId, asked.layer, asked.kind),
  verify: (run, findingId) => execute(commands.verify, ...modelOf(run), findingId, run.runId),
  fix: (kind, run, findingId, fixId) => execute(commands[kind], ...modelOf(run), findingId, fixId, run.runId),
  applyVerified: (run, verification, fixId, preview) =>
    execute(commands.applyVerified, ...modelOf(run), verification, fixId, preview),
  reveal: (runId, findingId) => execute(commands.reveal, runId, findingId),
  createExample: () => execute(commands.createExample),
  openInEditor: () => execute(commands.openPanelInEditor),
  manageTrust: () => execute("workbench.trust.manage"),
};

function modelOf(run: Run | undefined): readonly string[] {
  return run ? [run.uri, run.name] : [];
}

function execute(command: string, ...args: readonly (string | number | boolean | null | undefined)[]): void {
  void vscode.commands.executeCommand(command, ...args);
}
