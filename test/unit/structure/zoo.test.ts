import fs from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadData } from "../../../src/engine/data/loadData.ts";
import { sampled } from "../../budget.ts";
import { falseClaims } from "../../zoo/claims.ts";
import { configPathOf, removeDataFolder } from "../../zoo/dataFolder.ts";
import { allEntries } from "../../zoo/entries.ts";
import { halfOf } from "../../zoo/entry.ts";
import { literature } from "../../zoo/literature.ts";
import { explodes, learns, outcomesSchema, vanishes } from "../../zoo/outcome.ts";
import { readOutcomes } from "../../zoo/outcomes.ts";
import { practice } from "../../zoo/practice/practice.ts";
import { modelOf } from "../../zoo/runEntry.ts";
import { precision, recall, scoreOf } from "../../zoo/score.ts";

afterAll(removeDataFolder);

describe("the zoo", () => {
  it("has at least 120 sound entries with unique names, 60 of them from practice", { tags: "thorough" }, () => {
    expect(allEntries.length).toBeGreaterThanOrEqual(120);
    expect(practice.length).toBeGreaterThanOrEqual(60);
    expect(new Set(allEntries.map(({ name }) => name)).size).toBe(allEntries.length);
    for (const { healed, ...entry } of allEntries) {
      expect(modelOf(entry).layers.length).toBeGreaterThan(0);
      if (healed !== undefined) expect(modelOf({ ...entry, config: healed }).layers.length).toBeGreaterThan(0);
    }
  });

  it("has broken and healthy nets of every practice kind in both halves", () => {
    const kinds = [...new Set(practice.map(({ kind }) => kind))].filter((kind) => kind !== "report");
    const missing = kinds.flatMap((kind) =>
      [true, false].flatMap((broken) => {
        const these = practice.filter((e) => e.kind === kind && (e.cause !== null) === broken);
        return these.length > 0 && new Set(these.map(halfOf)).size < 2
          ? [`${kind}, ${broken ? "broken" : "healthy"}`]
          : [];
      }),
    );
    expect(missing).toEqual([]);
  });

  it("makes data files that the engine can read", { tags: "thorough" }, async () => {
    const healthy = practice.filter(({ cause }) => cause === null);
    for (const entry of sampled(healthy, 6)) {
      const { data, dataPath, training, trainingPath } = modelOf(entry);
      const folder = path.dirname(configPathOf(entry));
      expect(await loadData(data, dataPath, folder, { loss: training.loss, path: trainingPath })).toHaveProperty(
        "samples",
      );
    }
  });

  it("has nets from practice that meet their claims, as full training and the healed configs show", () => {
    const outcomes = readOutcomes();
    expect(practice.flatMap((entry) => falseClaims(entry, outcomes))).toEqual([]);
  });

  it("has a recorded outcome for each entry whose truth depends on one", () => {
    const outcomes = outcomesSchema.parse(JSON.parse(fs.readFileSync("test/zoo/outcomes.json", "utf8")));
    expect(Object.keys(outcomes).sort()).toEqual(literature.map(({ name }) => name).sort());
    for (const list of Object.values(outcomes)) expect(list.length).toBeGreaterThanOrEqual(2);
  });

  it("calls an outcome known only if all seeds agree", () => {
    const learnt = { seed: 1, lossShare: 0.1, horizonShare: 1, growing: 0 };
    const failed = { seed: 2, lossShare: 1, horizonShare: 0.2, growing: 0 };
    expect(learns([learnt, learnt])).toBe(true);
    expect(learns([failed, { ...failed, lossShare: null }])).toBe(false);
    expect(learns([learnt, failed])).toBeUndefined();
    expect(learns([{ ...failed, lossShare: 0.9 }])).toBeUndefined();
    expect(vanishes([failed, failed])).toBe(true);
    expect(vanishes([learnt, learnt])).toBe(false);
    expect(vanishes([failed, { ...failed, growing: 0.5 }])).toBeUndefined();
    expect(explodes([{ ...failed, growing: 0.5 }])).toBe(true);
    expect(explodes([learnt, { ...failed, growing: 0.5 }])).toBeUndefined();
    expect(explodes([{ ...learnt, growing: 0.5 }])).toBeUndefined();
    expect(
      explodes([
        { ...learnt, growing: 0.5 },
        { ...failed, growing: 0.5 },
      ]),
    ).toBeUndefined();
    expect(explodes([learnt])).toBe(false);
  });

  it("counts right and wrong", () => {
    const score = scoreOf([
      { truth: true, predicted: true },
      { truth: true, predicted: true },
      { truth: true, predicted: false },
      { truth: false, predicted: true },
      { truth: false, predicted: false },
    ]);
    expect(score).toEqual({ right: 2, falseAlarm: 1, missed: 1, quiet: 1 });
    expect(precision(score)).toBeCloseTo(2 / 3, 12);
    expect(recall(score)).toBeCloseTo(2 / 3, 12);
  });
});
