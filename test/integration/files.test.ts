import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { ExtensionApi } from "../../src/host/testApi.ts";
import {
  activated,
  closeAll,
  diagnosticsOf,
  folder,
  itThorough,
  openConfig,
  setting,
  until,
  vanishing,
} from "./support.ts";

/** A column of 200 numbers, and the same shifted. */
function table(seed: number): string {
  const rows = Array.from({ length: 200 }, (_, i) => `${Math.sin(i * seed)},${Math.cos(i)}`);
  return `x,y\n${rows.join("\n")}\n`;
}

function withTable(name: string): string {
  return vanishing.replace(
    /"data": \{.*\}/,
    `"data": { "file": "${name}", "inputs": ["x"], "targets": ["y"], "window": 30 }`,
  );
}

describe("files that a config names", () => {
  let api: ExtensionApi;
  const write = (name: string, text: string): Thenable<void> =>
    vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder(), name), new TextEncoder().encode(text));
  const runsOf = (uri: vscode.Uri) => api.runs().filter((run) => run.uri === uri.toString());

  before(async () => {
    api = await activated();
    await setting("probe.budget", 400);
  });
  after(() => setting("probe.budget", undefined));
  afterEach(async () => {
    await setting("probe.onSave", undefined);
    await closeAll();
  });

  it("are watched: a changed table triggers new probes, and any other file does not", async () => {
    await write("watched.csv", table(0.3));
    const { document } = await openConfig("watched.gradlens.json", withTable("watched.csv"));
    await until(() => runsOf(document.uri).length === 2);
    await api.idle();
    await write("unnamed.csv", table(0.1));
    await write("watched.csv", table(0.7));
    await until(() => runsOf(document.uri).length === 4);
    await api.idle();
    assert.deepEqual(
      runsOf(document.uri).map((run) => run.end?.kind),
      ["budget", "budget", "budget", "budget"],
    );
    assert.ok(api.findings(document.uri.toString()).every((f) => !f.stale));
  });

  itThorough("mark findings stale if probing on save is off", async () => {
    await setting("probe.onSave", false);
    await write("stale.csv", table(0.3));
    const { document } = await openConfig("stale.gradlens.json", withTable("stale.csv"));
    const findings = () => api.findings(document.uri.toString());
    await until(() => runsOf(document.uri).length === 2);
    await api.idle();
    assert.ok(findings().length > 0 && findings().every((f) => !f.stale));
    await write("stale.csv", table(0.9));
    await until(() => findings().every((f) => f.stale));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(runsOf(document.uri).length, 2);
  });

  itThorough("may appear later: a model that lacked one then runs", async () => {
    const { document } = await openConfig("late.gradlens.json", withTable("late.csv"));
    await until(() => diagnosticsOf(document.uri).some((d) => d.message.includes("late.csv")));
    await api.idle();
    await write("late.csv", table(0.3));
    await until(() => runsOf(document.uri).some((run) => run.end?.kind === "budget"));
    await api.idle();
    assert.ok(!diagnosticsOf(document.uri).some((d) => d.message.includes("late.csv")));
  });
});
