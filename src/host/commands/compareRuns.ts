/** Shows a run in the panel with others drawn over it: those selected in the tree, or those the user picks. */

import * as vscode from "vscode";
import { shorten } from "../../config/shorten.ts";
import { mostCompared } from "../../protocol/panelMessages.ts";
import type { Run } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";
import type { PanelHost } from "../views/panelHost.ts";
import { describeRun } from "../views/runsTree.ts";

/** @param given the run to show and those to compare it with; with fewer than two, the user is asked for the rest */
export async function compareRuns(runs: RunService, panel: PanelHost, given: readonly string[]): Promise<void> {
  const known = given.flatMap((id) => runs.get(id) ?? []);
  const shown = known[0] ?? panel.selected ?? runs.runs.findLast(measured);
  if (!shown) return;
  const others = known.length > 1 ? known.slice(1) : await pick(runs, panel, shown);
  if (!others) return;
  panel.select(shown.runId);
  panel.compare(others.slice(0, mostCompared).map((run) => run.runId));
  if (!panel.visible) await panel.showView();
}

/** Undefined if the user cancelled or there is nothing to choose from. */
async function pick(runs: RunService, panel: PanelHost, shown: Run): Promise<readonly Run[] | undefined> {
  const others = runs.runs.filter((run) => run !== shown && measured(run)).reverse();
  if (others.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("There is no other run to compare with yet."));
    return undefined;
  }
  const base = others.find((run) => run.uri === shown.uri && run.model.name === shown.model.base);
  const ordered = base ? [base, ...others.filter((run) => run !== base)] : others;
  const compared = panel.selected === shown ? panel.compared : [];
  const items = ordered.map((run) => ({
    label: shorten(run.model.name),
    description: describeRun(run),
    ...(run === base ? { detail: vscode.l10n.t("the model this one extends") } : {}),
    picked: compared.length > 0 ? compared.includes(run.runId) : run === base,
    run,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    placeHolder: vscode.l10n.t("Which runs to draw over {0}? At most {1}.", shown.model.name, mostCompared),
  });
  return picked?.map((item) => item.run);
}

function measured(run: Run): boolean {
  return (run.history?.lastStep ?? 0) > 0;
}
