/** Much at once: thirty configs, and twenty saves in a second. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { ExtensionApi } from "../../src/host/testApi.ts";
import { activated, closeAll, itThorough, openConfig, replace, setting, until, vanishing } from "./support.ts";

const configs = 30;
const saves = 60;

/** Milliseconds between two saves. */
const pause = 50;

describe("much at once", () => {
  let api: ExtensionApi;

  before(async () => {
    api = await activated();
    await setting("probe.budget", 200);
  });
  afterEach(async () => {
    await api.idle();
    await vscode.commands.executeCommand("notifications.clearAll");
    await closeAll();
  });
  after(() => setting("probe.budget", undefined));

  const unitsOf = (i: number) => `"units": ${8 + i}, "activation": "sigmoid"`;
  const probesOf = (uri: string) => api.runs().filter((run) => run.uri === uri && run.kind === "probe");

  itThorough("thirty configs have their lenses, and what stays in view is probed, once", async () => {
    const errors = api.errors().length;
    const uris: string[] = [];
    for (let i = 0; i < configs; i++) {
      const { document } = await openConfig(`many-${i}.gradlens.json`, vanishing);
      uris.push(document.uri.toString());
    }
    const last = uris.at(-1) ?? "";
    await until(() => probesOf(last).length === 2);
    await api.idle();
    for (const uri of uris) assert.equal(api.lenses(uri).filter(({ title }) => title === "Probe").length, 2, uri);
    // How many were in view for long enough depends on the machine; none of their models is probed twice.
    for (const uri of uris) assert.ok(probesOf(uri).length <= 2, uri);
    assert.equal(api.errors().length, errors);
  });

  itThorough("of sixty saves, twenty in a second if the machine can, the last one is probed", async () => {
    const errors = api.errors().length;
    const editor = await openConfig("saved-often.gradlens.json", vanishing);
    const uri = editor.document.uri.toString();
    await until(() => probesOf(uri).length === 2);
    await api.idle();
    for (let i = 1; i <= saves; i++) {
      await replace(editor, unitsOf(i - 1), unitsOf(i));
      // False while VS Code still writes the former text.
      await editor.document.save();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    if (editor.document.isDirty) assert.ok(await editor.document.save());
    await until(() => probesOf(uri).filter(({ model }) => model === "sigmoid").length > 1);
    await api.idle();
    const found = api.findings(uri).filter(({ model }) => model === "sigmoid");
    assert.ok(found.length > 0);
    assert.deepEqual(
      found.filter(({ stale }) => stale),
      [],
    );
    // What was not changed is not measured again.
    assert.ok(probesOf(uri).filter(({ model }) => model === "identity").length <= 1);
    assert.equal(api.errors().length, errors);
  });
});
