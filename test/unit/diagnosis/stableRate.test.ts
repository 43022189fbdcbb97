import { describe, expect, it } from "vitest";
import { stableRateOf } from "../../../src/diagnosis/stableRate.ts";
import { createHistory } from "../../../src/protocol/history/store.ts";
import type { RunHistory } from "../../../src/protocol/history.ts";
import { syntheticRun } from "./syntheticRun.ts";

/** @param rates of steps 1, 2, … */
function history(rates: readonly number[], batchSize = 32): RunHistory {
  const { info } = syntheticRun({ layers: [{ type: "dense" }], batchSize }, [{}]).history;
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
    expect(stableRateOf(history(rates))).toEqual({ rate: 0.02, measured: 8, inForce: 0.01 });
  });

  it("is near the lowest if batches differ", () => {
    const found = stableRateOf(history([1, 1, 0.001, 1]));
    expect(found?.rate).toBeCloseTo(0.001, 4);
    expect(found?.measured).toBe(4);
  });

  it("is Σλ / Σλ² for several large batches, and the lowest for few or small ones", () => {
    // λ: 4, 2, 1.
    const rates = [0.25, 0.5, 1];
    expect(stableRateOf(history(rates))?.rate).toBeCloseTo(7 / 21, 12);
    expect(stableRateOf(history(rates, 5))?.rate).toBeCloseTo(7 / 21, 12);
    expect(stableRateOf(history(rates, 4))?.rate).toBe(0.25);
    expect(stableRateOf(history(rates.slice(0, 2)))?.rate).toBe(0.25);
  });

  it("is null if nothing was measured, or the column is missing", () => {
    expect(stableRateOf(history([Number.NaN, Number.NaN]))).toBeNull();
    expect(stableRateOf(syntheticRun({ layers: [{ type: "dense" }] }, [{}]).history)).toBeNull();
  });
});
