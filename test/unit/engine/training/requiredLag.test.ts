import { describe, expect, it } from "vitest";
import { type LagSources, requiredLag, sureEnough } from "../../../../src/engine/training/requiredLag.ts";
import type { LagEstimate } from "../../../../src/protocol/dataFacts.ts";
import type { LayerInfo } from "../../../../src/protocol/run.ts";

const lstm: LayerInfo = {
  name: "lstm",
  type: "lstm",
  path: ["models", "m", "layers", 0],
  weights: [],
  activation: "tanh",
  gateActivation: null,
  width: 4,
  symmetry: null,
  recurrent: { timesteps: 48, units: 4, states: ["h", "c"], gates: [], reversed: false, method: "kernel", floor: null },
};
const estimate = (confidence: number): LagEstimate => ({
  lag: 7,
  method: "partial-autocorrelation",
  confidence,
  explained: 0.5,
  achievable: 0.5,
  achievableConfidence: 0.5,
});
const nobody: LagSources = { config: null, task: null, estimate: null, axis: { timesteps: 96, width: 1 } };

describe("requiredLag", () => {
  it("comes from the config, then the task, then the data, and otherwise assumes the whole sequence", () => {
    const all = { ...nobody, config: 3, task: 9, estimate: estimate(1) };
    expect(requiredLag(all, [lstm])).toEqual({ requiredLag: 3, requiredLagSource: "config" });
    expect(requiredLag({ ...all, config: null }, [lstm])).toEqual({ requiredLag: 9, requiredLagSource: "task" });
    expect(requiredLag({ ...nobody, estimate: estimate(sureEnough) }, [lstm])).toEqual({
      requiredLag: 4,
      requiredLagSource: "estimated",
    });
    expect(requiredLag(nobody, [lstm])).toEqual({ requiredLag: 47, requiredLagSource: "sequence-length" });
  });

  it("does not treat an estimate that found nothing as a lag of 0, however confident it is", () => {
    const nothing = { ...estimate(0.92), lag: 0, explained: 0, achievable: 1 };
    expect(requiredLag({ ...nobody, estimate: nothing }, [lstm])).toEqual({
      requiredLag: 47,
      requiredLagSource: "sequence-length",
    });
  });

  it("ignores an estimate with low confidence, and requires nothing without recurrent layers", () => {
    expect(requiredLag({ ...nobody, estimate: estimate(0.7) }, [lstm]).requiredLagSource).toBe("sequence-length");
    expect(requiredLag({ ...nobody, config: 3 }, [{ ...lstm, recurrent: null }])).toEqual({
      requiredLag: null,
      requiredLagSource: null,
    });
  });
});
