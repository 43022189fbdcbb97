import assert from "node:assert/strict";
import * as vscode from "vscode";
import { commands } from "../../src/contributions.ts";
import type { ExtensionApi } from "../../src/host/testApi.ts";
import {
  activated,
  closeAll,
  diagnosticsOf,
  itThorough,
  openConfig,
  replace,
  setting,
  until,
  vanishing,
} from "./support.ts";

/** Short runs of a task that tanh learns in them: a fix is better only if the loss confirms it. */
const config = vanishing
  .replace('"task": "addingProblem"', '"task": "delayedRecall"')
  .replace('"samples": 64', '"samples": 512')
  .replace('"loss": "meanSquaredError"', '"loss": "binaryCrossentropy"')
  .replace('"learningRate": 0.0001', '"learningRate": 0.005')
  .replace('"batchSize": 8', '"batchSize": 32')
  .replace('"steps": 100000', '"steps": 120')
  .replaceAll('{ "type": "dense", "units": 1 }', '{ "type": "dense", "units": 1, "activation": "sigmoid" }');

describe("verifying fixes", () => {
  let api: ExtensionApi;
  let document: vscode.TextDocument;
  let editor: vscode.TextEditor;
  let uri: string;
  let counter = 0;

  before(async () => {
    api = await activated();
    await setting("probe.budget", 400);
    // On a busy machine such a short probe may only inform.
    await setting("diagnostics.level", "information");
    // A busy machine must not end it early.
    await setting("verify.budget", 3600);
  });
  after(async () => {
    await setting("probe.budget", undefined);
    await setting("diagnostics.level", undefined);
    await setting("verify.budget", undefined);
  });
  beforeEach(async () => {
    counter += 1;
    editor = await openConfig(`verify-${counter}.gradlens.json`, config);
    document = editor.document;
    uri = document.uri.toString();
    await until(() => api.runs().some((run) => run.uri === uri));
    await api.idle();
  });
  afterEach(async () => {
    await vscode.commands.executeCommand(commands.stopVerifying);
    await api.idle();
    await vscode.commands.executeCommand("notifications.clearAll");
    await closeAll();
  });

  const job = () => api.verification(uri, "sigmoid");

  /** Runs the command of the lens with this title. */
  async function press(title: RegExp): Promise<void> {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      document.uri,
    );
    const titled = lenses.map(({ command }) => ({ command, title: command?.title.replaceAll("\u00a0", " ") ?? "" }));
    const lens = titled.find((l) => title.test(l.title) && l.command?.arguments?.[1] === "sigmoid");
    assert.ok(lens?.command, `no such lens among ${titled.map((l) => l.title)}`);
    // A verification's notification waits for the user, so its effects are checked elsewhere.
    void vscode.commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []));
  }

  const ended = () => until(() => job()?.outcome ?? undefined);

  /** As the panel requests it: for a finding of the run it shows, without a second progress display. */
  async function verified(): Promise<void> {
    const run = api.runs().findLast((r) => r.uri === uri && r.model === "sigmoid");
    const found = api.findings(uri).find(({ finding }) => finding.code === "vanishing-through-time");
    await vscode.commands.executeCommand(commands.verify, uri, "sigmoid", found?.finding.id, run?.runId);
    assert.equal(job()?.findingId, found?.finding.id);
    await api.idle();
  }

  it("is started by its lens, which then shows the progress, and adds its measurements to the quick fixes", async () => {
    await press(/^Verify fixes$/);
    await until(() => api.lenses(uri).find(({ title }) => /Stop verifying, run \d+ of \d\d/.test(title)));
    const outcome = await ended();
    await api.idle();
    assert.ok(outcome.kind === "verified", JSON.stringify(outcome));
    const { verification } = outcome;
    assert.equal(verification.code, "vanishing-through-time");
    assert.ok(verification.present.runs >= 3);
    assert.equal(verification.complete, true);
    // Lenses are drawn again within two seconds.
    await until(() => api.lenses(uri).find(({ title }) => /^\d of \d fixes helps?$/.test(title)));

    const [at] = diagnosticsOf(document.uri);
    assert.ok(at);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      at.range,
    );
    const titles = actions.filter(({ edit }) => edit).map(({ title }) => title);
    for (const { fix, verdict, measured } of verification.fixes)
      assert.ok(titles.includes(`${fix.title} – measured ${verdict}: ${measured}`), titles.join("\n"));
    // The best fix is on top and is preferred.
    assert.ok(titles[0]?.startsWith(verification.fixes[0]?.fix.title ?? "nothing"), titles.join("\n"));
    assert.deepEqual(
      actions.filter(({ isPreferred }) => isPreferred).map(({ title }) => title),
      titles.slice(0, 1),
    );
    const tanh = verification.fixes.find(({ fix }) => fix.id === "tanh");
    assert.equal(tanh?.verdict, "better");
    assert.match(tanh.measured, /^horizon [234] → \d\d of 29/);
  });

  itThorough(
    "applies a measured fix by name and keeps every comment; refuses other names and edited texts",
    async () => {
      await verified();
      const id = job()?.id;
      const apply = (verification: unknown, fix: unknown) =>
        vscode.commands.executeCommand(commands.applyVerified, uri, "sigmoid", verification, fix);
      await apply(id, "no-such-fix");
      await apply((id ?? 0) + 1, "tanh");
      await apply(id, { id: "tanh", edits: [{ path: ["models"], value: {} }] });
      assert.equal(document.getText(), config);
      assert.equal(document.isDirty, false);
      await vscode.commands.executeCommand(commands.applyVerified, uri, "sigmoid", id, "tanh", true);
      const shown = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).map(({ input }) => input);
      assert.ok(shown.some((input) => input instanceof vscode.TabInputTextDiff && input.original.toString() === uri));
      assert.equal(document.getText(), config);
      await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
      await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
      await apply(id, "tanh");
      const fixed = config.replace('"activation": "sigmoid"', '"activation": "tanh"');
      assert.equal(document.getText(), fixed);
      assert.equal(document.isDirty, true);
      // Measured before the edit, so it is no longer offered, and refused.
      assert.ok(!api.lenses(uri).some(({ title }) => /fixes? helps?/.test(title)));
      void apply(id, "tanh");
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.equal(document.getText(), fixed);
      await vscode.commands.executeCommand("undo");
      assert.equal(document.getText(), config);
      assert.ok(api.lenses(uri).some(({ title }) => /fixes help/.test(title)));
    },
  );

  itThorough("is stopped by its lens, and reports nothing that it did not measure", async () => {
    // Long enough to be still running when it is stopped, however slowly the editor answers.
    await replace(editor, '"steps": 120', '"steps": 300');
    await replace(editor, '"length": 30', '"length": 300');
    await document.save();
    await api.idle();
    await press(/^Verify fixes$/);
    await until(() => api.lenses(uri).find(({ title }) => /Stop verifying, run \d/.test(title)));
    await press(/Stop verifying/);
    assert.equal((await ended()).kind, "cancelled");
    await api.idle();
    assert.ok(api.lenses(uri).some(({ title }) => title === "Verify fixes"));
  });
});
