/** The runs view: all kept runs, grouped by config and model. */

import * as vscode from "vscode";
import { shorten } from "../../config/shorten.ts";
import { commands, contextKeys, views } from "../../contributions.ts";
import { hostWords } from "../../messages/host.ts";
import { listWords } from "../../messages/lists.ts";
import { DisposableStore } from "../disposableStore.ts";
import { type ConfigGroup, filterRuns, groupRuns, type ModelGroup } from "./runGroups.ts";
import { isResumable, type ListedRun, type RunList } from "./runList.ts";
import { configWords, runDescription, runLines, runTitle } from "./runWords.ts";

interface ConfigNode {
  readonly kind: "config";
  readonly group: ConfigGroup;
  readonly children: readonly ModelNode[];
}

interface ModelNode {
  readonly kind: "model";
  readonly config: string;
  readonly group: ModelGroup;
  readonly children: readonly RunNode[];
}

/** A run; menus hand it to commands, which know it by its id. */
export interface RunNode {
  readonly kind: "run";
  readonly runId: string;
}

type RunsNode = ConfigNode | ModelNode | RunNode;

/** Milliseconds between two updates of a run in progress, and after which changes are drawn together. */
const progressInterval = 1000;
const settle = 50;

export class RunsTree implements vscode.TreeDataProvider<RunsNode> {
  readonly #list: RunList;
  readonly #changed = new vscode.EventEmitter<RunsNode | undefined>();
  readonly #view: vscode.TreeView<RunsNode>;
  readonly #subscriptions: DisposableStore;
  #roots: readonly ConfigNode[] | undefined;
  #nodes = new Map<string, RunNode>();
  #filter = "";
  #drawing: NodeJS.Timeout | undefined;
  readonly #moved = new Set<string>();
  #moving: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(list: RunList) {
    this.#list = list;
    this.#view = vscode.window.createTreeView(views.runs, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.#subscriptions = new DisposableStore(
      list.onChange(() => this.#drawLater()),
      list.onProgress((runId) => this.#moveLater(runId)),
      this.#view,
      this.#changed,
    );
  }

  /** The selected runs, for commands that come from the keyboard. */
  get selection(): readonly RunNode[] {
    return this.#view.selection.filter((node) => node.kind === "run");
  }

  get filter(): string {
    return this.#filter;
  }

  setFilter(filter: string): void {
    this.#filter = filter.trim();
    void vscode.commands.executeCommand("setContext", contextKeys.runsFiltered, this.#filter !== "");
    this.#draw();
  }

  getChildren(node?: RunsNode): RunsNode[] {
    if (!node) return [...this.#read()];
    return node.kind === "run" ? [] : [...node.children];
  }

  getTreeItem(node: RunsNode): vscode.TreeItem {
    switch (node.kind) {
      case "config":
        return configItem(node.group);
      case "model":
        return modelItem(node.config, node.group);
      case "run":
        return runItem(this.#list.get(node.runId), node.runId);
    }
  }

  resolveTreeItem(item: vscode.TreeItem, node: RunsNode): vscode.TreeItem {
    const run = node.kind === "run" ? this.#list.get(node.runId) : undefined;
    if (run) item.tooltip = runTooltip(run);
    return item;
  }

  dispose(): void {
    clearTimeout(this.#drawing);
    clearTimeout(this.#moving);
    this.#subscriptions.dispose();
  }

  #read(): readonly ConfigNode[] {
    this.#roots ??= this.#build();
    return this.#roots;
  }

  #build(): readonly ConfigNode[] {
    const all = this.#list.all();
    const shown = filterRuns(all, this.#filter);
    const nodes = new Map<string, RunNode>();
    const nodeOf = ({ runId }: ListedRun): RunNode => {
      const node = this.#nodes.get(runId) ?? { kind: "run", runId };
      nodes.set(runId, node);
      return node;
    };
    const roots = groupRuns(shown).map(
      (group): ConfigNode => ({
        kind: "config",
        group,
        children: group.models.map((model) => ({
          kind: "model",
          config: group.config,
          group: model,
          children: model.runs.map(nodeOf),
        })),
      }),
    );
    this.#nodes = nodes;
    this.#view.message =
      this.#filter === "" ? "" : hostWords().filtered({ filter: this.#filter, shown: shown.length, all: all.length });
    return roots;
  }

  #drawLater(): void {
    this.#drawing ??= setTimeout(() => this.#draw(), settle);
  }

  #draw(): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    this.#roots = undefined;
    this.#changed.fire(undefined);
  }

  #moveLater(runId: string): void {
    if (!this.#view.visible) return;
    this.#moved.add(runId);
    this.#moving ??= setTimeout(() => {
      this.#moving = undefined;
      for (const id of this.#moved) {
        const node = this.#nodes.get(id);
        if (node) this.#changed.fire(node);
      }
      this.#moved.clear();
    }, progressInterval);
  }
}

function configItem({ config, models }: ConfigGroup): vscode.TreeItem {
  const item = new vscode.TreeItem(configWords(config), vscode.TreeItemCollapsibleState.Expanded);
  item.id = `config:${config}`;
  item.iconPath = new vscode.ThemeIcon("json");
  item.tooltip = config;
  item.contextValue = "config";
  if (models.length > 1) item.description = hostWords().models(models.length);
  return item;
}

function modelItem(config: string, { model, runs }: ModelGroup): vscode.TreeItem {
  const item = new vscode.TreeItem(shorten(model), vscode.TreeItemCollapsibleState.Expanded);
  item.id = `model:${config}\n${model}`;
  item.description = hostWords().runs(runs.length);
  item.tooltip = model;
  item.contextValue = "model";
  return item;
}

function runItem(run: ListedRun | undefined, runId: string): vscode.TreeItem {
  const item = new vscode.TreeItem(run ? shorten(runTitle(run, Date.now(), vscode.env.language)) : runId);
  item.id = runId;
  if (!run) return item;
  item.description = runDescription(run);
  item.contextValue = contextOf(run);
  item.iconPath = icon(run);
  item.command = { command: commands.selectRun, title: hostWords().show, arguments: [runId] };
  const spoken = listWords().commas([
    shorten(run.model),
    runTitle(run, Date.now(), vscode.env.language),
    item.description,
  ]);
  item.accessibilityInformation = { label: run.label.pinned ? hostWords().pinnedRun(spoken) : spoken };
  return item;
}

function runTooltip(run: ListedRun): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown("**");
  text.appendText(`${hostWords().field(shorten(run.model))}${runTitle(run, Date.now(), vscode.env.language)}`);
  text.appendMarkdown("**");
  for (const [name, value] of runLines(run, Date.now(), vscode.env.language)) {
    text.appendMarkdown(`  \n${hostWords().field(name)}`);
    text.appendText(value);
  }
  return text;
}

/** The value that the menus test: `run going`, `run ended own pinned resumable interrupted`. */
function contextOf(run: ListedRun): string {
  const { own, label, interrupted, external } = run;
  return [
    "run",
    run.state === "ended" ? "ended" : run.state === "elsewhere" ? "elsewhere" : "going",
    ...(own ? ["own"] : ["foreign"]),
    ...(external ? ["external"] : []),
    label.pinned ? "pinned" : "unpinned",
    ...(isResumable(run) ? ["resumable"] : []),
    ...(run.checkpoints && run.steps > 0 ? ["checkpointed"] : []),
    ...(interrupted ? ["interrupted"] : []),
  ].join(" ");
}

const colours = { error: "list.errorForeground", warning: "list.warningForeground" } as const;

function icon({ state, severity, end, label, kind, interrupted: noEnd, own }: ListedRun): vscode.ThemeIcon {
  if (state !== "ended") return new vscode.ThemeIcon("sync~spin");
  const interrupted = noEnd && own;
  const failed = end?.kind === "failed" || end?.kind === "refused" || severity === "error";
  const tone = failed && !interrupted ? "error" : severity === "warning" ? "warning" : null;
  const colour = tone === null ? undefined : new vscode.ThemeColor(colours[tone]);
  if (label.pinned) return new vscode.ThemeIcon("pinned", colour);
  if (interrupted) return new vscode.ThemeIcon("debug-disconnect", colour);
  if (tone !== null) return new vscode.ThemeIcon(tone, colour);
  return new vscode.ThemeIcon(kind === "probe" ? "pulse" : "graph-line");
}
