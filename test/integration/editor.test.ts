import assert from "node:assert/strict";
import * as vscode from "vscode";
import { commands } from "../../src/contributions.ts";
import type { ExtensionApi } from "../../src/host/testApi.ts";
import {
  activated,
  closeAll,
  codeOf,
  diagnosticsOf,
  itThorough,
  lineOf,
  openConfig,
  rangeOf,
  replace,
  setting,
  sound,
  until,
  vanishing,
} from "./support.ts";

describe("a config in the editor", () => {
  let api: ExtensionApi;
  let editor: vscode.TextEditor;
  let document: vscode.TextDocument;
  let uri: string;
  let counter = 0;

  before(async () => {
    api = await activated();
    await setting("probe.budget", 400);
    // On a busy machine such a short probe may only inform.
    await setting("diagnostics.level", "information");
    await setting("decorations.lastColumn", 1000);
  });
  after(async () => {
    await setting("probe.budget", undefined);
    await setting("diagnostics.level", undefined);
    await setting("decorations.lastColumn", undefined);
  });

  async function open(): Promise<void> {
    counter += 1;
    editor = await openConfig(`editor-${counter}.gradlens.json`, vanishing);
    document = editor.document;
    uri = document.uri.toString();
    // It is probed because it is visible.
    await until(() => api.runs().some((run) => run.uri === uri));
    await api.idle();
  }

  /** The models of the config's runs, in the order of their starts. */
  const modelsRun = () =>
    api
      .runs()
      .filter((run) => run.uri === uri)
      .map((run) => run.model);
  const findings = () => api.findings(uri).filter((f) => f.finding.code === "vanishing-through-time");

  // These change nothing, so one probe is enough for all.
  describe("once it is measured", () => {
    before(open);
    after(closeAll);

    it("is flagged on the exact value that makes the gradient vanish", () => {
      assert.deepEqual(
        findings().map((f) => [f.model, f.finding.layer]),
        [["sigmoid", "simple_rnn"]],
      );
      const flagged = diagnosticsOf(document.uri).filter((d) => codeOf(d) === "vanishing-through-time");
      assert.equal(flagged.length, 1);
      assert.deepEqual(
        flagged[0]?.range,
        rangeOf(document, '"sigmoid" }').with({ end: rangeOf(document, '" }, // shrinks').start.translate(0, 1) }),
      );
      assert.match(flagged[0]?.message ?? "", /reaches \d+ of 29 timesteps/);
      assert.doesNotMatch(flagged[0]?.message ?? "", /\n/);
      assert.deepEqual(
        flagged[0]?.relatedInformation?.map((r) => r.message.includes("29 timesteps")),
        [true],
      );
    });

    it("has a sparkline and the reach at the end of each recurrent layer's line", () => {
      const notes = api.decorations(uri);
      assert.deepEqual(
        notes.map((note) => note.line),
        [lineOf(document, '"activation": "sigmoid"'), lineOf(document, '"activation": "linear"')],
      );
      assert.match(notes[0]?.text ?? "", /^[▁▂▃▄▅▆▇█·]{16} {2}\d+\/29 · ×0\.\d+ per timestep$/);
      // An orthogonal matrix in a linear net: ×1 at first, and close to it throughout a probe.
      assert.match(notes[1]?.text ?? "", /^[▄▅▆]{16} {2}29\/29 · ×(?:0\.9|1|1\.0)\d* per timestep$/);
    });

    it("has lenses on its models and its flagged layer, as VS Code shows them", async () => {
      const model = lineOf(document, '"sigmoid": {');
      const titles = api.lenses(uri).filter((l) => l.line === model);
      assert.deepEqual(
        titles.slice(0, 2).map((l) => l.title),
        ["Probe", "Train"],
      );
      assert.match(titles.at(-1)?.title ?? "", /^gradient reaches \d+ of 29 timesteps/);
      const layer = lineOf(document, '"activation": "sigmoid"');
      assert.equal(api.lenses(uri).filter((l) => l.line === layer).length, 1);
      const shown = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        document.uri,
      );
      assert.deepEqual(
        shown.map((l) => l.command?.title.replaceAll("\u00a0", " ")).sort(),
        api
          .lenses(uri)
          .map((l) => l.title)
          .sort(),
      );
    });

    it("shows the result in the status bar", () => {
      assert.match(api.status() ?? "", /Gradients: (1 warning|provisional)/);
    });

    it("shows picture, figures and fixes when hovered over", async () => {
      const at = rangeOf(document, '"simpleRNN"').start.translate(0, 2);
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        document.uri,
        at,
      );
      const text = hovers
        .flatMap((hover) => hover.contents)
        .map((content) => (typeof content === "string" ? content : content.value))
        .join("\n");
      assert.match(text, /data:image\/svg\+xml;base64,/);
      assert.match(text, /command:gradlens\.applyFix/);
      assert.match(text, /\*\*∂L\/∂h\*\* reaches \d+ of/);
    });
  });

  describe("that is worked on", () => {
    beforeEach(open);
    afterEach(closeAll);

    itThorough("links each finding to its explanation, which needs no network", async () => {
      const [flagged] = diagnosticsOf(document.uri);
      assert.ok(typeof flagged?.code === "object");
      const { target } = flagged.code;
      const docs = await vscode.workspace.openTextDocument(target);
      assert.equal(docs.lineAt(0).text, `# ${codeOf(flagged)}`);
      // Rendered, from every link.
      const rendered = () => {
        const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        return input instanceof vscode.TabInputCustom && input.uri.toString() === target.toString() && input.viewType;
      };
      for (const open of [
        () => vscode.commands.executeCommand("vscode.open", target),
        () => vscode.commands.executeCommand(commands.explain, codeOf(flagged)),
      ]) {
        await open();
        assert.equal(await until(rendered), "vscode.markdown.preview.editor");
        await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
      }
    });

    itThorough("puts the sparkline into the layer's lens where the minimap would cover it", async () => {
      const layer = lineOf(document, '"activation": "linear"');
      const inLens = () => api.lenses(uri).find(({ line, title }) => line === layer && /^[▄▅▆]{16}\u00a0 /.test(title));
      assert.equal(inLens(), undefined);
      const places = api.lenses(uri).map(({ line }) => line);
      await setting("decorations.lastColumn", 0);
      try {
        await until(inLens);
        assert.deepEqual(api.decorations(uri), []);
        assert.deepEqual(
          api.lenses(uri).map(({ line }) => line),
          places,
        );
        await setting("codeLens.enabled", false);
        // Without lenses it has no other place.
        await until(() => api.decorations(uri).length === 2);
      } finally {
        await setting("codeLens.enabled", undefined);
        await setting("decorations.lastColumn", 1000);
      }
      await until(() => api.decorations(uri).length === 2 && api.lenses(uri).length > 0);
    });

    it("marks findings stale the moment their model is edited, and only then", async () => {
      await replace(editor, "// Two nets", "// A comment, two nets");
      assert.deepEqual(
        findings().map((f) => f.stale),
        [false],
      );
      await replace(editor, '"linear"', '"relu"');
      assert.deepEqual(
        findings().map((f) => f.stale),
        [false],
      );
      await replace(editor, '"activation": "sigmoid"', '"activation": "tanh"');
      assert.deepEqual(
        findings().map((f) => f.stale),
        [true],
      );
      assert.equal(api.decorations(uri)[0]?.tone, "stale");
      const flagged = diagnosticsOf(document.uri).find((d) => codeOf(d) === "vanishing-through-time");
      assert.match(flagged?.message ?? "", /before your edit/);
      assert.equal(flagged?.severity, vscode.DiagnosticSeverity.Information);
    });

    it("is probed when saved, but only the models whose meaning changed", async () => {
      await replace(editor, '"activation": "sigmoid"', sound);
      const before = modelsRun().length;
      await document.save();
      await until(() => modelsRun().length > before);
      await api.idle();
      assert.deepEqual(modelsRun().slice(before), ["sigmoid"]);
      // Its learning rate is small, which is an information.
      const grave = (d: vscode.Diagnostic) => d.severity < vscode.DiagnosticSeverity.Information;
      assert.deepEqual(diagnosticsOf(document.uri).filter(grave), []);
      assert.deepEqual(
        findings().filter(({ finding }) => finding.code !== "update-ratio"),
        [],
      );
    });

    itThorough("is probed when another program changes its file, such as a git checkout", async () => {
      const before = modelsRun().length;
      const changed = vanishing.replace('"activation": "sigmoid"', sound);
      await vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode(changed));
      await until(() => document.getText() === changed);
      await until(() => modelsRun().length > before);
      await api.idle();
      assert.deepEqual(modelsRun().slice(before), ["sigmoid"]);
      assert.deepEqual(
        findings().filter(({ finding, stale }) => stale || finding.code === "vanishing-through-time"),
        [],
      );
    });

    it("is fixed by a quick fix that keeps its comments", async () => {
      const at = diagnosticsOf(document.uri)[0]?.range;
      assert.ok(at);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        document.uri,
        at,
      );
      const fix = actions.find((action) => action.edit && /tanh/.test(action.title));
      assert.ok(fix?.edit, `no such fix among ${actions.map((a) => a.title)}`);
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      assert.equal(document.getText(), vanishing.replace('"activation": "sigmoid"', '"activation": "tanh"'));
      assert.equal(document.isDirty, true);
    });

    itThorough("shows a fix before it is applied, and applies it for a run of the panel", async () => {
      const [found] = findings();
      const fix = found?.finding.fixes.find((f) => /tanh/.test(f.title));
      const run = api.runs().findLast((r) => r.uri === uri && r.model === "sigmoid");
      const args = [uri, "sigmoid", found?.finding.id, fix?.id, run?.runId];
      await vscode.commands.executeCommand(commands.previewFix, ...args);
      const input = await until(() => {
        const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        return tab instanceof vscode.TabInputTextDiff && tab;
      });
      const fixed = vanishing.replace('"activation": "sigmoid"', '"activation": "tanh"');
      assert.equal(input.original.toString(), uri);
      assert.equal((await vscode.workspace.openTextDocument(input.modified)).getText(), fixed);
      assert.equal(document.getText(), vanishing);
      await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
      await vscode.commands.executeCommand(commands.applyFix, ...args);
      assert.equal(document.getText(), fixed);
      assert.equal(document.isDirty, true);
    });

    itThorough("is fixed in the same way from the hover", async () => {
      const [found] = findings();
      const fix = found?.finding.fixes.find((f) => /tanh/.test(f.title));
      await vscode.commands.executeCommand(commands.applyFix, uri, "sigmoid", found?.finding.id, fix?.id);
      assert.equal(document.getText(), vanishing.replace('"activation": "sigmoid"', '"activation": "tanh"'));
    });

    it("shows nothing while the master switch is off, and everything when it is on again", async () => {
      const shown = diagnosticsOf(document.uri).length;
      assert.ok(shown > 0);
      await vscode.commands.executeCommand(commands.toggle);
      try {
        await until(() => api.status() === undefined);
        assert.deepEqual(api.lenses(uri), []);
        assert.deepEqual(api.decorations(uri), []);
        assert.deepEqual(diagnosticsOf(document.uri), []);
        const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
          "vscode.executeHoverProvider",
          document.uri,
          rangeOf(document, '"simpleRNN"').start.translate(0, 2),
        );
        assert.ok(!JSON.stringify(hovers).includes("gradlens"));
      } finally {
        await vscode.commands.executeCommand(commands.toggle);
      }
      await until(() => api.status() !== undefined);
      assert.equal(diagnosticsOf(document.uri).length, shown);
      assert.equal(api.decorations(uri).length, 2);
    });

    for (const [name, hidden] of [
      ["codeLens.enabled", () => api.lenses(uri).length === 0],
      ["decorations.enabled", () => api.decorations(uri).length === 0],
      ["diagnostics.enabled", () => diagnosticsOf(document.uri).length === 0],
      ["statusBar.enabled", () => api.status() === undefined],
    ] as const) {
      itThorough(`has a switch of its own: ${name}`, async () => {
        await setting(name, false);
        try {
          await until(hidden);
        } finally {
          await setting(name, undefined);
        }
        await until(() => !hidden());
      });
    }

    itThorough("is independent of another open config", async () => {
      const other = await openConfig(
        `beside-${counter}.gradlens.json`,
        vanishing.replaceAll('"sigmoid": {', '"other": {'),
        vscode.ViewColumn.Two,
      );
      const otherUri = other.document.uri.toString();
      await until(() => api.runs().some((run) => run.uri === otherUri));
      await api.idle();
      // A short probe on a busy machine may add a note, also about the sound model of both.
      const models = (of: string) => api.findings(of).map(({ model }) => model);
      assert.ok(models(otherUri).includes("other") && !models(otherUri).includes("sigmoid"));
      assert.ok(models(uri).includes("sigmoid") && !models(uri).includes("other"));
      assert.ok(diagnosticsOf(document.uri).length > 0);
      assert.ok(diagnosticsOf(other.document.uri).length > 0);
    });
  });
});

describe("a finding's link in the panel", () => {
  itThorough("reveals the config in the editor that shows it, never over the panel", async () => {
    const api = await activated();
    const editor = await openConfig("revealed.gradlens.json", vanishing, vscode.ViewColumn.One);
    const uri = editor.document.uri.toString();
    const run = await until(() => api.runs().find((r) => r.uri === uri && r.model === "sigmoid" && r.findings > 0));
    await api.idle();
    await vscode.commands.executeCommand("gradlens.openPanelInEditor");
    await vscode.commands.executeCommand("workbench.action.focusSecondEditorGroup");
    const finding = api.findings(uri)[0]?.finding.id;
    assert.ok(finding);
    await vscode.commands.executeCommand("gradlens.reveal", run.runId, finding);
    const shown = vscode.window.visibleTextEditors.filter(({ document }) => document.uri.toString() === uri);
    assert.deepEqual(
      shown.map(({ viewColumn }) => viewColumn),
      [vscode.ViewColumn.One],
    );
    assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 2);
    await closeAll();
  });
});
