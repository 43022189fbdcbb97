/** Shared by the tests in VS Code: configs to work with, and the extension's view of itself. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { ExtensionApi } from "../../src/host/testApi.ts";
import { thorough } from "../tier.mts";

export const extensionId = "gradient-lens.gradient-lens";

/** Declares a test that is too slow to be waited for at each change: it runs in CI and in the long run alone. */
export function itThorough(title: string, test: () => Promise<void>): void {
  if (thorough) it(title, test);
  else it.skip(title);
}

/** The same for a group of tests; its hooks do not run, either. */
export function describeThorough(title: string, tests: () => void): void {
  if (thorough) describe(title, tests);
  else describe.skip(title, tests);
}

export async function activated(): Promise<ExtensionApi> {
  const extension = vscode.extensions.getExtension<ExtensionApi>(extensionId);
  assert.ok(extension, "the extension is not installed");
  return extension.activate();
}

export function folder(): vscode.Uri {
  const found = vscode.workspace.workspaceFolders?.[0];
  assert.ok(found, "no workspace is open");
  return found.uri;
}

/** A linear net whose gradient neither fades nor, with inputs this small, grows large. */
export const sound =
  '"activation": "linear", "recurrentInitializer": "identity", "kernelInitializer": { "type": "randomNormal", "stddev": 0.01 }';

/**
 * A config small enough for a fast probe: a sigmoid net that must vanish, and a linear identity that cannot. At this
 * learning rate neither changes much within a probe, but no update is too small to count.
 */
export const vanishing = `{
  // Two nets; only the first loses its gradient.
  "data": { "task": "addingProblem", "length": 30, "samples": 64, "seed": 1 },
  "training": {
    "loss": "meanSquaredError",
    "optimizer": { "type": "adam", "learningRate": 0.0001 },
    "batchSize": 8,
    "steps": 100000,
    "seed": 7 // any will do
  },
  "models": {
    "sigmoid": {
      "layers": [
        { "type": "simpleRNN", "units": 8, "activation": "sigmoid" }, // shrinks
        { "type": "dense", "units": 1 }
      ]
    },
    "identity": {
      "layers": [
        { "type": "simpleRNN", "units": 8, ${sound} },
        { "type": "dense", "units": 1 }
      ]
    }
  }
}
`;

/** Writes a file into the workspace and opens it in an editor. */
export async function openConfig(
  name: string,
  text: string,
  column = vscode.ViewColumn.One,
): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.joinPath(folder(), name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const document = await vscode.workspace.openTextDocument(uri);
  return vscode.window.showTextDocument(document, { preview: false, viewColumn: column });
}

export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

/** Waits until `probe` returns something; the test's own time limit ends it. */
export async function until<T>(probe: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = probe();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function diagnosticsOf(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((d) => d.source === "Gradient Lens");
}

export function codeOf(diagnostic: vscode.Diagnostic): string {
  return typeof diagnostic.code === "object" ? String(diagnostic.code.value) : String(diagnostic.code);
}

/** The range of the first `text` in a document. */
export function rangeOf(document: vscode.TextDocument, text: string): vscode.Range {
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, `no ${text} in the document`);
  return new vscode.Range(document.positionAt(at), document.positionAt(at + text.length));
}

export function lineOf(document: vscode.TextDocument, text: string): number {
  return rangeOf(document, text).start.line;
}

export async function replace(editor: vscode.TextEditor, from: string, to: string): Promise<void> {
  assert.ok(await editor.edit((edit) => edit.replace(rangeOf(editor.document, from), to)));
}

export async function setting(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration("gradlens").update(name, value, vscode.ConfigurationTarget.Global);
}
