import { describe, expect, it } from "vitest";
import { stableRateOf } from "../../../src/diagnosis/stableRate.ts";
import { createHistory, type RunHistory } from "../../../src/protocol/history.ts";
import { syntheticRun } from "./syntheticRun.ts";

/** @param rates of the steps 1, 2, …. */
function history(rates: readonly number[]): RunHistory {
  const { info } = syntheticRun({ layers: [{ type: "dense" }] }, [{}]).history;
  const columns = (["loss", "learningRate", "stableRate"] as const).map((quantity) => ({
    quantity,
    layer: null,
    name: null,
  }));
  const made = createHistory({ ...info, columns });
  rates.forEach((rate, i) => {
    const rows = Float64Array.of(1, 0.01, rate);
    made.append({ runId: info.runId, seq: i + 1, steps: Float64Array.of(i + 1), rows, profiles: [] });
  });
  return made;
}

describe("stableRateOf", () => {
  it("is the rate that the newest measurements agree on", () => {
    const rates = [0.9, Number.NaN, ...new Array<number>(8).fill(0.02), Number.NaN];
    expect(stableRateOf(history(rates))).toEqual({
      rate: 0.02,
      lowest: 0.02,
      highest: 0.02,
      measured: 8,
      step: 10,
      inForce: 0.01,
    });
  });

  it("is near the lowest where batches differ", () => {
    const found = stableRateOf(history([1, 1, 0.001, 1]));
    expect(found?.rate).toBeCloseTo(0.001, 4);
    expect(found).toMatchObject({ lowest: 0.001, highest: 1, measured: 4 });
  });

  it("is null where nothing was measured, or no such column is", () => {
    expect(stableRateOf(history([Number.NaN, Number.NaN]))).toBeNull();
    expect(stableRateOf(syntheticRun({ layers: [{ type: "dense" }] }, [{}]).history)).toBeNull();
  });
});
