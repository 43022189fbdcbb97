import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../src/config/resolved.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { type LayerSpec, type RunSpec, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

const code = "symmetric-units";
const constant = { type: "constant", value: 0.1 };
const alike = { units: 1, inputs: 1 };
const told = { units: 0, inputs: 0 };
const at = (...rest: (string | number)[]) => ["models", "net", "layers", ...rest];

const dense = (activation: string | null, initializer: JsonValue, symmetry = alike): LayerSpec => ({
  type: "dense",
  args: {
    units: 8,
    ...(activation ? { activation } : {}),
    ...(initializer ? { kernelInitializer: initializer } : {}),
  },
  symmetry,
});
const random = (activation: string | null = null) => dense(activation, null, told);

function all(layers: readonly LayerSpec[], steps: readonly StepSpec[] = [], spec: Partial<RunSpec> = {}) {
  const { history, model } = syntheticRun({ layers, requiredLag: null, ...spec }, steps);
  return diagnose(history, model);
}
const found = (...args: Parameters<typeof all>) => all(...args).filter((f) => f.code === code);

describe(code, () => {
  it("warns before the first step about units that stay alike for ever, with one edit of all layers", () => {
    const [f, ...others] = found([dense("relu", constant), dense("tanh", "ones"), dense(null, constant)]);
    expect(others).toEqual([]);
    expect(f).toMatchObject({ severity: "warning", layer: "layer_0", place: at(0, "kernelInitializer") });
    expect(f?.message).toContain("layer_0 and layer_1");
    expect(f?.fixes.map((x) => x.edits)).toEqual([
      [
        { path: at(0, "kernelInitializer"), value: "heNormal" },
        { path: at(1, "kernelInitializer"), value: "glorotUniform" },
        { path: at(2, "kernelInitializer"), value: "glorotUniform" },
      ],
    ]);
  });

  it("keeps the warning after the loss has left its baseline: the net is one unit wide per layer", () => {
    const learning = times(60, () => ({ loss: 0.05 }));
    expect(found([dense("tanh", constant), dense(null, constant)], learning)).toMatchObject([{ severity: "warning" }]);
  });

  it("is silent about an output layer of zeros, random weights, or a single unit", () => {
    expect(found([random("tanh"), dense(null, "zeros")])).toEqual([]);
    expect(found([random("tanh"), random()])).toEqual([]);
    expect(found([dense("tanh", "zeros", { units: 0, inputs: 1 }), dense(null, "zeros")])).toEqual([]);
  });

  it("is silent if later weights make the units differ, unless the net learns nothing", () => {
    const layers = [dense("tanh", constant), random()];
    expect(found(layers)).toEqual([]);
    expect(
      found(
        layers,
        times(60, () => ({ loss: 0.05 })),
      ),
    ).toEqual([]);
    expect(
      found(
        layers,
        times(60, () => ({})),
      ),
    ).toMatchObject([{ severity: "warning" }]);
  });

  it("recognizes zero weights before a ReLU, whatever follows, as the cause of dead units", () => {
    const dead = times(60, () => ({ kernelNorm: [0, 1], dead: [1, 0] }));
    const findings = all([dense("relu", "zeros"), random()], dead);
    expect(findings.map((f) => [f.code, f.severity])).toEqual([
      [code, "warning"],
      ["dead-units", "information"],
    ]);
    // tanh has slope 1 at 0, so the later weights make the units differ at once.
    const tanh = times(10, () => ({ kernelNorm: [0, 1] }));
    expect(found([dense("tanh", "zeros"), random()], tanh)).toEqual([]);
  });

  it("knows that dropout makes units differ only by chance", () => {
    const dropout: LayerSpec = { type: "dropout", args: { rate: 0.5 }, states: [] };
    const layers = [dense("tanh", constant), dropout, dense(null, constant)];
    expect(found(layers)).toMatchObject([{ severity: "information" }]);
    expect(
      found(
        layers,
        times(60, () => ({})),
      ),
    ).toMatchObject([{ severity: "warning" }]);
  });

  it("looks through layers that treat all units alike, but not through attention", () => {
    const norm: LayerSpec = { type: "batchNormalization", states: [] };
    expect(found([dense("tanh", constant), norm, dense(null, constant)])).toHaveLength(1);
    const attention: LayerSpec = { type: "selfAttention", args: { heads: 2 }, states: [] };
    expect(found([dense("tanh", constant), attention, dense(null, constant)])).toEqual([]);
  });

  it("reaches into wrappers and also fixes recurrent kernels", () => {
    const lstm: LayerSpec = {
      type: "lstm",
      args: { units: 4, kernelInitializer: constant, recurrentInitializer: "zeros" },
      states: ["h", "c"],
      symmetry: alike,
      inner: true,
    };
    const out = { ...dense(null, "zeros"), inputs: ["layer_0"] };
    // The wrapper is measured, too, in a run.
    const { history, model } = syntheticRun({ layers: [lstm, out], requiredLag: null }, []);
    const [f] = diagnose(history, model).filter((x) => x.code === code);
    expect(f).toMatchObject({ place: at(0, "layer", "kernelInitializer") });
    expect(f?.fixes[0]?.edits).toEqual([
      { path: at(0, "layer", "kernelInitializer"), value: "glorotUniform" },
      { path: at(0, "layer", "recurrentInitializer"), value: "orthogonal" },
      { path: at(1, "kernelInitializer"), value: "glorotUniform" },
    ]);
  });

  it("is shown at a saved model's file, and is silent if switched off", () => {
    const layers = [dense("tanh", constant), dense(null, constant)];
    expect(found(layers, [], { saved: true })).toMatchObject([{ place: ["models", "net", "file"], fixes: [] }]);
    expect(found(layers, [], { rules: { [code]: { enabled: false } } })).toEqual([]);
  });
});
