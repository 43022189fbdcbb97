/** Runs of other programs, compared with own ones and with each other: from the list, and from an open event file. */

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { commands, runEditorType } from "../../src/contributions.ts";
import type { ExtensionApi } from "../../src/host/testApi.ts";
import { activated, closeAll, describeThorough, extensionId, folder, openConfig, until, vanishing } from "./support.ts";

describeThorough("runs of other programs", () => {
  let api: ExtensionApi;
  let own: string;
  const outside = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-foreign-"));
  const opened = vscode.Uri.file(path.join(outside, "events.out.tfevents.1"));
  const kept = () => path.join(folder().fsPath, ".gradlens/runs/torch");

  before(async () => {
    api = await activated();
    const root = vscode.extensions.getExtension(extensionId)?.extensionPath ?? "";
    const recorded = (name: string) => path.join(root, "test/fixtures/tensorboard", name);
    fs.copyFileSync(recorded("keras-train.tfevents"), opened.fsPath);
    fs.mkdirSync(kept(), { recursive: true });
    fs.copyFileSync(recorded("torch.tfevents"), path.join(kept(), "events.out.tfevents.1"));
    const { document } = await openConfig("compared.gradlens.json", vanishing);
    await vscode.commands.executeCommand(commands.probe, document.uri.toString(), "sigmoid");
    await api.idle();
    own = (await until(() => api.runs().findLast(({ model }) => model === "sigmoid"))).runId;
  });
  after(async () => {
    await closeAll();
    for (const at of [outside, kept()]) fs.rmSync(at, { recursive: true, force: true });
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder(), "compared.gradlens.json"));
  });

  const compare = async (first: string, others: readonly string[]) => {
    await vscode.commands.executeCommand(commands.compareRuns, first, others);
    await until(() => api.selected() === first && api.compared().join() === others.join());
  };

  it("are drawn over an own run, and an own run over them", async () => {
    const torch = (await until(() => api.listed().find(({ model, own: mine }) => model === "torch" && !mine))).runId;
    await compare(own, [torch]);
    await compare(torch, [own]);
    assert.deepEqual(
      api
        .listed()
        .filter(({ runId }) => runId === torch)
        .map(({ steps, own: mine }) => [steps, mine]),
      [[4, false]],
    );
  });

  it("are compared from an editor of their event files, wherever these lie", async () => {
    const torch = (await until(() => api.listed().find(({ model, own: mine }) => model === "torch" && !mine))).runId;
    await vscode.commands.executeCommand("vscode.openWith", opened, runEditorType);
    await until(() => api.viewed().length === 1);
    await compare(opened.toString(), [torch, own]);
    assert.equal(api.errors().length, 0);
  });
});
