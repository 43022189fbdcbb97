import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportCsv, exportJson } from "../../../src/host/save/exportRun.ts";
import { configText, ended, type Harness, harness, target } from "./runHarness.ts";

let h: Harness;
beforeEach(() => {
  h = harness(2);
});
afterEach(() => h.dispose());

describe("RunService", () => {
  it("collects history and findings of a run", async () => {
    const run = await ended(h.runs, h.runs.start("probe", target(configText(), "good"), "user"));
    expect(run.end).toEqual({ kind: "budget" });
    expect([...(run.history?.steps ?? [])]).toEqual([1, 2]);
    expect([...(run.history?.series("loss") ?? [])]).toEqual([1, 0.5]);
    expect(run.findings.map((f) => f.code)).toContain("vanishing-through-time");
  });

  it("cancels a run when a new one of the same model replaces it, and no other", async () => {
    const first = h.runs.start("probe", target(configText("polite", "good"), "polite"), "user");
    await new Promise<void>((resolve) => h.runs.onStart(() => resolve()));
    const other = h.runs.start("probe", target(configText("polite", "good"), "good"), "user");
    const second = h.runs.start("probe", target(configText("polite", "good"), "polite"), "user");
    expect((await ended(h.runs, first)).end?.kind).toBe("cancelled");
    expect((await ended(h.runs, other)).end?.kind).toBe("budget");
    h.runs.stop(second.runId);
    expect((await ended(h.runs, second)).end?.kind).toBe("cancelled");
  });

  it("does not let a probe wait for a training run", async () => {
    const training = h.runs.start("train", target(configText("polite", "good"), "polite"), "user");
    const probe = await ended(h.runs, h.runs.start("probe", target(configText("polite", "good"), "good"), "user"));
    expect(probe.end?.kind).toBe("budget");
    expect(training.state).not.toBe("ended");
    expect(h.runs.enginePids.length).toBe(2);
    h.runs.stopAll();
    await ended(h.runs, training);
  });

  it("forgets the oldest ended runs, and deleted ones", { tags: "thorough" }, async () => {
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) {
      const run = h.runs.start("probe", target(configText(), "good"), "user");
      ids.push(run.runId);
      await ended(h.runs, run);
    }
    expect(h.runs.runs.map((r) => r.runId)).toEqual(ids.slice(2));
    h.runs.forget(ids[2] ?? "");
    expect(h.runs.runs.map((r) => r.runId)).toEqual(ids.slice(3));
  });

  it("keeps the newest result of a model, however often others run", { tags: "thorough" }, async () => {
    const text = configText("crash", "good");
    const run = (name: string) => ended(h.runs, h.runs.start("probe", target(text, name), "user"));
    const once = await run("good");
    for (let i = 0; i < 4; i++) await run("crash");
    expect(h.runs.runs.map((r) => r.name)).toEqual(["good", "crash", "crash"]);
    const again = await run("good");
    await run("crash");
    expect(h.runs.get(once.runId)).toBeUndefined();
    expect(h.runs.get(again.runId)).toBe(again);
  });

  it("exports scalars as CSV and everything as JSON", async () => {
    const run = await ended(h.runs, h.runs.start("probe", target(configText(), "good"), "user"));
    expect(exportCsv(run)).toBe("step,loss,horizon simple_rnn h\n1,1,0\n2,0.5,0\n");
    const json: unknown = JSON.parse(exportJson(run));
    expect(json).toMatchObject({
      model: "good",
      end: { kind: "budget" },
      steps: [1, 2],
      series: { loss: [1, 0.5] },
      profiles: [{ layer: "simple_rnn", channel: "h.logNorm", latest: [-9, -6, -3, 0] }],
    });
  });

  it("exports non-finite values as text", async () => {
    const run = await ended(h.runs, h.runs.start("probe", target(configText(), "good"), "user"));
    const [first] = run.findings;
    const strange = {
      ...run,
      findings: first ? [{ ...first, evidence: { a: Number.NaN, b: Number.NEGATIVE_INFINITY } }] : [],
    };
    expect(JSON.parse(exportJson(strange))).toMatchObject({ findings: [{ evidence: { a: "NaN", b: "-Infinity" } }] });
  });
});
