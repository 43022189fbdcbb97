/** Runs that Python recorded (python/tests/record_run.py), found, judged and placed on the lines of their program. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { insertion } from "../../../src/diagnosis/snippets/insertion.ts";
import { torchSnippets } from "../../../src/diagnosis/snippets/torchSnippets.ts";
import type { TextChange } from "../../../src/host/findings/configDocument.ts";
import { lensesOf } from "../../../src/host/inline/lenses.ts";
import { notesOf } from "../../../src/host/inline/sparklineNotes.ts";
import { RunStore } from "../../../src/host/store/runStore.ts";
import { findingsOf } from "../../../src/host/views/panelContent.ts";
import { RunList } from "../../../src/host/views/runList.ts";
import { stateWords } from "../../../src/host/views/runWords.ts";
import { parseEvent } from "../../../src/tensorboard/eventMessage.ts";
import { frameRecord, RecordReader } from "../../../src/tensorboard/record.ts";
import { jsonOf } from "../../../src/tensorboard/runDecoder.ts";
import { textRecord } from "../../../src/tensorboard/runEncoder.ts";
import { tags } from "../../../src/tensorboard/tags.ts";
import { chain, syntheticRun } from "../diagnosis/syntheticRun.ts";
import { type Harness, harness } from "./runHarness.ts";

const recorded = fs.readFileSync("test/fixtures/pytorch/vanishing.tfevents");
const script = fs.readFileSync("examples/pytorch/vanishing.py", "utf8");
const uri = "file:///project/vanishing.py";
const made = "nn.RNN(2, hidden, batch_first=True)";

let root: string;
let h: Harness & { readonly kept: RunStore; readonly list: RunList };

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-programs-"));
  const service = harness();
  const kept = new RunStore(
    {
      root: () => path.join(root, "own"),
      others: () => [path.join(root, "others")],
      limits: () => ({ bytes: 2 ** 30, age: 1e12 }),
      keep: () => 10,
      uriOf: (file) => `file://${file}`,
      log: (_, message) => {
        throw new Error(message);
      },
    },
    service.runs,
    service.verifications,
  );
  h = { ...service, kept, list: new RunList(service.runs, kept) };
});
afterEach(() => {
  h.list.dispose();
  h.kept.dispose();
  h.dispose();
  fs.rmSync(root, { recursive: true, force: true });
});

/** @param folder below the folder of runs @param records how many are written, or, below 0, how many are not */
function write(folder: string, records = Number.POSITIVE_INFINITY, name = "host.1"): string {
  const at = path.join(root, "others", folder);
  fs.mkdirSync(at, { recursive: true });
  const file = path.join(at, `events.out.tfevents.1795962328.${name}.gradlens`);
  const all = [...new RecordReader().push(recorded)];
  fs.writeFileSync(file, Buffer.concat(all.slice(0, records).map((record) => frameRecord(record))));
  return file;
}

function edit(text: string, from: string, to: string): { readonly text: string; readonly changes: TextChange[] } {
  const offset = text.indexOf(from);
  return { text: text.replace(from, () => to), changes: [{ offset, length: from.length, inserted: to.length }] };
}

describe("a run that Python wrote", () => {
  it("is found, also in a folder within, and judged by the rules", { tags: "thorough" }, async () => {
    write("group/first");
    await h.kept.restore();
    const [run] = h.runs.runs;
    expect(run).toMatchObject({ name: "vanishing", uri, model: null, state: "ended", end: { kind: "completed" } });
    expect(run?.findings[0]).toMatchObject({ code: "vanishing-through-time", severity: "warning", layer: "rnn" });
    expect(run?.findings[0]?.explanation).toContain("the task needs 49, as the program says");
    expect(h.list.all()).toMatchObject([{ own: true, external: true, model: "vanishing" }]);
  });

  it("is followed while its process writes it, and has crashed if that ended without an end", async () => {
    const mine = `${os.hostname()}.${process.pid}`;
    write("live", -20, mine);
    await h.kept.restore();
    const [before] = h.runs.runs;
    expect(before).toMatchObject({ state: "running", end: null });
    const steps = before?.history?.lastStep ?? 0;
    write("live", -1, mine);
    await h.kept.index.refresh();
    expect(h.runs.runs).toHaveLength(1);
    expect(h.runs.runs[0]?.history?.lastStep).toBeGreaterThan(steps);
    expect(h.runs.going).toEqual([]);
    fs.rmSync(path.join(root, "others/live"), { recursive: true });
    write("dead", -1, `${os.hostname()}.999999999`);
    await h.kept.index.refresh();
    const dead = h.list.all().find(({ runId }) => runId.endsWith("dead"));
    expect(dead && stateWords(dead)).toBe("crashed");
  });
});

describe("the program's text", () => {
  beforeEach(async () => {
    write("first");
    await h.kept.restore();
    h.store.open(uri, script);
  });

  it("has the finding on the expression that made the layer, and the verdict above the call", () => {
    const view = h.store.view(uri);
    const [found] = view?.models[0]?.findings ?? [];
    expect(found?.stale).toBe(false);
    expect(script.slice(found?.range.offset).startsWith(made)).toBe(true);
    expect(found?.range.length).toBe(made.length);
    const lenses = view ? lensesOf(view, true) : [];
    expect(lenses).toHaveLength(1);
    expect(lenses[0]?.title).toMatch(/^vanishing: gradient reaches \d of 49 timesteps/);
    expect(script.slice(lenses[0]?.offset).startsWith("gradlens.watch(")).toBe(true);
    const notes = view ? notesOf(view) : [];
    expect(notes.map(({ text, tone }) => [tone, /\d\/49/.test(text)])).toEqual([["warning", true]]);
    expect(h.store.uris).toContain(uri);
  });

  it("moves its places along, and says what was edited until that is undone", () => {
    const above = edit(script, "import torch\n", "import math\nimport torch\n");
    h.store.change(uri, above.text, above.changes);
    const moved = h.store.view(uri)?.models[0]?.findings[0];
    expect(moved?.stale).toBe(false);
    expect(above.text.slice(moved?.range.offset).startsWith(made)).toBe(true);
    const edited = edit(above.text, "batch_first=True)", "batch_first=True, num_layers=2)");
    h.store.change(uri, edited.text, edited.changes);
    expect(h.store.view(uri)?.models[0]).toMatchObject({ stale: true, findings: [{ stale: true }] });
    const undone = edit(edited.text, "batch_first=True, num_layers=2)", "batch_first=True)");
    h.store.change(uri, undone.text, undone.changes);
    expect(h.store.view(uri)?.models[0]).toMatchObject({ stale: false, findings: [{ stale: false }] });
  });

  it("finds an expression that moved while the file was closed, and calls one that is gone stale", () => {
    h.store.close(uri);
    h.store.open(uri, `# one\n# two\n${script}`);
    expect(h.store.view(uri)?.models[0]?.findings[0]?.stale).toBe(false);
    h.store.close(uri);
    h.store.open(uri, script.replace("nn.RNN", "nn.GRU"));
    expect(h.store.view(uri)?.models[0]?.findings[0]?.stale).toBe(true);
  });

  it("has no view of a file that no run names", () => {
    h.store.open("file:///project/other.py", script);
    expect(h.store.view("file:///project/other.py")).toBeUndefined();
  });

  it("gets a suggestion after the statement that makes the layer", () => {
    const run = h.runs.runs[0]!;
    const layer = h.store.view(uri)?.models[0]?.layers.find(({ info }) => info.name === "rnn");
    const [orthogonal] = torchSnippets(run.findings[0]!, run.history!, layer!.index);
    const place = insertion(script, orthogonal!, layer!.range);
    expect(place?.text).toBe("        torch.nn.init.orthogonal_(self.rnn.weight_hh_l0)\n");
    expect(script.slice(0, place?.offset).endsWith(`self.rnn = ${made}\n`)).toBe(true);
  });

  it("shows its suggestions in the panel, too", () => {
    const [found] = findingsOf(h.store, h.runs.runs[0]);
    expect(found?.snippets.map(({ code }) => code)).toContain("torch.nn.init.orthogonal_(module.weight_hh_l0)");
  });
});

describe("a run of a notebook", () => {
  const cell = "vscode-notebook-cell:/project/net.ipynb#X1";
  const kernel = "/tmp/ipykernel_7/42.py";

  /** The recorded run as if the whole program stood in one cell. */
  function asCell(record: Uint8Array): Uint8Array {
    const event = parseEvent(record);
    const value = event?.values.find(({ tag }) => tag === tags.description);
    if (!event || !value) return frameRecord(record);
    const text = JSON.stringify(jsonOf(value)).replaceAll(
      '"file":"/project/vanishing.py"',
      `"file":"${kernel}","cell":${JSON.stringify(script)}`,
    );
    return textRecord(tags.description, JSON.parse(text), 0, event.wallTime);
  }

  beforeEach(async () => {
    const file = write("cells");
    fs.writeFileSync(file, Buffer.concat([...new RecordReader().push(recorded)].map(asCell)));
    await h.kept.restore();
  });

  it("is on the lines of the cell with the source that ran, also after an edit", () => {
    h.store.open("vscode-notebook-cell:/project/net.ipynb#X0", "import torch\n");
    // An editor ends no cell with an empty line.
    const source = script.trimEnd();
    h.store.open(cell, source);
    expect(h.store.programs.uris).toEqual([cell]);
    const rnn = () => h.store.view(cell)?.models[0]?.layers.find(({ info }) => info.name === "rnn");
    expect(source.slice(rnn()!.range.offset, rnn()!.range.offset + rnn()!.range.length)).toBe(made);
    expect(rnn()?.findings[0]?.finding.code).toBe("vanishing-through-time");
    const { text, changes } = edit(source, made, "nn.RNN(2, 3)");
    h.store.change(cell, text, changes);
    expect(rnn()).toMatchObject({ stale: true });
    expect(h.store.programs.placeOf(h.runs.runs[0]!, "rnn")).toMatchObject({ uri: cell, stale: true });
  });

  it("is on no cell with another source", () => {
    h.store.open(cell, `${script}# mine\n`);
    expect(h.store.programs.uris).toEqual([]);
  });
});

describe("truncation as a suggestion", () => {
  const layers = [{ type: "lstm", timesteps: 50 }];
  const suggested = (requiredLag: number | null) => {
    const { history } = syntheticRun({ layers, requiredLag }, [
      { states: [{ h: chain(50, 2), c: chain(50, 2) }], loss: 1 },
    ]);
    const found = torchSnippets({ ...exploding, layer: history.info.layers[0]!.name }, history, 0);
    return found.find(({ id }) => id === "truncation");
  };
  const exploding = {
    id: "exploding-through-time|m|lstm",
    code: "exploding-through-time",
    severity: "warning",
    model: "m",
    layer: "lstm",
    weight: null,
    place: [],
    timesteps: null,
    step: 1,
    message: "",
    explanation: "",
    evidence: {},
    fixes: [],
  } as const;

  it("keeps the lag that the task needs, and detaches both states of an LSTM", () => {
    const code = suggested(9)?.code("self.lstm").join("\n");
    expect(code).toContain("x.split(10, dim=1)");
    expect(code).toContain("state = tuple(part.detach() for part in state)");
  });

  it.each([null, 49])("is none for a required lag of %j of 50 timesteps", (requiredLag) => {
    expect(suggested(requiredLag)).toBeUndefined();
  });

  it("has no line of its own in the program", () => {
    expect(insertion("lstm = nn.LSTM(1, 2)\n", suggested(9)!, { offset: 7, length: 13 })).toBeNull();
  });
});

describe("a suggestion", () => {
  const step = { id: "clip", title: "", where: "step", code: () => ["clip()"] } as const;
  const layer = { id: "x", title: "", where: "layer", code: (module: string) => [`init(${module})`] } as const;
  const at = (text: string, part: string) => ({ offset: text.indexOf(part), length: part.length });

  it.each([
    ["for x in y:\n    optimizer.step()\n", "for x in y:\n    clip()\n    optimizer.step()\n"],
    ["  self.opt.step()\r\n", "  clip()\r\n  self.opt.step()\r\n"],
    ["a_optimizer.step()\nb_optimizer.step()\n", null],
    ["scheduler.step()\n", null],
  ])("before the optimizer's step of %j", (text, expected) => {
    const place = insertion(text, step, at(text, "step"));
    expect(place && text.slice(0, place.offset) + place.text + text.slice(place.offset)).toBe(expected);
  });

  it.each([
    ["lstm = nn.LSTM(1, 2)  # mine\n", "lstm = nn.LSTM(1, 2)  # mine\ninit(lstm)\n"],
    ["  self.a: nn.Module = nn.LSTM(1, 2)", "  self.a: nn.Module = nn.LSTM(1, 2)\n  init(self.a)\n"],
    ["layers = [nn.LSTM(1, 2)]\n", null],
    ["x = nn.LSTM(1, 2).to(device)\n", null],
  ])("after the layer of %j", (text, expected) => {
    const place = insertion(text, layer, at(text, "nn.LSTM(1, 2)"));
    expect(place && text.slice(0, place.offset) + place.text + text.slice(place.offset)).toBe(expected);
  });
});
