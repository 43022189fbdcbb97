/** Creates a gradlens.json in a workspace folder, or an untitled one if there is no folder. */

import * as vscode from "vscode";
import { hostWords } from "../../messages/host.ts";
import { exampleConfig } from "../exampleConfig.ts";
import { inform } from "../notify.ts";
import { writeUri } from "../save/writeUri.ts";
import { chooseFolder, exists, show } from "./workspaceFolder.ts";

export async function createExample(): Promise<void> {
  const folder = await chooseFolder();
  if (folder === null) return;
  if (folder === undefined) {
    const document = await vscode.workspace.openTextDocument({ language: "jsonc", content: exampleConfig });
    await vscode.window.showTextDocument(document);
    return;
  }
  const file = vscode.Uri.joinPath(folder.uri, "gradlens.json");
  if (await exists(file)) {
    const open = hostWords().openIt;
    const beside = hostWords().createBeside;
    const answer = await inform(hostWords().alreadyThere(folder.name), open, beside);
    if (answer === open) await show(file);
    if (answer === beside) await create(await freeName(folder.uri));
    return;
  }
  await create(file);
}

async function create(file: vscode.Uri): Promise<void> {
  if (await writeUri(file, new TextEncoder().encode(exampleConfig), "new")) await show(file);
}

async function freeName(folder: vscode.Uri): Promise<vscode.Uri> {
  for (let i = 1; ; i++) {
    const file = vscode.Uri.joinPath(folder, i === 1 ? "example.gradlens.json" : `example-${i}.gradlens.json`);
    if (!(await exists(file))) return file;
  }
}
