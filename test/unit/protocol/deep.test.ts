import { describe, expect, it } from "vitest";
import { type DeepResult, deepResultSchema } from "../../../src/protocol/deep.ts";
import { fromEngineSchema, toEngineSchema } from "../../../src/protocol/engineMessages.ts";

const result: DeepResult = {
  model: "m",
  layer: "lstm",
  path: ["models", "m", "layers", 0],
  type: "lstm",
  units: 2,
  timesteps: 3,
  reversed: false,
  steps: 0,
  sequences: 8,
  flow: {
    lossTimesteps: Float64Array.of(2, 3),
    states: [{ name: "h", logNorm: new Float64Array(6).fill(Number.NEGATIVE_INFINITY), logTotal: new Float64Array(3) }],
  },
  exponents: { mean: new Float64Array(4), low: new Float64Array(4), high: new Float64Array(4) },
  matrices: [{ name: "forget", spectralRadius: 1, logSingularValues: new Float64Array(2) }],
  products: { spans: Float64Array.of(1, 2), width: 4, logSingularValues: new Float64Array(8) },
  readings: { flow: "f", exponents: "e", matrices: "m", products: "p" },
  milliseconds: 5,
};
const request = {
  type: "deepProbe",
  runId: "d",
  configPath: "/c",
  configText: "{}",
  model: "m",
  layer: null,
  steps: 0,
  checkpoint: null,
};

describe("deep probe on the wire", () => {
  it("accepts a result only if its arrays fit together", () => {
    expect(deepResultSchema.parse(result)).toEqual(result);
    const { flow, exponents, products, matrices } = result;
    const bad: readonly Partial<DeepResult>[] = [
      { timesteps: 4 },
      { flow: { ...flow, lossTimesteps: Float64Array.of(1) } },
      { flow: { ...flow, states: [] } },
      { exponents: { ...exponents!, low: new Float64Array(3) } },
      { products: { ...products!, width: 3 } },
      { matrices: [{ ...matrices[0]!, logSingularValues: new Float64Array(3) }] },
    ];
    for (const change of bad) expect(deepResultSchema.safeParse({ ...result, ...change }).success).toBe(false);
    expect(deepResultSchema.safeParse({ ...result, exponents: null, products: null }).success).toBe(true);
    expect(deepResultSchema.safeParse({ ...result, more: 1 }).success).toBe(false);
  });

  it("accepts requests and answers as defined", () => {
    expect(toEngineSchema.parse(request)).toEqual(request);
    for (const change of [{ steps: -1 }, { steps: 1.5 }, { layer: 3 }, { runId: "" }, { budget: 1 }])
      expect(toEngineSchema.safeParse({ ...request, ...change }).success).toBe(false);
    expect(fromEngineSchema.safeParse({ type: "deepResult", runId: "d", result }).success).toBe(true);
    const progress = { type: "deepProgress", runId: "d", stage: "training", share: 0.5 };
    expect(fromEngineSchema.safeParse(progress).success).toBe(true);
    expect(fromEngineSchema.safeParse({ ...progress, share: 2 }).success).toBe(false);
  });
});
