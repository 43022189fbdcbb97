/** Shows a run in the panel with others drawn over it: those selected in the tree, or those the user picks. */

import * as vscode from "vscode";
import { shorten } from "../../config/shorten.ts";
import { hostWords } from "../../messages/host.ts";
import { mostCompared } from "../../protocol/panelMessages.ts";
import type { Run } from "../runs/run.ts";
import type { ListedRun } from "../views/runList.ts";
import { configWords, runDescription, runTitle } from "../views/runWords.ts";
import type { RunCommandServices } from "./runServices.ts";

type Services = Pick<RunCommandServices, "runs" | "kept" | "list" | "panel">;

/** @param given the run to show and those to compare it with; with fewer than two, the user is asked for the rest */
export async function compareRuns(services: Services, given: readonly string[]): Promise<void> {
  const { runs, kept, panel } = services;
  const [first, ...others] = given;
  const shown =
    (first === undefined ? undefined : await kept.load(first)) ?? panel.selected ?? runs.runs.findLast(measured);
  if (!shown) return;
  const ids = others.length > 0 ? others : await pick(services, shown);
  if (!ids) return;
  for (const id of ids.slice(0, mostCompared)) await kept.load(id);
  panel.select(shown.runId);
  panel.compare(ids.slice(0, mostCompared));
  if (!panel.visible) await panel.showView();
}

/** Undefined if the user cancelled or there is nothing to choose from. */
async function pick({ list, panel }: Services, shown: Run): Promise<readonly string[] | undefined> {
  const all = list.all().filter((run) => run.runId !== shown.runId && run.own && run.steps > 0);
  const others = [...all].sort((a, b) => b.startedAt - a.startedAt);
  if (others.length === 0) {
    void vscode.window.showInformationMessage(hostWords().nothingToCompare);
    return undefined;
  }
  const base = others.find((run) => run.config === shown.configPath && run.model === shown.model?.base);
  const ordered = base ? [base, ...others.filter((run) => run !== base)] : others;
  const compared = panel.selected === shown ? panel.compared : [];
  const items = ordered.map((run) => ({
    label: shorten(run.model),
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

function detailOf(run: ListedRun, isBase: boolean): string {
  return isBase ? `${hostWords().extended} · ${runDescription(run)}` : runDescription(run);
}

function measured(run: Run): boolean {
  return (run.history?.lastStep ?? 0) > 0;
}
