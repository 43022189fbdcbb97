import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ModelView } from "../../../src/host/findings/configView.ts";
import { configText, ended, type Harness, harness, tableText, target, uri } from "./runHarness.ts";

let h: Harness;
beforeEach(() => {
  h = harness();
});
afterEach(() => h.dispose());

function model(name: string): ModelView {
  const found = h.store.view(uri)?.models.find((m) => m.name === name);
  if (!found) throw new Error(`no model ${name}`);
  return found;
}

/** Replaces the first `from` of a text, as an editor reports it. */
function edit(text: string, from: string, to: string): string {
  const offset = text.indexOf(from);
  if (offset < 0) throw new Error(`no ${from}`);
  const after = text.slice(0, offset) + to + text.slice(offset + from.length);
  h.store.change(uri, after, [{ offset, length: from.length, inserted: to.length }]);
  return after;
}

async function probed(name = "good", text = configText()): Promise<string> {
  h.store.open(uri, text);
  await ended(h.runs, h.runs.start("probe", target(text, name), "user"));
  return text;
}

describe("FindingsStore", () => {
  it("places findings in the text", async () => {
    const text = await probed();
    const view = model("good");
    expect(view.findings.length).toBeGreaterThan(0);
    for (const { range, finding } of view.findings) {
      expect(finding.layer).toBe("simple_rnn");
      const line = text.slice(text.lastIndexOf("\n", range.offset), text.indexOf("\n", range.offset));
      expect(line).toContain('"type": "simpleRNN", "units": 2, "activation": "sigmoid"');
    }
    expect(view.layers.map((l) => text.slice(l.range.offset, l.range.offset + l.range.length))).toEqual([
      '"simpleRNN"',
    ]);
    expect(h.errors).toEqual([]);
  });

  it("finds the data section of a model, its own or the shared one", () => {
    const own = configText().replace('"polite": {', '"polite": { "data": { "length": 5 },');
    h.store.open(uri, own);
    const at = (name: string) => model(name).data?.offset;
    expect(at("good")).toBe(own.indexOf('"data"'));
    expect(at("polite")).toBe(own.lastIndexOf('"data"'));
    h.store.open(uri, own.replace('"models"', '"modells"'));
    expect(h.store.view(uri)?.models).toEqual([]);
  });

  it("marks a model's results stale at once with any edit of its text", async () => {
    const text = await probed();
    expect(model("good").stale).toBe(false);
    edit(text, '"sigmoid"', '"tanh"');
    expect(model("good").stale).toBe(true);
    expect(model("good").findings.every((f) => f.stale)).toBe(true);
  });

  it("marks them stale while the text is broken, and keeps them", async () => {
    const text = await probed();
    edit(text, '"sigmoid"', '"sig');
    expect(model("good").stale).toBe(true);
    expect(model("good").shown?.history?.lastStep).toBe(2);
  });

  it("leaves other models alone", async () => {
    const text = await probed();
    edit(text, '"simpleRNN", "units": 2 }', '"simpleRNN", "units": 3 }');
    expect(model("good").stale).toBe(false);
  });

  it("moves findings with text that is inserted above", async () => {
    const text = await probed();
    const before = model("good").layers[0]?.range.offset ?? 0;
    edit(text, '  "models"', '  // a comment\n  "models"');
    expect(model("good").stale).toBe(false);
    expect(model("good").layers[0]?.range.offset).toBe(before + "  // a comment\n".length);
  });

  it.each([
    ['"length": 4', '"length": 5'],
    ['"learningRate": 0.001', '"learningRate": 0.1'],
  ])("counts the shared sections as every model's own text: %s", async (from, to) => {
    const text = await probed();
    edit(text, from, to);
    expect(model("good").stale).toBe(true);
  });

  it("removes the mark when the edit is undone", { tags: "thorough" }, async () => {
    const text = await probed();
    edit(edit(text, '"sigmoid"', '"tanh"'), '"tanh"', '"sigmoid"');
    expect(model("good").stale).toBe(false);
  });

  it("removes it at a save if the model's meaning equals what was run, and only then", async () => {
    const text = await probed();
    const spaced = edit(text, '"units": 2, "activation"', '"units": 2,  "activation"');
    expect(model("good").stale).toBe(true);
    h.store.save(uri);
    expect(model("good").stale).toBe(false);
    edit(spaced, '"sigmoid"', '"tanh"');
    h.store.save(uri);
    expect(model("good").stale).toBe(true);
  });

  it("treats a run that an edit overtook as stale", { tags: "thorough" }, async () => {
    const text = configText();
    h.store.open(uri, text);
    const run = h.runs.start("probe", target(text, "good"), "user");
    edit(text, '"sigmoid"', '"tanh"');
    await ended(h.runs, run);
    expect(model("good").stale).toBe(true);
  });

  it("keeps showing the last figures while the next run has none", { tags: "thorough" }, async () => {
    const text = configText();
    h.store.open(uri, text);
    const first = h.runs.start("probe", target(text, "polite"), "user");
    h.runs.onFrame(({ frame }) => frame.seq === 2 && h.runs.stop(first.runId));
    await ended(h.runs, first);
    expect(model("polite").shown?.history?.lastStep).toBe(2);
    const run = h.runs.start("probe", target(text, "polite"), "user");
    expect(model("polite").going).toBe(run);
    expect(model("polite").shown?.history?.lastStep).toBe(2);
    h.runs.stop(run.runId);
    await ended(h.runs, run);
  });

  it("shows why the engine refused, until the text is edited", async () => {
    const text = await probed("refused", configText("refused"));
    const refused = model("refused").refused;
    expect(refused.map(({ problem }) => problem.message)).toEqual(["No such file."]);
    expect(text.slice(refused[0]?.range.offset).startsWith('"data"')).toBe(true);
    edit(text, '"length": 4', '"length": 5');
    expect(model("refused").refused).toEqual([]);
  });

  it("shows the engine's remarks on the data, until the text is edited", { tags: "thorough" }, async () => {
    const text = await probed("odd", configText("odd"));
    expect(model("odd").remarks).toMatchObject([{ problem: { message: "A column is constant." } }]);
    expect(text.slice(model("odd").remarks[0]?.range.offset).startsWith('"data"')).toBe(true);
    edit(text, '"length": 4', '"length": 5');
    expect(model("odd").remarks).toEqual([]);
  });

  it("names models in broken text, and forgets a closed config", () => {
    h.store.open(uri, configText().replace("}\n}\n", ""));
    expect(h.store.view(uri)?.models.map((m) => m.name)).toEqual(["good", "polite"]);
    expect(h.store.view(uri)?.problems.length).toBeGreaterThan(0);
    h.store.close(uri);
    expect(h.store.view(uri)).toBeUndefined();
  });

  it("marks results stale when a file that they used changes, until the next measurement", async () => {
    await probed("good", tableText);
    const file = path.resolve("/project/data/a.csv");
    expect(h.store.fileChanged(path.resolve("/project/a.csv"))).toEqual([]);
    expect(model("good").stale).toBe(false);
    expect(h.store.fileChanged(file)).toEqual([uri]);
    expect(model("good").stale).toBe(true);
    expect(model("good").findings.length).toBeGreaterThan(0);
    expect(model("good").findings.every((f) => f.stale)).toBe(true);
    // An unchanged text says nothing about the file.
    h.store.save(uri);
    h.store.change(uri, tableText, [{ offset: 0, length: 0, inserted: tableText.length }]);
    expect(model("good").stale).toBe(true);
    await ended(h.runs, h.runs.start("probe", target(tableText, "good"), "user"));
    expect(model("good").stale).toBe(false);
    expect(h.runs.runs.map((run) => h.store.isOvertaken(run))).toEqual([true, false]);
  });

  it("survives any text", () => {
    for (const text of [
      "",
      "null",
      "[]",
      "{",
      '{"models":3}',
      '{"models":{"a":null}}',
      '{"models":{"__proto__":{}}}',
      "\u0000",
    ])
      h.store.open(uri, text);
    expect(h.store.view(uri)?.problems.length).toBeGreaterThan(0);
  });

  it("keeps results for a config that is opened again", { tags: "thorough" }, async () => {
    const text = await probed();
    h.store.close(uri);
    h.store.open(uri, text);
    expect(model("good").findings.length).toBeGreaterThan(0);
    expect(model("good").stale).toBe(false);
  });
});
