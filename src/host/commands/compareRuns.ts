/** Shows a run in the panel with others drawn over it: those selected in the tree, or those the user picks. */

import * as vscode from "vscode";
import { shorten } from "../../config/shorten.ts";
import { hostWords } from "../../messages/host.ts";
import { mostCompared } from "../../protocol/panelMessages.ts";
import { noLabel } from "../../tensorboard/storedRun.ts";
import { inform } from "../notify.ts";
import { plainLabel } from "../plainLabel.ts";
import type { Run } from "../runs/run.ts";
import { byStart } from "../runs/startOrder.ts";
import { cardOfRun } from "../store/runCard.ts";
import type { ListedRun } from "../views/runList.ts";
import { configWords, runDescription, runTitle } from "../views/runWords.ts";
import type { RunCommandServices } from "./runServices.ts";

type Services = Pick<RunCommandServices, "runs" | "kept" | "list" | "panel" | "runEditor">;

/** @param given the run to show and those to compare it with; with fewer than two, the user is asked for the rest */
export async function compareRuns(services: Services, given: readonly string[]): Promise<void> {
  const { runs, panel } = services;
  const [first, ...others] = given;
  const shown =
    (first === undefined ? undefined : await load(services, first)) ?? panel.selected ?? runs.runs.findLast(measured);
  if (!shown) return;
  const ids = others.length > 0 ? others : await pick(services, shown);
  if (!ids) return;
  const loaded: string[] = [];
  for (const id of ids.slice(0, mostCompared)) loaded.push((await load(services, id))?.runId ?? id);
  panel.select(shown.runId);
  panel.compare(loaded);
  if (!panel.visible) await panel.showView();
}

/** A run of this window, of the store, or of an open editor of event files, which the window takes over. */
async function load({ runs, kept, runEditor }: Services, id: string): Promise<Run | undefined> {
  const opened = runEditor.opened.find(({ run }) => run.runId === id);
  if (!opened) return await kept.load(id);
  const listed = opened.folder === null ? undefined : kept.idOf(opened.folder);
  if (listed !== undefined) return await kept.load(listed);
  runs.follow(opened.run);
  return runs.get(id);
}

/** Undefined if the user cancelled or there is nothing to choose from. */
async function pick(services: Services, shown: Run): Promise<readonly string[] | undefined> {
  const { panel } = services;
  const others = [...comparable(services, shown)].sort((a, b) => byStart(b, a));
  if (others.length === 0) {
    void inform(hostWords().nothingToCompare);
    return undefined;
  }
  const base = others.find((run) => run.config === shown.configPath && run.model === shown.model?.base);
  const ordered = base ? [base, ...others.filter((run) => run !== base)] : others;
  const compared = panel.selected === shown ? panel.compared : [];
  const items = ordered.map((run) => ({
    label: plainLabel(shorten(run.model)),
    description: `${runTitle(run, Date.now(), vscode.env.language)} · ${configWords(run.config)}`,
    detail: detailOf(run, run === base),
    picked: compared.length > 0 ? compared.includes(run.runId) : run === base,
    run,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    matchOnDescription: true,
    placeHolder: hostWords().whichToCompare({ name: shown.name, most: mostCompared }),
  });
  return picked?.map(({ run }) => run.runId);
}

/** All other runs with measurements, whoever wrote them: those of the list, and those that editors show. */
function comparable({ list, kept, runEditor }: Services, shown: Run): readonly ListedRun[] {
  const listed = list.all().filter((run) => run.runId !== shown.runId && run.steps > 0);
  const known = new Set([shown.runId, ...listed.map(({ runId }) => runId)]);
  const opened = runEditor.opened.flatMap(({ run, folder }): readonly ListedRun[] => {
    const isListed = known.has(run.runId) || (folder !== null && kept.idOf(folder) !== undefined);
    if (isListed || !measured(run)) return [];
    known.add(run.runId);
    return [{ ...cardOfRun(run, noLabel), state: run.state }];
  });
  return [...listed, ...opened];
}

function detailOf(run: ListedRun, isBase: boolean): string {
  return isBase ? `${hostWords().extended} · ${runDescription(run)}` : runDescription(run);
}

function measured(run: Run): boolean {
  return (run.history?.lastStep ?? 0) > 0;
}
