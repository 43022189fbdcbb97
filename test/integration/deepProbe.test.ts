import assert from "node:assert/strict";
import * as vscode from "vscode";
import { commands } from "../../src/contributions.ts";
import type { ExtensionApi } from "../../src/host/testApi.ts";
import { activated, closeAll, folder, openConfig, setting, until, vanishing } from "./support.ts";

const kept = vanishing.replace('"steps": 100000,', '"steps": 30, "checkpoint": { "folder": "kept", "keep": "last" },');

describe("the deep probe of a run's own weights", () => {
  let api: ExtensionApi;
  before(async () => {
    api = await activated();
    await setting("probe.onOpen", false);
  });
  after(async () => {
    await setting("probe.onOpen", undefined);
    await closeAll();
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder(), "kept"), { recursive: true });
  });

  it("takes those of its checkpoint, and refuses those of a later run", async () => {
    const { document } = await openConfig("kept.gradlens.json", kept);
    const uri = document.uri.toString();
    const train = async (): Promise<string> => {
      await vscode.commands.executeCommand(commands.train, uri, "identity");
      await api.idle();
      const run = api.runs().findLast((one) => one.uri === uri);
      assert.deepEqual([run?.kind, run?.steps, run?.end], ["train", 30, { kind: "completed" }]);
      return run?.runId ?? "";
    };
    const probe = async (runId: string): Promise<unknown> => {
      await vscode.commands.executeCommand(commands.deepProbeCheckpoint, { kind: "run", runId });
      const { state } = await until(() => {
        const view = api.deepProbe();
        return view !== null && view.state.kind !== "busy" && view;
      });
      return state.kind === "done" ? state.result.steps : state;
    };
    const first = await train();
    assert.equal(await probe(first), 30);
    assert.equal(api.selected(), first);
    const second = await train();
    assert.match(JSON.stringify(await probe(first)), /belongs to another run of this model/);
    assert.equal(await probe(second), 30);
    await vscode.workspace.fs.delete(document.uri);
  });
});
