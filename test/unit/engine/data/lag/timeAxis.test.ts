import { describe, expect, it } from "vitest";
import { lagInLayer, timeAxis } from "../../../../../src/engine/data/lag/timeAxis.ts";
import type { LayerInfo } from "../../../../../src/protocol/run.ts";

const layer = (timesteps: number | null): LayerInfo => ({
  name: "a",
  type: timesteps === null ? "dense" : "lstm",
  path: ["models", "m", "layers", 0],
  weights: [],
  activation: null,
  gateActivation: null,
  width: null,
  symmetry: null,
  recurrent:
    timesteps === null
      ? null
      : { timesteps, units: 4, states: ["h", "c"], gates: [], reversed: false, method: "kernel", floor: null },
});

describe("the time axis of samples", () => {
  it("is their first axis; for tokens and reshaped rows it is the recurrent layer's", () => {
    expect(timeAxis([96, 3], [layer(96)])).toEqual({ timesteps: 96, width: 3 });
    expect(timeAxis([20, 8, 8, 1], [layer(20)])).toEqual({ timesteps: 20, width: 64 });
    expect(timeAxis([40], [layer(null), layer(40)])).toEqual({ timesteps: 40, width: 1 });
    expect(timeAxis([40], [layer(10)])).toEqual({ timesteps: 10, width: 4 });
  });

  it("does not exist for a net without recurrent layers or for one timestep", () => {
    expect(timeAxis([96, 3], [layer(null)])).toBeNull();
    expect(timeAxis([1, 3], [layer(1)])).toBeNull();
    expect(timeAxis([41], [layer(40)])).toBeNull();
  });

  it("converts a lag to the timesteps of a layer that reads fewer of them", () => {
    expect(lagInLayer(7, 96, 96)).toBe(7);
    expect(lagInLayer(40, 96, 24)).toBe(10);
    expect(lagInLayer(95, 96, 24)).toBe(23);
  });
});
