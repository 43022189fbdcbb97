/** Runs of programs: no config describes the model, and most rows hold the loss alone. */

import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { trendOf } from "../../../src/diagnosis/horizonTrend.ts";
import { horizonSeries, reachOf } from "../../../src/protocol/history/reach.ts";
import { restoreHistory } from "../../../src/protocol/history/store.ts";
import type { RunHistory } from "../../../src/protocol/history.ts";
import { chain, reaching, type StateSpec, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

const layers = [{ type: "simpleRNN", states: ["h"], timesteps: 50 }, { type: "Linear" }] as const;
const spec = { layers, kind: "train", plannedSteps: null, baselineLoss: 0.17, requiredLag: 49 } as const;
const stands = (h: StateSpec): StepSpec => ({ loss: 0.17, updateRatio: [0.01, 0.01], states: [{ h }] });

/** The run as a program writes it that measures every `every`-th step. */
function sparse(history: RunHistory, every: number, losses: (row: number) => boolean = () => true): RunHistory {
  const snapshot = history.snapshot();
  const { columns } = snapshot.info;
  const rows = snapshot.rows.map((value, i) => {
    const row = Math.floor(i / columns.length);
    const quantity = columns[i % columns.length]?.quantity;
    if (quantity === "loss") return losses(row) ? value : Number.NaN;
    return row % every === 0 || quantity === "learningRate" ? value : Number.NaN;
  });
  return restoreHistory({ ...snapshot, rows });
}

function codes(history: RunHistory): readonly string[] {
  return diagnose(history, null).map(({ code, severity }) => `${severity} ${code}`);
}

describe("a program's run", () => {
  const { history } = syntheticRun(
    spec,
    times(400, () => stands(reaching(50, 3))),
  );

  it("has the findings of its measurements, without fixes of a config", () => {
    const [finding] = diagnose(history, null);
    expect(finding).toMatchObject({ code: "vanishing-through-time", severity: "warning", layer: "layer_0", fixes: [] });
  });

  it("has the same findings when most of its steps are not measured", () => {
    // The last measured step is 9 rows before the end.
    expect(codes(sparse(history, 10))).toEqual(codes(history));
    expect(codes(sparse(history, 39))).toEqual(codes(history));
    expect(reachOf(sparse(history, 39), 0)).toMatchObject({ horizon: 3, required: 49 });
  });

  it("explodes in the measured steps alone", () => {
    const exploding = syntheticRun(
      spec,
      times(200, () => stands(chain(50, 1.5))),
    );
    expect(codes(sparse(exploding.history, 7))).toContain("warning exploding-through-time");
  });

  it("does not take a loss that nobody reported for one that is not a number", () => {
    expect(codes(sparse(history, 10, (row) => row % 10 === 0)).join()).not.toContain("non-finite");
    expect(codes(sparse(history, 10, () => false)).join()).not.toContain("non-finite");
    expect(codes(sparse(history, 10, (row) => row < 300)).join()).toContain("non-finite");
  });

  it("says nothing of clipping that it does not know", () => {
    const jump = (i: number): StepSpec => ({
      ...stands(reaching(50, 49)),
      kernel: i === 150 ? 5000 : 0.01,
      loss: i > 150 ? 1 : 0.17,
    });
    const { history: jumping, model } = syntheticRun({ ...spec, baselineLoss: null }, times(160, jump));
    const unknown = diagnose(jumping, null).find(({ code }) => code === "exploding-gradient");
    const config = diagnose(jumping, model).find(({ code }) => code === "exploding-gradient");
    expect(config?.explanation).toContain("Nothing clips the gradients.");
    expect(unknown?.message).toBe(config?.message);
    expect(unknown?.explanation).not.toContain("clips");
  });
});

describe("a chain with a NaN", () => {
  const broken: StateSpec = {
    ...reaching(50, 3),
    gain: reaching(50, 3).gain.map((g, i) => (i === 30 ? Number.NaN : g)),
  };
  const { history } = syntheticRun(
    spec,
    times(100, (i) => stands(i % 3 === 0 ? reaching(50, 45) : broken)),
  );

  it("has no reach if most of its newest steps do not tell it", () => {
    expect(reachOf(history, 0)).toBeUndefined();
  });

  it("is no full reach to the trend of the horizon", () => {
    const reach = { horizon: 3, required: 49, state: "h", gain: 0.5, survival: -5, last: 50 } as const;
    const mixed = syntheticRun(
      spec,
      times(100, (i) => stands(i > 50 && i % 3 > 0 ? broken : chain(50, 0.5))),
    );
    const trend = trendOf(mixed.history, 0, horizonSeries(mixed.history, 0), reach, null);
    expect(trend.growing || trend.crawling).toBe(false);
  });
});
