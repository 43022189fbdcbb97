import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { reseeded } from "../../../src/diagnosis/verify/arms.ts";
import type { EndToEnd } from "../../zoo/endToEnd.ts";
import { endToEndEntries } from "../../zoo/endToEndEntries.ts";
import { fails, firstLearns, rankCorrelation } from "../../zoo/endToEndReport.ts";
import { halfOf } from "../../zoo/entry.ts";
import { kendallTau } from "../../zoo/kendall.ts";
import { readOutcomes } from "../../zoo/outcomes.ts";
import { modelOf } from "../../zoo/runEntry.ts";
import { RunStore } from "../../zoo/runStore.ts";
import { syntheticRun } from "../diagnosis/syntheticRun.ts";

describe("kendallTau", () => {
  it("is 1 for the same order, −1 for the reverse one, and in between as Kendall defines it", () => {
    const of = (...order: number[]): number => kendallTau(order.map((value, i) => [i, value]));
    expect(of(1, 2, 3, 4)).toBe(1);
    expect(of(4, 3, 2, 1)).toBe(-1);
    // One of six pairs is reversed.
    expect(of(1, 3, 2, 4)).toBeCloseTo(4 / 6, 12);
    // τ-b: a tie takes its pair out of one side. Five pairs agree; √(6 · 5).
    expect(of(1, 2, 2, 3)).toBeCloseTo(5 / Math.sqrt(30), 12);
    const lost = Number.POSITIVE_INFINITY;
    expect(of(1, lost, lost)).toBeCloseTo(2 / Math.sqrt(6), 12);
    expect(of(2, 2, 2)).toBeNaN();
    expect(of(2)).toBeNaN();
  });
});

describe("a verification compared with full training", () => {
  const result = (without: number | null, ...shares: (number | null)[]): EndToEnd => ({
    code: "data-scale",
    conclusion: "",
    lossShares: [without],
    fixes: shares.map((share, i) => ({ title: `${i}`, verdict: "better", lossShares: [share] })),
  });

  it("requires only of the first fix that the net learns, and better than without it", () => {
    expect(firstLearns(result(1, 0.2, 5))).toBe(true);
    expect(firstLearns(result(null, 0.2))).toBe(true);
    expect(firstLearns(result(1, 0.9, 0.1))).toBe(false);
    expect(firstLearns(result(1, null))).toBe(false);
    expect(firstLearns(result(0.5, 0.49))).toBe(false);
    expect(firstLearns(result(1))).toBe(false);
    expect(fails(result(1))).toBe(true);
    expect(fails(result(0.3))).toBe(false);
  });

  it("requires it for every seed", () => {
    const [fix] = result(1, 0.1).fixes;
    expect(firstLearns({ ...result(1), fixes: [{ ...fix!, lossShares: [0.1, 0.2] }] })).toBe(true);
    expect(firstLearns({ ...result(1), fixes: [{ ...fix!, lossShares: [0.1, 0.9] }] })).toBe(false);
    expect(fails({ ...result(1), lossShares: [0.01, 1] })).toBe(true);
  });

  it("compares the order of the fixes with the losses, with diverged runs last", () => {
    expect(rankCorrelation(result(1, 0.1, 0.5, null))).toBe(1);
    expect(rankCorrelation(result(1, null, 0.1))).toBe(-1);
    expect(rankCorrelation(result(1, 0.003, 0.001, 0.5), 0.02)).toBeCloseTo(2 / Math.sqrt(6), 12);
  });
});

describe("the nets whose fixes are trained to the end", () => {
  const entries = endToEndEntries(readOutcomes());

  it("are ten from the literature and ten from practice, equally many from each half", () => {
    expect(entries.filter(({ kind }) => kind === "literature")).toHaveLength(10);
    expect(entries.filter((entry) => halfOf(entry) === "tuning")).toHaveLength(10);
    expect(new Set(entries.map(({ name }) => name)).size).toBe(20);
    expect(new Set(entries.flatMap(({ cause }) => cause?.codes[0] ?? []))).toEqual(
      new Set(["data-scale", "output-mismatch", "symmetric-units", "padding", "update-ratio", "post-norm-stack"]),
    );
  });
});

describe("kept runs", () => {
  const model = modelOf(endToEndEntries(readOutcomes())[0]!);
  const made = { entry: "net", model, steps: 3 };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-runs-"));
  afterAll(() => fs.rmSync(folder, { recursive: true }));
  const never = (): never => {
    throw new Error("made again");
  };

  it("are unchanged, and are not made again", async () => {
    const { history } = syntheticRun({ layers: [{ type: "gru" }, { type: "dense" }] }, [{}, {}, {}]);
    const ran = { history, end: { kind: "diverged", step: 3 } } as const;
    await new RunStore(folder).run(made, async () => ran);
    const kept = await new RunStore(folder).run(made, never);
    expect(kept.end).toEqual(ran.end);
    expect(kept.history?.snapshot()).toEqual({
      ...history.snapshot(),
      info: { ...history.info, diagnosis: model.diagnosis },
    });
    await new RunStore(folder).lossShare(made, async () => null);
    expect(await new RunStore(folder).lossShare(made, never)).toBeNull();
  });

  it("answer the present rules", async () => {
    const { history } = syntheticRun({ layers: [{ type: "gru" }, { type: "dense" }] }, [{}]);
    const asked = { ...model, diagnosis: { ...model.diagnosis, requiredLag: 7 } };
    await new RunStore(folder).run({ ...made, steps: 1 }, async () => ({ history, end: { kind: "completed" } }));
    const kept = await new RunStore(folder).run({ ...made, steps: 1, model: asked }, never);
    expect(kept.history?.info.diagnosis).toEqual(asked.diagnosis);
    expect(kept.history?.steps).toEqual(history.steps);
  });

  it("are distinguished by net, seed and steps, and not kept if they were cancelled", async () => {
    const store = new RunStore(folder);
    const cancelled = { history: null, end: { kind: "cancelled" } } as const;
    const other = { ...made, steps: 4 };
    expect(await store.run(other, async () => cancelled)).toBe(cancelled);
    await expect(store.run(other, async () => never())).rejects.toThrow("made again");
    await expect(store.run({ ...made, model: reseeded(model, 77) }, async () => never())).rejects.toThrow();
    await expect(store.run({ ...made, entry: "other" }, async () => never())).rejects.toThrow();
    await expect(new RunStore(null).run(made, async () => never())).rejects.toThrow();
  });
});
