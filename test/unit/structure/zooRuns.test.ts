import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import type { Finding } from "../../../src/protocol/finding.ts";
import type { ZooEntry } from "../../zoo/entry.ts";
import type { Reported, Result } from "../../zoo/evaluate.ts";
import { load, lookAt, restored, type SavedRun, save } from "../../zoo/savedRun.ts";
import { causes } from "../../zoo/tables/causes.ts";
import { noise } from "../../zoo/tables/noise.ts";
import { stability } from "../../zoo/tables/stability.ts";
import { chain, syntheticRun } from "../diagnosis/syntheticRun.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-zoo-test-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const { history, model } = syntheticRun(
  { layers: [{ type: "simpleRNN", states: ["h"], timesteps: 20 }], baselineLoss: 1, requiredLag: 19, plannedSteps: 60 },
  Array.from({ length: 60 }, () => ({ loss: 1, states: [{ h: chain(20, 0.5) }] })),
);
const run: SavedRun = {
  end: { kind: "completed" },
  plannedSteps: 60,
  columns: [...history.info.columns],
  layers: history.info.layers.map(({ name }) => name),
  looks: [lookAt(history)],
};

describe("kept runs of the zoo", () => {
  it("are restored unchanged, so that the rules judge them in the same way", () => {
    save(folder, { name: "net: a/b", config: "{}", train: run, probe: run, rivals: { x: true } });
    const saved = load(folder, { name: "net: a/b", config: "{}" });
    const look = saved?.train.looks[0];
    if (!saved || !look) throw new Error("nothing was kept");
    const again = restored(saved.train, look, history.info);
    expect(saved.rivals).toEqual({ x: true });
    expect(again.lastStep).toBe(60);
    expect(again.series("loss")).toEqual(history.series("loss"));
    expect(again.profile(0, "h.gain")).toEqual(history.profile(0, "h.gain"));
    expect(diagnose(history, model).length).toBeGreaterThan(0);
    expect(diagnose(again, model)).toEqual(diagnose(history, model));
  });

  it("require the same config and the same layers", () => {
    expect(load(folder, { name: "net: a/b", config: '{"other":1}' })).toBeUndefined();
    expect(load(folder, { name: "net: a b", config: "{}" })).toBeUndefined();
    const look = run.looks[0];
    if (!look) throw new Error("no look");
    expect(() => restored({ ...run, layers: ["another"] }, look, history.info)).toThrow("save the run again");
  });
});

const [finding] = diagnose(history, model);
if (!finding) throw new Error("no finding");
const reported = (severities: readonly Finding["severity"][], provisional = false): Reported => ({
  findings: severities.map((severity) => ({ ...finding, severity })),
  provisional,
});

function result(over: Partial<Result>): Result {
  const entry: ZooEntry = {
    name: "net",
    kind: "kind",
    because: "",
    config: "{}",
    files: {},
    steps: 1,
    truth: {},
    frozen: false,
    learns: null,
  };
  return {
    entry,
    half: "tuning",
    predictions: new Map(),
    rivals: new Map(),
    findings: [],
    named: null,
    healthy: false,
    probe: null,
    ended: { seed: 1, lossShare: 1, horizonShare: 1, growing: 0 },
    asRecorded: true,
    early: null,
    ...over,
  };
}

/** Cells of the table line that starts with a text. */
function line(text: readonly string[], start: string): readonly string[] {
  const found = text
    .join("\n")
    .split("\n")
    .find((l) => l.trim().startsWith(start));
  return (found ?? "").trim().split(/ {2,}/);
}

describe("the zoo's tables", () => {
  it("count a probe's verdict as stable if it warns about the same and is not withdrawn", () => {
    const text = stability([
      result({ probe: [reported(["warning"]), reported(["warning", "information"])] }),
      result({ probe: [reported(["warning"]), reported(["information"])] }),
      result({ probe: [reported([]), reported(["information"])] }),
      result({ probe: [reported([]), reported([], true)] }),
      result({ probe: [reported([], true), reported(["error"])] }),
      result({}),
    ]);
    expect(text[0]).toContain("1 of 5 are provisional after 60, 1 after 600");
    expect(line(text, "warnings")).toEqual(["warnings", "tuning", "0.50", "1", "2"]);
    expect(line(text, "all-clears")).toEqual(["all-clears", "tuning", "0.50", "1", "2"]);
  });

  it("count warnings and notes of healthy nets only", () => {
    const text = noise([
      result({ healthy: true, findings: reported(["warning", "information", "information"]).findings }),
      result({ healthy: true, probe: [reported([]), reported(["information"])] }),
      result({ findings: reported(["error"]).findings }),
    ]);
    expect(line(text, "end of training")).toEqual(["end of training", "tuning", "2", "1", "1.00"]);
    expect(line(text, "probe, 600")).toEqual(["probe, 600 steps", "tuning", "2", "0", "0.50"]);
  });

  it("count how often the cause is named first, among the nets that have one", () => {
    const text = causes([
      result({ named: { right: true, first: "it" } }),
      result({ named: { right: false, first: "something" }, half: "held out" }),
      result({}),
    ]);
    expect(line(text, "kind")).toEqual(["kind", "both", "0.50", "1", "2"]);
    expect(line(text, "all")).toEqual(["all", "tuning", "1.00", "1", "1"]);
    expect(text.join("\n")).toContain("net (held out): something");
  });
});
