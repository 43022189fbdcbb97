import assert from "node:assert/strict";
import * as vscode from "vscode";
import { commands, isConfigPath, views } from "../../src/contributions.ts";
import { activated, closeAll, extensionId, folder, itThorough, openConfig, vanishing } from "./support.ts";

describe("the extension", () => {
  after(closeAll);

  it("is activated without training or chart code in the editor's process", async () => {
    const api = await activated();
    console.log(`    activate took ${api.activation.toFixed(1)} ms`);
    assert.deepEqual(
      Object.keys(require.cache).filter((file) => /tfjs|chart\.js|dist[\\/](?:engine|panel)\.js/.test(file)),
      [],
    );
  });

  it("registers every contributed command, and no other", async () => {
    await activated();
    // VS Code adds its own for each view, e.g. gradlens.runs.focus.
    const ofViews = (id: string) => [views.panel, views.runs].some((view) => id.startsWith(`${view}.`));
    const own = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith("gradlens.") && !ofViews(id));
    assert.deepEqual(own.sort(), Object.values(commands).sort());
    const contributed: unknown = vscode.extensions.getExtension(extensionId)?.packageJSON?.contributes?.commands;
    assert.ok(Array.isArray(contributed));
    assert.equal(contributed.length, own.length);
  });

  it("makes configs JSON with comments, completed and checked by its schema", async () => {
    const editor = await openConfig("schema.gradlens.json", vanishing);
    assert.equal(editor.document.languageId, "jsonc");
    assert.ok(isConfigPath(editor.document.uri.path));
    const schema = vscode.Uri.joinPath(
      vscode.extensions.getExtension(extensionId)?.extensionUri ?? folder(),
      "dist/gradlens.schema.json",
    );
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(schema));
    const parsed: unknown = JSON.parse(text);
    assert.ok(typeof parsed === "object" && parsed !== null && "properties" in parsed);
    // VS Code's JSON support asks for the schema in this way.
    const served = await vscode.workspace.openTextDocument(vscode.Uri.parse("gradlens://schema/gradlens.schema.json"));
    assert.equal(served.getText(), text);
    const at = editor.document.positionAt(vanishing.indexOf('"loss"') + 1);
    const offered = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      editor.document.uri,
      at,
    );
    assert.ok(offered.items.some(({ label }) => label === "earlyStopping"));
  });

  it("reports as a document that closes without a question", async () => {
    await vscode.commands.executeCommand(commands.doctor);
    const document = vscode.window.activeTextEditor?.document;
    assert.match(document?.getText() ?? "", /^# Gradient Lens: doctor\n[\s\S]*Backend: /);
    assert.equal(document?.isUntitled, false);
    assert.equal(document?.isDirty, false);
  });

  itThorough("writes an example without problems, and does not overwrite one", async () => {
    const api = await activated();
    const file = vscode.Uri.joinPath(folder(), "gradlens.json");
    await vscode.commands.executeCommand(commands.createExample);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.toString(), file.toString());
    assert.match(document?.getText() ?? "", /\/\/ .*[\s\S]*"simpleRNN"[\s\S]*"lstm"[\s\S]*"gru"/);
    assert.deepEqual(
      vscode.languages.getDiagnostics(file).filter((d) => d.severity === vscode.DiagnosticSeverity.Error),
      [],
    );
    await vscode.commands.executeCommand(commands.stop);
    await api.idle();
    await closeAll();
    await vscode.workspace.fs.delete(file);
  });

  itThorough("copies an example into the workspace, beside those that are there", async () => {
    const api = await activated();
    const copy = async (name: string): Promise<vscode.Uri> => {
      await vscode.commands.executeCommand(commands.openExample, "weather");
      const at = vscode.Uri.joinPath(folder(), name);
      assert.equal(
        vscode.window.activeTextEditor?.document.uri.toString(),
        vscode.Uri.joinPath(at, "gradlens.json").toString(),
      );
      return at;
    };
    const copies = [await copy("weather-2"), await copy("weather-3")];
    const files = await Promise.all(copies.map((at) => vscode.workspace.fs.readDirectory(at)));
    for (const list of files)
      assert.deepEqual(list.map(([name]) => name).sort(), ["README.md", "gradlens.json", "seattle-weather.csv"]);
    await vscode.commands.executeCommand(commands.stop);
    await api.idle();
    await closeAll();
    for (const at of copies) await vscode.workspace.fs.delete(at, { recursive: true });
  });
});
