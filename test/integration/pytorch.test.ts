/** The run of a PyTorch program: recorded by Python, written into the workspace as Python does. */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { commands } from "../../src/contributions.ts";
import type { ExtensionApi } from "../../src/host/testApi.ts";
import { parseEvent } from "../../src/tensorboard/eventMessage.ts";
import { frameRecord, RecordReader } from "../../src/tensorboard/record.ts";
import { jsonOf } from "../../src/tensorboard/runDecoder.ts";
import { textRecord } from "../../src/tensorboard/runEncoder.ts";
import { tags } from "../../src/tensorboard/tags.ts";
import { activated, closeAll, codeOf, diagnosticsOf, extensionId, folder, lineOf, replace, until } from "./support.ts";

const made = "nn.RNN(2, hidden, batch_first=True)";

/** The recorded records, with the program where the test has put it. */
function recordsAt(fixture: string, program: string): readonly Uint8Array[] {
  return [...new RecordReader().push(fs.readFileSync(fixture))].map((record) => {
    const event = parseEvent(record);
    const value = event?.values.find(({ tag }) => tag === tags.description);
    if (!event || !value) return frameRecord(record);
    const text = JSON.stringify(jsonOf(value)).replaceAll('"/project/vanishing.py"', JSON.stringify(program));
    return textRecord(tags.description, JSON.parse(text), 0, event.wallTime);
  });
}

describe("a PyTorch program", () => {
  let api: ExtensionApi;
  let editor: vscode.TextEditor;
  let uri: vscode.Uri;

  before(async () => {
    api = await activated();
    const root = vscode.extensions.getExtension(extensionId)?.extensionPath ?? "";
    uri = vscode.Uri.joinPath(folder(), "programs", "vanishing.py");
    const source = fs.readFileSync(path.join(root, "examples/pytorch/vanishing.py"));
    await vscode.workspace.fs.writeFile(uri, source);
    editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
    const run = path.join(folder().fsPath, "programs/.gradlens/runs/vanishing-1");
    fs.mkdirSync(run, { recursive: true });
    // One record after the other, as a program appends them.
    const file = path.join(run, "events.out.tfevents.1795962328.elsewhere.1.gradlens");
    for (const record of recordsAt(path.join(root, "test/fixtures/pytorch/vanishing.tfevents"), uri.fsPath))
      fs.appendFileSync(file, record);
  });
  after(async () => {
    await closeAll();
    fs.rmSync(path.join(folder().fsPath, "programs"), { recursive: true, force: true });
  });

  const found = () => diagnosticsOf(uri).filter((d) => codeOf(d) === "vanishing-through-time");

  it("has the finding of its run on the line that makes the layer, and the verdict above the call", async () => {
    await until(() => found().length > 0);
    assert.deepEqual(
      found().map((d) => editor.document.getText(d.range)),
      [made],
    );
    assert.equal(found()[0]?.severity, vscode.DiagnosticSeverity.Warning);
    const lenses = api.lenses(uri.toString());
    assert.deepEqual(
      lenses.map(({ line }) => line),
      [lineOf(editor.document, "gradlens.watch")],
    );
    assert.match(lenses[0]?.title ?? "", /gradient reaches \d of 49 timesteps/);
    const notes = api.decorations(uri.toString());
    assert.ok(notes.some(({ line, text }) => line === lineOf(editor.document, made) && /\d\/49/.test(text)));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      uri,
      found()[0]?.range.start,
    );
    const text = hovers
      .flatMap(({ contents }) => contents.map((c) => (typeof c === "string" ? c : c.value)))
      .join("\n");
    assert.match(text, /data:image\/svg\+xml/);
    assert.match(text, /torch\.nn\.init\.orthogonal_\(module\.weight_hh_l0\)/);
  });

  it("is shown in the panel, and listed as a run of a program", async () => {
    const run = api.listed().find(({ model, external }) => external && model === "vanishing");
    assert.ok(run);
    await vscode.commands.executeCommand(commands.selectRun, run.runId);
    await until(() => api.selected() === run.runId);
  });

  it("is stale once the line is edited, and fresh again when that is undone", async () => {
    await replace(editor, "hidden, batch_first", "2 * hidden, batch_first");
    await until(() => found()[0]?.message.includes("measured before your edit"));
    await replace(editor, "2 * hidden, batch_first", "hidden, batch_first");
    await until(() => found().length === 1 && !found()[0]?.message.includes("measured before your edit"));
  });
});
