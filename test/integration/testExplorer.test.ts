import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { ExtensionApi } from "../../src/host/testApi.ts";
import { activated, closeAll, openConfig, setting, vanishing } from "./support.ts";

describe("the Test Explorer", () => {
  let api: ExtensionApi;
  before(async () => {
    api = await activated();
    await setting("probe.onOpen", false);
    await setting("probe.budget", 400);
  });
  after(async () => {
    await setting("probe.onOpen", undefined);
    await setting("probe.budget", undefined);
    await closeAll();
  });

  it("probes each model of the config in front", async () => {
    const { document } = await openConfig("tests.gradlens.json", vanishing);
    const uri = document.uri.toString();
    // The tests of a file are known once it has been read.
    while (!api.runs().some((run) => run.uri === uri)) {
      await vscode.commands.executeCommand("testing.runCurrentFile");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await api.idle();
    const probed = new Set(api.runs().flatMap((run) => (run.uri === uri && run.kind === "probe" ? [run.model] : [])));
    assert.deepEqual([...probed].sort(), ["identity", "sigmoid"]);
  });
});
