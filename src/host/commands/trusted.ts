/** Checks whether models may run. */

import * as vscode from "vscode";

/** Whether the workspace is trusted; if not, tells the user why nothing happens. */
export async function trusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t("Manage Workspace Trust");
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t("In Restricted Mode Gradient Lens runs nothing. Trust this workspace to probe and train."),
    manage,
  );
  if (answer === manage) await vscode.commands.executeCommand("workbench.trust.manage");
  return false;
}
