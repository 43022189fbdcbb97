import assert from "node:assert/strict";
import * as vscode from "vscode";
import { commands } from "../../src/contributions.ts";
import type { ExtensionApi, ShownRun } from "../../src/host/testApi.ts";
import { activated, closeAll, itThorough, openConfig, setting, until, vanishing } from "./support.ts";

describe("the engine's process", () => {
  let api: ExtensionApi;
  let uri: string;
  let counter = 0;

  before(async () => {
    api = await activated();
    await setting("probe.onOpen", false);
    await setting("probe.budget", 400);
  });
  after(async () => {
    await setting("probe.onOpen", undefined);
    await setting("probe.budget", undefined);
  });
  beforeEach(async () => {
    counter += 1;
    const { document } = await openConfig(`engine-${counter}.gradlens.json`, vanishing);
    uri = document.uri.toString();
  });
  afterEach(async () => {
    await vscode.commands.executeCommand(commands.stop);
    await api.idle();
    await vscode.commands.executeCommand("notifications.clearAll");
    await closeAll();
  });

  const last = (): ShownRun | undefined =>
    api
      .runs()
      .filter((run) => run.uri === uri)
      .at(-1);

  async function training(): Promise<ShownRun> {
    await vscode.commands.executeCommand(commands.train, uri, "sigmoid");
    return until(() => {
      const run = last();
      return run?.kind === "train" && run.steps > 5 && run;
    });
  }

  it("trains until it is stopped, and says so", async () => {
    await training();
    assert.match(api.status() ?? "", /sync~spin.*sigmoid/);
    assert.ok(api.lenses(uri).some((lens) => lens.title.includes("Stop training")));
    await vscode.commands.executeCommand(commands.stop);
    await api.idle();
    assert.equal(last()?.end?.kind, "cancelled");
  });

  it("may be killed during a run: the editor survives, reports it, and the next probe works", async () => {
    const errors = api.errors().length;
    await training();
    const pids = api.enginePids();
    assert.ok(pids.length > 0);
    for (const pid of pids) process.kill(pid, "SIGKILL");
    await api.idle();
    const end = last()?.end;
    assert.equal(end?.kind, "failed");
    assert.match(end?.kind === "failed" ? end.message : "", /killed \(SIGKILL\).*step \d+/);
    assert.ok(api.lenses(uri).some((lens) => lens.title.includes("training failed")));
    assert.match(api.status() ?? "", /run failed/);
    assert.equal(api.errors().length, errors + 1);
    await vscode.commands.executeCommand(commands.probe, uri, "sigmoid");
    await api.idle();
    assert.equal(last()?.end?.kind, "budget");
    assert.ok((last()?.steps ?? 0) > 0);
    assert.doesNotMatch(api.status() ?? "", /failed/);
    assert.ok(api.enginePids().every((pid) => !pids.includes(pid)));
  });

  itThorough("keeps lenses in place during a run", async () => {
    const places = () => JSON.stringify(api.lenses(uri).map((lens) => lens.line));
    const before = places();
    await training();
    for (let step = last()?.steps ?? 0; (last()?.steps ?? 0) < step + 50; ) {
      assert.equal(places(), before);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  itThorough("probes beside a training run", async () => {
    await training();
    await vscode.commands.executeCommand(commands.probe, uri, "identity");
    const probe = await until(() =>
      api.runs().find((run) => run.uri === uri && run.kind === "probe" && run.end !== null),
    );
    assert.equal(probe.end?.kind, "budget");
    assert.ok(api.runs().some((run) => run.uri === uri && run.kind === "train" && run.state === "running"));
  });

  it("remembers runs, deletes them on request, and shows the selected one", async () => {
    await vscode.commands.executeCommand(commands.probe, uri, "sigmoid");
    await api.idle();
    const first = last();
    await vscode.commands.executeCommand(commands.probe, uri, "identity");
    await api.idle();
    assert.equal(api.selected(), last()?.runId);
    await vscode.commands.executeCommand(commands.selectRun, first?.runId);
    assert.equal(api.selected(), first?.runId);
    const second = last();
    // As the tree's menu passes them: the run whose menu was opened, and all selected ones.
    await vscode.commands.executeCommand(commands.compareRuns, second, [first, second]);
    assert.equal(api.selected(), second?.runId);
    assert.deepEqual(api.compared(), [first?.runId]);
    await vscode.commands.executeCommand(commands.deleteRun, first?.runId);
    assert.deepEqual(api.compared(), []);
    assert.ok(!api.runs().some((run) => run.runId === first?.runId));
    assert.ok(!api.findings(uri).some(({ model }) => model === "sigmoid"));
    await vscode.commands.executeCommand(commands.clearRuns);
    // Runs of other programs stay: their files are not the extension's.
    assert.deepEqual(
      api.runs().filter((run) => run.uri !== ""),
      [],
    );
  });

  it("tells the doctor which backend runs", async () => {
    await vscode.commands.executeCommand(commands.doctor);
    const text = vscode.window.activeTextEditor?.document.getText() ?? "";
    assert.match(text, /Backend: \S+/);
    assert.match(text, /Engine: Node v/);
  });

  itThorough("uses the backend that the setting names", async () => {
    await setting("engine.backend", "cpu");
    try {
      await vscode.commands.executeCommand(commands.doctor);
      // VS Code asks for the report's new text after it has shown the former one.
      await until(() => /Backend: .*JavaScript/i.test(vscode.window.activeTextEditor?.document.getText() ?? ""));
    } finally {
      await setting("engine.backend", undefined);
    }
  });
});
