/** The commands of the runs view: show, name, pin, delete, find and filter runs. */

import * as vscode from "vscode";
import { shorten } from "../../config/shorten.ts";
import { type CommandId, commands, runEditorType } from "../../contributions.ts";
import { hostWords } from "../../messages/host.ts";
import { listWords } from "../../messages/lists.ts";
import { activeConfig } from "../documents.ts";
import { inform } from "../notify.ts";
import { saveReport } from "../report/saveReport.ts";
import type { Run } from "../runs/run.ts";
import { saveRun } from "../save/saveAs.ts";
import { eventFiles } from "../store/runFolders.ts";
import type { RunStore } from "../store/runStore.ts";
import type { RunsTree } from "../views/runsTree.ts";
import { runTitle } from "../views/runWords.ts";
import { compareRuns } from "./compareRuns.ts";
import { diffConfigs } from "./diffConfigs.ts";
import type { RunCommandServices } from "./runServices.ts";
import { runIdOf, runIdsOf, trusted } from "./target.ts";

type Handlers = { readonly [id in CommandId]?: (...args: unknown[]) => unknown };

export function runCommands(services: RunCommandServices): Handlers {
  const { kept, list, tree, panel } = services;
  /** The runs that a menu was opened on, or those selected in the tree. */
  const chosen = (run: unknown, others: unknown): readonly string[] => {
    const ids = runIdsOf(run, others);
    return ids.length > 0 ? ids : runIdsOf(undefined, tree.selection);
  };
  const one = (run: unknown): string | undefined =>
    chosen(run, undefined)[0] ?? (panel.selected ? panel.selected.runId : undefined);
  /** The given runs, else the panel's; while another config is in front, its newest run. */
  const exported = (run: unknown): string | undefined => {
    const active = activeConfig()?.uri.toString();
    const ofActive = (r: Run | undefined): boolean => active === undefined || r?.uri === active;
    const shown = ofActive(panel.selected) ? panel.selected : services.runs.runs.findLast(ofActive);
    return runIdsOf(run, undefined)[0] ?? shown?.runId ?? one(undefined);
  };
  const label = async (ids: readonly string[], change: Parameters<RunStore["label"]>[1]): Promise<void> => {
    for (const id of ids) await kept.label(id, change);
  };
  return {
    [commands.selectRun]: (run, show) => selectRun(services, run, show === true),
    [commands.compareRuns]: (run, others) => compareRuns(services, chosen(run, others)),
    [commands.diffConfigs]: (run, others) => {
      const ids = chosen(run, others);
      return diffConfigs(services, ids.length > 0 ? ids : [panel.selected?.runId ?? "", ...panel.compared]);
    },
    [commands.renameRun]: (run) => rename(services, one(run)),
    [commands.noteRun]: (run) => note(services, one(run)),
    [commands.pinRun]: (run, others) => label(chosen(run, others), { pinned: true }),
    [commands.unpinRun]: (run, others) => label(chosen(run, others), { pinned: false }),
    [commands.deleteRun]: (run, others) => deleteRuns(services, chosen(run, others)),
    [commands.clearRuns]: () =>
      deleteRuns(
        services,
        list
          .all()
          .filter(({ state, own, label: { pinned } }) => state === "ended" && own && !pinned)
          .map(({ runId }) => runId),
      ),
    [commands.revealRun]: (run) => reveal(kept, one(run)),
    [commands.resumeRun]: (run) => resume(services, one(run)),
    [commands.filterRuns]: () => filter(tree),
    [commands.clearRunFilter]: () => tree.setFilter(""),
    [commands.exportRunCsv]: (run) => exportRun(services, exported(run), "csv"),
    [commands.exportRunJson]: (run) => exportRun(services, exported(run), "json"),
    [commands.exportReport]: (run) => exportReport(services, exported(run)),
  };
}

/** Shows a run in the panel; one of another program in an editor of its own. */
async function selectRun({ kept, list, panel }: RunCommandServices, run: unknown, show: boolean): Promise<void> {
  const id = runIdOf(run);
  if (id === undefined) return;
  if (list.get(id)?.own === false) {
    const file = (await eventFiles(kept.folderOf(id) ?? ""))[0];
    if (file !== undefined)
      await vscode.commands.executeCommand("vscode.openWith", vscode.Uri.file(file), runEditorType);
    return;
  }
  if (!(await kept.load(id))) return;
  panel.select(id);
  if (show && !panel.visible) await panel.showView();
}

async function rename({ kept, list }: RunCommandServices, id: string | undefined): Promise<void> {
  const run = id === undefined ? undefined : list.get(id);
  if (!run) return;
  const name = await vscode.window.showInputBox({
    title: hostWords().rename(runTitle(run, Date.now(), vscode.env.language)),
    prompt: hostWords().renamePrompt,
    value: run.label.name ?? "",
    validateInput: (text) => (text.length > 200 ? hostWords().atMost(200) : undefined),
  });
  if (name !== undefined) await kept.label(run.runId, { name: name.trim() === "" ? null : name.trim() });
}

async function note({ kept, list }: RunCommandServices, id: string | undefined): Promise<void> {
  const run = id === undefined ? undefined : list.get(id);
  if (!run) return;
  const text = await vscode.window.showInputBox({
    title: hostWords().noteOn(runTitle(run, Date.now(), vscode.env.language)),
    value: run.label.note ?? "",
    validateInput: (given) => (given.length > 10_000 ? hostWords().atMost(10_000) : undefined),
  });
  if (text !== undefined) await kept.label(run.runId, { note: text.trim() === "" ? null : text.trim() });
}

/** Deletes at once and offers to undo it: a question before each deletion would be answered without being read. */
async function deleteRuns({ kept, list }: RunCommandServices, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const run = list.get(ids[0] ?? "");
  const what =
    ids.length === 1 && run
      ? listWords().named({ name: shorten(run.model), text: runTitle(run, Date.now(), vscode.env.language) })
      : hostWords().runs(ids.length);
  const { undo, forGood } = kept.delete(ids);
  const back = hostWords().undo;
  void inform(hostWords().deleted(what), back).then(async (answer) => {
    if (answer === back) await undo();
    else forGood();
  });
}

async function reveal(kept: RunStore, id: string | undefined): Promise<void> {
  const folder = id === undefined ? undefined : kept.folderOf(id);
  const file = folder === undefined ? undefined : (await eventFiles(folder))[0];
  if (file === undefined) {
    void inform(hostWords().notOnDisk);
    return;
  }
  const uri = vscode.Uri.file(file);
  if (vscode.workspace.getWorkspaceFolder(uri)) await vscode.commands.executeCommand("revealInExplorer", uri);
  else if (vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined)
    await vscode.commands.executeCommand("revealFileInOS", uri);
  else {
    await vscode.env.clipboard.writeText(file);
    void inform(hostWords().copiedPath(file));
  }
}

/** Continues a training at its last checkpoint, with the config that it began with. */
async function resume({ runs, kept, list, panel }: RunCommandServices, id: string | undefined): Promise<void> {
  if (id === undefined || !(await trusted())) return;
  const run = await kept.load(id);
  if (!run?.model) return;
  const { uri, configPath, configText, model } = run;
  const next = runs.start("train", { uri, configPath, configText, model }, "user", { resume: true });
  const before = list.get(id);
  if (before) {
    const name = hostWords().resumed(runTitle(before, Date.now(), vscode.env.language));
    await kept.label(next.runId, { name: shorten(name, 200) });
  }
  panel.compare([id]);
  if (!panel.visible) await panel.showView();
}

async function filter(tree: RunsTree): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: hostWords().filterRuns,
    prompt: hostWords().filterPrompt,
    value: tree.filter,
  });
  if (text !== undefined) tree.setFilter(text);
}

async function exportReport({ kept, verifications }: RunCommandServices, id: string | undefined): Promise<void> {
  const run = id === undefined ? undefined : await kept.load(id);
  if (!run) return;
  const outcome = verifications.of(run.uri, run.name)?.outcome;
  await saveReport(run, outcome?.kind === "verified" ? outcome.verification : undefined);
}

async function exportRun({ kept }: RunCommandServices, id: string | undefined, format: "csv" | "json"): Promise<void> {
  const run = id === undefined ? undefined : await kept.load(id);
  if (run) await saveRun(run, format);
}
