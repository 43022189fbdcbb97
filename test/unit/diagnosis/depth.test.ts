import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { type LayerSpec, type RunSpec, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

const sigmoid: LayerSpec = { type: "dense", args: { units: 8, activation: "sigmoid" } };
const dense: LayerSpec = { type: "dense", args: { units: 8 } };

function found(code: string, spec: RunSpec, steps: readonly StepSpec[]) {
  const { history, model } = syntheticRun({ requiredLag: null, ...spec }, steps);
  return diagnose(history, model).filter((f) => f.code === code);
}

/** Output gradient norms from the first layer to the last, the same at every step. */
const level = (outputGradient: readonly number[], loss = 0.167, steps = 60) =>
  times(steps, () => ({ outputGradient, loss }));

describe("vanishing-through-depth", () => {
  const code = "vanishing-through-depth";
  const deep: RunSpec = { layers: [sigmoid, sigmoid, sigmoid, sigmoid, sigmoid, sigmoid, dense] };
  const quarter = Array.from({ length: 7 }, (_, i) => 0.25 ** (6 - i));

  it("adds up what each layer takes, even if none alone takes a thousandth", () => {
    const [f, ...more] = found(code, deep, level(quarter));
    expect(more).toEqual([]);
    expect(f).toMatchObject({ severity: "warning", layer: "layer_0", step: 1 });
    expect(f!.evidence["decades"]).toBeCloseTo(6 * Math.log10(0.25), 12);
    expect(f!.evidence).toMatchObject({ layersBetween: 6, gradientNorm: 0.25 ** 6, laterGradientNorm: 1 });
    expect(f!.message).toBe("gradient shrinks by 3.6 decades between layer_6 and layer_0 · ×0.25 per layer");
    expect(f!.fixes.map((x) => x.id)).toContain("relu-he");
  });

  it("compares with the limit exactly, and takes another from the config", () => {
    const spec: RunSpec = { layers: [sigmoid, sigmoid] };
    expect(found(code, spec, level([1.01e-3, 1]))).toEqual([]);
    expect(found(code, spec, level([0.99e-3, 1]))).toHaveLength(1);
    const rules = { [code]: { enabled: true, factor: 0.1, minSteps: 3 } };
    expect(found(code, { ...spec, rules }, level([0.09, 1], 0.167, 3))).toHaveLength(1);
    expect(found(code, { ...spec, rules }, level([0.09, 1], 0.167, 2))).toEqual([]);
    expect(
      found(code, { ...spec, rules: { [code]: { enabled: false, factor: 0.1, minSteps: 3 } } }, level([0.01, 1])),
    ).toEqual([]);
  });

  it("points at the layer that takes most, at its activation or its weights", () => {
    const small = { ...dense, args: { units: 8, kernelInitializer: { type: "randomNormal", stddev: 1e-4 } } };
    const [f] = found(code, { layers: [dense, small, dense] }, level([1e-5, 0.5, 1]));
    expect(f).toMatchObject({ place: ["models", "net", "layers", 1, "kernelInitializer"], layer: "layer_0" });
    expect(f!.fixes.map((x) => x.id)).toContain("scaled-initializer");
    const gain = (value: number): LayerSpec => ({
      type: "dense",
      args: { units: 8, kernelInitializer: { type: "orthogonal", gain: value } },
    });
    const [s] = found(code, { layers: [dense, gain(1e-4), gain(1.4), gain(3)] }, level([1e-5, 0.5, 1, 1]));
    expect(s!.fixes.find((x) => x.id === "scaled-initializer")?.edits.map(({ path }) => path[3])).toEqual([1, 3]);
    const [g] = found(code, { layers: [dense, sigmoid, dense] }, level([1e-5, 0.5, 1]));
    expect(g!.place).toEqual(["models", "net", "layers", 1, "activation"]);
  });

  it("informs at initialization, while it recovers, and once the net learns; warns at the baseline", () => {
    const severity = (steps: readonly StepSpec[]) => found(code, deep, steps).map((f) => f.severity);
    expect(severity(level(quarter, 0.167, 5))).toEqual(["information"]);
    expect(severity(level(quarter, 0.167, 19))).toEqual(["information"]);
    expect(severity(level(quarter, 0.167, 20))).toEqual(["warning"]);
    expect(severity(level(quarter, 0.01))).toEqual([]);
    const mending = times(60, (i) => ({ outputGradient: quarter.map((v, k) => (k === 6 ? v : (v * (1 + i)) / 100)) }));
    expect(severity(mending)).toEqual(["information"]);
  });

  it("counts as recovering only at a pace that gets there", () => {
    // From −7.4 to −6.5 decades in 1000 steps: twice as many again leave it below −3.
    const slow = times(1000, (i) => ({ outputGradient: [10 ** (-7.4 + 0.9e-3 * i), 1] }));
    const spec: RunSpec = { layers: [{ type: "dense" }, { type: "dense" }], requiredLag: null, plannedSteps: 1000 };
    expect(found(code, spec, slow).map((f) => f.severity)).toEqual(["warning"]);
  });

  it("is not moved by a spike, by steps that were not measured, or by too few steps", () => {
    const healthy = [1, 1, 1, 1, 1, 1, 1];
    for (const at of [0, 30, 59])
      expect(
        found(
          code,
          deep,
          times(60, (i) => ({ outputGradient: i === at ? quarter : healthy })),
        ),
      ).toEqual([]);
    expect(
      found(
        code,
        deep,
        times(60, () => ({})),
      ),
    ).toEqual([]);
    expect(
      found(
        code,
        deep,
        times(60, () => ({ outputGradient: healthy.map(() => Number.NaN) })),
      ),
    ).toEqual([]);
    expect(found(code, deep, level(quarter, 0.167, 4))).toEqual([]);
  });

  it("ignores what pooling, merging and normalizing layers do by design", () => {
    for (const type of [
      "globalAveragePooling1d",
      "batchNormalization",
      "layerNormalization",
      "multiply",
      "repeatVector",
    ])
      expect(found(code, { layers: [dense, { type }, dense] }, level([1e-6, 1, 1])), type).toEqual([]);
    expect(found(code, { layers: [dense, { type: "dropout" }, dense] }, level([1e-6, 1, 1]))).toHaveLength(1);
  });

  it("skips layers with nothing trainable before them", () => {
    expect(found(code, { layers: [{ type: "flatten" }, dense, dense] }, level([Number.NaN, 1, 1]))).toEqual([]);
  });

  it("informs if a residual connection carries the gradient past", () => {
    const layers: readonly LayerSpec[] = [
      dense,
      sigmoid,
      sigmoid,
      { type: "add", inputs: ["layer_0", "layer_2"] },
      dense,
    ];
    const [f] = found(code, { layers }, level([1, 1e-5, 1, 1, 1]));
    expect(f).toMatchObject({ severity: "information", layer: "layer_1" });
    expect(f!.explanation).toContain("layer_0, before it, gets its gradient by another path");
  });

  it("names the place where an exactly zero gradient ends, whatever the loss does", () => {
    const zero = Number.NEGATIVE_INFINITY;
    const state = { logNorm: new Float64Array(100).fill(zero), gain: new Float64Array(100).fill(Number.NaN) };
    const rnn: LayerSpec = { type: "simpleRNN", args: { units: 4 } };
    const steps = times(6, () => ({ outputGradient: [0, 0.5, 1], states: [{ h: state }] }));
    const [f] = found(code, { layers: [rnn, dense, dense], requiredLag: 99 }, steps);
    expect(f).toMatchObject({ severity: "warning", layer: "layer_0", evidence: { decades: zero } });
    expect(f!.message).toBe("no gradient gets past layer_1 to layer_0: it is exactly zero");
  });

  it("is silent if the loss itself has no gradient", () => {
    expect(found(code, deep, level([0, 0, 0, 0, 0, 0, 0]))).toEqual([]);
  });
});

describe("exploding-through-depth", () => {
  const code = "exploding-through-depth";
  const wide: LayerSpec = {
    type: "dense",
    args: { units: 64, kernelInitializer: { type: "randomNormal", stddev: 1 } },
  };
  const eight = [8 ** 4, 8 ** 3, 64, 8, 1];
  const spec: RunSpec = { layers: [dense, wide, wide, wide, wide] };

  it("warns from the fifth step on, and only informs about a net that learns", () => {
    expect(found(code, spec, level(eight, 5, 4))).toEqual([]);
    const [f] = found(code, spec, level(eight, 5, 5));
    expect(f).toMatchObject({ severity: "warning", layer: "layer_0" });
    expect(f!.message).toBe("gradient grows by 3.6 decades between layer_4 and layer_0 · ×8 per layer");
    expect(f!.fixes.map((x) => x.id)).toEqual([
      "scaled-initializer",
      "layer-normalization",
      "batch-normalization",
      "clip-global-norm",
    ]);
    expect(found(code, spec, level(eight, 0.01))).toEqual([]);
  });

  it("compares with the limit exactly, is not moved by a spike, and not confused by zeros", () => {
    expect(found(code, { layers: [dense, wide] }, level([999, 1]))).toEqual([]);
    expect(found(code, { layers: [dense, wide] }, level([1001, 1]))).toHaveLength(1);
    expect(
      found(
        code,
        spec,
        times(30, (i) => ({ outputGradient: i === 20 ? eight : [1, 1, 1, 1, 1] })),
      ),
    ).toEqual([]);
    expect(found(code, spec, level([0, 0, 5, 0, 1]))).toEqual([]);
  });

  it("is a consequence if the gradient explodes through time, or if the loss diverged first", () => {
    const late = times(40, (i) => ({
      outputGradient: i < 20 ? [1, 1, 1, 1, 1] : eight,
      loss: i < 10 ? 1 : 100,
    }));
    expect(found(code, spec, late)).toMatchObject([{ severity: "information", step: 21 }]);
    expect(found("loss-diverging", spec, late)).toMatchObject([{ severity: "warning", step: 11 }]);
  });
});
