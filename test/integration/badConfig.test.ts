import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { ExtensionApi } from "../../src/host/testApi.ts";
import {
  activated,
  closeAll,
  diagnosticsOf,
  itThorough,
  openConfig,
  rangeOf,
  replace,
  setting,
  until,
  vanishing,
} from "./support.ts";

describe("a config with errors", () => {
  let api: ExtensionApi;
  let logged: readonly string[];
  before(async () => {
    api = await activated();
    logged = [...api.errors()];
  });
  afterEach(closeAll);

  const cases = [
    [
      it,
      "unknown layer type",
      vanishing.replace('"type": "simpleRNN"', '"type": "simpelRNN"'),
      '"simpelRNN"',
      /simpleRNN/,
    ],
    [itThorough, "wrong argument", vanishing.replace('"units": 8', '"units": "many"'), '"many"', /units/],
    [itThorough, "absurd size", vanishing.replace('"units": 8', '"units": 1e9'), "1e9", /units/],
    [itThorough, "unknown key", vanishing.replace('"training"', '"trainning"'), '"trainning"', /training/],
    [it, "empty models", '{ "data": { "task": "addingProblem" }, "models": {} }', '"models": {}', /empty/],
  ] as const;

  for (const [inTier, name, text, place, message] of cases) {
    inTier(`reports the error at its exact place: ${name}`, async () => {
      const { document } = await openConfig(`bad-${name.replaceAll(" ", "-")}.gradlens.json`, text);
      const errors = await until(() => {
        const found = diagnosticsOf(document.uri).filter((d) => d.severity === vscode.DiagnosticSeverity.Error);
        return found.length > 0 && found;
      });
      const there = errors.filter((d) => rangeOf(document, place).contains(d.range));
      assert.ok(there.length > 0, `nothing at ${place}: ${JSON.stringify(errors)}`);
      assert.match(there.map((d) => d.message).join("\n"), message);
      await api.idle();
      assert.deepEqual(api.errors(), logged);
    });
  }

  it("also reports at its place what only the engine can see: a missing file", async () => {
    const text = vanishing.replace(
      /"data": \{.*\}/,
      '"data": { "file": "nowhere.csv", "inputs": ["a"], "targets": ["b"], "window": 4 }',
    );
    const { document } = await openConfig("missing-file.gradlens.json", text);
    const found = await until(() => diagnosticsOf(document.uri).find((d) => d.message.includes("nowhere.csv")));
    assert.ok(rangeOf(document, '"nowhere.csv"').contains(found.range), JSON.stringify(found));
    await api.idle();
    assert.deepEqual(api.errors(), logged);
  });

  it("offers the name that was meant as a quick fix, before those of what was measured earlier", async () => {
    const editor = await openConfig("typo.gradlens.json", vanishing);
    const { document } = editor;
    await until(() => api.runs().some((run) => run.uri === document.uri.toString()));
    await api.idle();
    await replace(editor, '"type": "simpleRNN"', '"type": "simpelRNN"');
    await until(() => diagnosticsOf(document.uri).some((d) => d.severity === vscode.DiagnosticSeverity.Error));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      rangeOf(document, '"simpelRNN"'),
    );
    const [first] = actions.filter(({ edit }) => edit);
    assert.match(first?.title ?? "", /simpleRNN/);
    assert.ok(first?.edit && (await vscode.workspace.applyEdit(first.edit)));
    assert.equal(document.getText(), vanishing);
  });

  itThorough("has one error where one brace is missing", async () => {
    const editor = await openConfig("brace.gradlens.json", vanishing.trimEnd().slice(0, -1));
    const errors = () =>
      vscode.languages
        .getDiagnostics(editor.document.uri)
        .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
    await until(() => errors().length > 0);
    // VS Code's JSON support reads the text a moment later.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(errors().length, 1, JSON.stringify(errors()));
  });

  itThorough("survives any text, and recovers", async () => {
    const editor = await openConfig("broken.gradlens.json", "{");
    const { document } = editor;
    for (const text of ["", "[[[[", '{"models": {"a": ', "null", '{"models":{"a":{"layers":[{}]}}}', "\u0000\ud800"]) {
      await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, document.lineCount, 0), text));
      // Faults of the text itself are those of VS Code's JSON support.
      await until(() => vscode.languages.getDiagnostics(document.uri).length > 0);
    }
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, document.lineCount, 0), vanishing));
    await until(() => diagnosticsOf(document.uri).every((d) => d.severity !== vscode.DiagnosticSeverity.Error));
    await api.idle();
    assert.deepEqual(api.errors(), logged);
  });

  itThorough("keeps its results while the text is broken", async () => {
    // Whatever the lengths of the lines, the sparklines stand there and not in the lenses.
    await setting("decorations.lastColumn", 1000);
    try {
      const editor = await openConfig("half-typed.gradlens.json", vanishing);
      const uri = editor.document.uri.toString();
      await until(() => api.findings(uri).length > 0);
      await api.idle();
      await replace(editor, '"activation": "sigmoid"', '"activation": "sig');
      assert.deepEqual(
        api.findings(uri).map((f) => f.stale),
        [true],
      );
      assert.equal(api.decorations(uri).length, 2);
    } finally {
      await setting("decorations.lastColumn", undefined);
    }
  });
});
