import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { constructed } from "../../zoo/constructed.ts";
import { literature } from "../../zoo/literature.ts";
import { explodes, learns, outcomesSchema, vanishes } from "../../zoo/outcome.ts";
import { modelOf } from "../../zoo/runEntry.ts";
import { precision, recall, scoreOf } from "../../zoo/score.ts";

const entries = [...constructed, ...literature];

describe("the zoo", () => {
  it("has at least 60 sound entries with names of their own", () => {
    expect(entries.length).toBeGreaterThanOrEqual(60);
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
    for (const entry of entries) expect(modelOf(entry).layers.length).toBeGreaterThan(1);
  });

  it("has an outcome recorded for each entry whose truth is one", () => {
    const outcomes = outcomesSchema.parse(JSON.parse(fs.readFileSync("test/zoo/outcomes.json", "utf8")));
    expect(Object.keys(outcomes).sort()).toEqual(literature.map(({ name }) => name).sort());
    for (const list of Object.values(outcomes)) expect(list.length).toBeGreaterThanOrEqual(2);
  });

  it("calls an outcome known only where all seeds agree", () => {
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
  });

  it("counts right and wrong", () => {
    const score = scoreOf([
      { truth: true, said: true },
      { truth: true, said: true },
      { truth: true, said: false },
      { truth: false, said: true },
      { truth: false, said: false },
    ]);
    expect(score).toEqual({ right: 2, falseAlarm: 1, missed: 1, quiet: 1 });
    expect(precision(score)).toBeCloseTo(2 / 3, 12);
    expect(recall(score)).toBeCloseTo(2 / 3, 12);
  });
});
