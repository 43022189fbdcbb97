/**
 * Tests that fixes are offered where they can act: they read initializers, reach into wrappers and keep to usual rates.
 */

import { describe, expect, it } from "vitest";
import { optimizerDefaults } from "../../../src/config/defaults.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import type { ResolvedModel } from "../../../src/config/resolved.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { largestRate, lowerRateFix, rateFix, smallestRate } from "../../../src/diagnosis/fixes/trainingFixes.ts";
import { chain, type LayerSpec, syntheticRun, times } from "./syntheticRun.ts";

function withOptimizer(optimizer: object): ResolvedModel {
  const text = JSON.stringify({
    data: { task: "addingProblem" },
    training: { optimizer },
    models: {
      net: {
        layers: [
          { type: "lstm", units: 4 },
          { type: "dense", units: 1 },
        ],
      },
    },
  });
  const [model] = parseConfig(text).config?.models ?? [];
  if (!model) throw new Error("no model");
  return model;
}

const rateOf = (fix: ReturnType<typeof rateFix>) => fix?.edits.find((e) => e.path.at(-1) === "learningRate")?.value;

describe("rates", () => {
  it.each(Object.keys(optimizerDefaults) as (keyof typeof optimizerDefaults)[])(
    "%s: no fix leaves its usual rates, whatever was seen",
    (type) => {
      for (const factor of [1e-9, 1e-3, 0.1, 0.3, 3, 500, 1e9])
        for (const learningRate of [1e-6, optimizerDefaults[type].learningRate, 5]) {
          const value = rateOf(rateFix(withOptimizer({ type, learningRate }), factor));
          if (value === undefined) continue;
          expect(Number(value)).toBeLessThanOrEqual(largestRate(type) * (1 + 1e-9));
          expect(Number(value)).toBeGreaterThanOrEqual(smallestRate(type) * (1 - 1e-9));
        }
    },
  );

  it("Adam is never raised to 0.5, plain gradient descent may be", () => {
    expect(rateOf(rateFix(withOptimizer({ type: "adam", learningRate: 0.001 }), 500))).toBe(0.01);
    expect(rateOf(rateFix(withOptimizer({ type: "sgd", learningRate: 0.001 }), 500))).toBe(0.5);
  });

  it("offers nothing if the rate is already at its limit", () => {
    expect(rateFix(withOptimizer({ type: "adam", learningRate: 0.01 }), 10)).toBeUndefined();
    expect(lowerRateFix(withOptimizer({ type: "adam", learningRate: 1e-5 }))).toBeUndefined();
  });
});

const sigmoid = { type: "dense", units: 8, activation: "sigmoid" };
const out: LayerSpec = { type: "dense", args: { units: 1 } };

describe("wrappers", () => {
  function of(layer: object, step: Parameters<typeof syntheticRun>[1][number]) {
    const text = JSON.stringify({
      data: { task: "addingProblem" },
      models: { net: { layers: [layer, layer, { type: "flatten" }, { type: "dense", units: 1 }] } },
    });
    const [model] = parseConfig(text).config?.models ?? [];
    if (!model) throw new Error("no model");
    const layers = model.layers.map(({ type, args, name, path }) => ({ type, args, name, path, states: [] }));
    const { history } = syntheticRun(
      { layers, requiredLag: null },
      times(60, () => step),
    );
    return diagnose(history, model);
  }

  it("ReLU with He weights reaches the dense layers within timeDistributed", () => {
    const wrapped = { type: "timeDistributed", layer: sigmoid };
    const [f] = of(wrapped, { outputGradient: [1e-8, 1, 1, 1] });
    expect(f).toMatchObject({
      code: "vanishing-through-depth",
      place: ["models", "net", "layers", 1, "layer", "activation"],
    });
    expect(f?.fixes.find((fix) => fix.id === "relu-he")?.edits.map((e) => e.path.slice(3))).toEqual(
      [0, 1].flatMap((i) => ["activation", "kernelInitializer"].map((key) => [i, "layer", key])),
    );
  });

  it("an orthogonal matrix reaches the layer within bidirectional", () => {
    const wrapped = {
      type: "bidirectional",
      layer: { type: "simpleRNN", units: 4, returnSequences: true, recurrentInitializer: "zeros" },
    };
    const [f] = of(wrapped, { outputGradient: [1e-8, 1, 1, 1] });
    const paths = f?.fixes.find((fix) => fix.id === "orthogonal")?.edits.map((e) => e.path.slice(3));
    expect(paths).toEqual([[1, "layer", "recurrentInitializer"]]);
  });

  it("attention takes the states of both directions", () => {
    const gru: LayerSpec = { type: "gru", args: { units: 4 }, inner: true, gates: ["update", "reset"] };
    const { history, model } = syntheticRun(
      { layers: [gru, { ...out, inputs: ["layer_0"] }] },
      times(100, () => ({ states: [{ h: chain(100, 0.5) }] })),
    );
    const [f] = diagnose(history, model).filter((x) => x.code === "vanishing-through-time");
    expect(f?.fixes.find((fix) => fix.id === "attention")?.edits).toEqual([
      { path: ["models", "net", "layers", 0, "layer", "returnSequences"], value: true },
      { path: ["models", "net", "layers", 1], value: { type: "attention" }, insert: true },
    ]);
  });
});

describe("an exact zero", () => {
  const depth = (layers: readonly LayerSpec[]) => {
    const { history, model } = syntheticRun(
      { layers, requiredLag: null },
      times(60, () => ({ outputGradient: [0, 1], loss: 0.167, kernelNorm: [0, 1], dead: [1, 0] })),
    );
    return diagnose(history, model);
  };
  const tanh: LayerSpec = { type: "dense", args: { units: 8, activation: "tanh", kernelInitializer: "randomNormal" } };

  it("gets no fix of scale or normalization behind a softmax over one unit", () => {
    const told = depth([tanh, { type: "dense", args: { units: 1, activation: "softmax" } }]);
    expect(told.find((f) => f.code === "vanishing-through-depth")?.fixes).toEqual([]);
    expect(told[0]).toMatchObject({
      code: "output-mismatch",
      fixes: [{ title: "Give layer_1 the activation sigmoid" }],
    });
  });

  it("gets other initial weights, and no elu, where the kernel is zero", () => {
    const zeros: LayerSpec = {
      type: "dense",
      args: { units: 8, activation: "relu", kernelInitializer: "zeros" },
      symmetry: { units: 1, inputs: 1 },
    };
    const dead = depth([zeros, out]).find((f) => f.code === "dead-units");
    expect(dead?.fixes.map((fix) => fix.id)).toEqual(["random-initializer"]);
  });
});
