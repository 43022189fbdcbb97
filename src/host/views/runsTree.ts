/** The runs of this window, newest first. */

import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { shorten } from "../../config/shorten.ts";
import { commands, views } from "../../contributions.ts";
import { DisposableStore } from "../disposableStore.ts";
import { describeEnd } from "../runs/describeEnd.ts";
import type { Run } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";

export class RunsTree implements vscode.TreeDataProvider<Run> {
  readonly #runs: RunService;
  readonly #changed = new vscode.EventEmitter<Run | undefined>();
  readonly #subscriptions: DisposableStore;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(runs: RunService) {
    this.#runs = runs;
    this.#subscriptions = new DisposableStore(
      runs.onChange(() => this.#changed.fire(undefined)),
      runs.onRemove(() => this.#changed.fire(undefined)),
      vscode.window.createTreeView(views.runs, { treeDataProvider: this, canSelectMany: true }),
      this.#changed,
    );
  }

  getChildren(run?: Run): Run[] {
    return run ? [] : [...this.#runs.runs].reverse();
  }

  getTreeItem(run: Run): vscode.TreeItem {
    const item = new vscode.TreeItem(shorten(run.model.name));
    item.id = run.runId;
    item.description = describeRun(run);
    item.tooltip = `${run.kind === "probe" ? "Probe" : "Training run"} of ${shorten(run.model.name)} in ${run.configPath}\n${item.description}`;
    item.contextValue = run.state === "ended" ? "ended" : "going";
    item.iconPath = icon(run);
    item.command = { command: commands.selectRun, title: "Show", arguments: [run.runId] };
    return item;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

/**
 * `probe · 120 steps · 2 findings · adding-problem`: what distinguishes runs comes first, because the view is narrow.
 */
export function describeRun(run: Run): string {
  const parts = [run.kind === "probe" ? "probe" : "training"];
  if (run.state === "starting") parts.push("waiting");
  if (run.state === "stopping") parts.push("stopping…");
  const steps = run.history?.lastStep ?? 0;
  // The tree is drawn only when runs begin and end, so a running count would be outdated.
  if (steps > 0 && run.state === "ended") parts.push(steps === 1 ? "1 step" : `${steps} steps`);
  if (run.end && run.end.kind !== "completed" && run.end.kind !== "budget") parts.push(describeEnd(run.end));
  if (run.findings.length > 0) parts.push(run.findings.length === 1 ? "1 finding" : `${run.findings.length} findings`);
  return [...parts, placeName(run.configPath)].join(" · ");
}

/** Name of the file, or of its folder if the file's name says nothing. */
function placeName(configPath: string): string {
  const name = basename(configPath);
  return name === "gradlens.json" ? basename(dirname(configPath)) : name;
}

function icon(run: Run): vscode.ThemeIcon {
  if (run.state !== "ended") return new vscode.ThemeIcon("sync~spin");
  if (run.end?.kind === "failed" || run.end?.kind === "refused") return new vscode.ThemeIcon("error");
  if (run.findings.some((f) => f.severity !== "information")) return new vscode.ThemeIcon("warning");
  return new vscode.ThemeIcon(run.kind === "probe" ? "pulse" : "graph-line");
}
