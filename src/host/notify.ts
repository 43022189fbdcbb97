/**
 * Notifications, and lists of names to choose from. VS Code makes links of `[text](address)` in a notification, also to
 * commands, and icons of `$(name)` in a list. Names, paths and reasons come from files that somebody else may have written,
 * so all texts are made plain here, whoever says them.
 */

import * as vscode from "vscode";
import { plainLabel } from "./plainLabel.ts";

type Say = (text: string, ...offers: readonly string[]) => Thenable<string | undefined>;

export const inform: Say = (text, ...offers) => vscode.window.showInformationMessage(plainLabel(text), ...offers);

export const warn: Say = (text, ...offers) => vscode.window.showWarningMessage(plainLabel(text), ...offers);

export const complain: Say = (text, ...offers) => vscode.window.showErrorMessage(plainLabel(text), ...offers);

/** A question in a dialog, which covers the window. */
export const ask: Say = (text, ...offers) =>
  vscode.window.showWarningMessage(plainLabel(text), { modal: true }, ...offers);

/** Lets the user choose. @returns the index of the chosen name, which two may have in common. */
export async function chooseName(names: readonly string[], placeHolder: string): Promise<number | undefined> {
  const items = names.map((name, index) => ({ label: plainLabel(name), index }));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.index;
}
