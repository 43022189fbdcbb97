/** What a run reports about its layers before the first step. */

import { beforeAll, describe, expect, it } from "vitest";
import { percentiles } from "../../../../src/engine/data/facts/percentiles.ts";
import { measuredLayers } from "../../../../src/engine/instrument/measuredLayers.ts";
import { layerInfos, type TimeCut } from "../../../../src/engine/measure/layerInfo.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import type { LayerInfo } from "../../../../src/protocol/run.ts";
import { entries, type LayerLine } from "../entries.ts";
import { useBackend } from "../instrument/backends.ts";

beforeAll(() => useBackend("cpu"));

function infos(inputShape: readonly number[], ...lines: readonly LayerLine[]): readonly LayerInfo[] {
  return infosOf(false, null, inputShape, ...lines);
}

function infosOf(
  kernels: boolean,
  cut: TimeCut | null,
  inputShape: readonly number[],
  ...lines: readonly LayerLine[]
): readonly LayerInfo[] {
  const built = buildModel(entries(...lines), inputShape, 1);
  if (Array.isArray(built)) throw new Error(built.map((p) => p.message).join("\n"));
  const found = layerInfos(measuredLayers(built.model), built.byLayer, inputShape[0] ?? null, kernels, [], cut);
  built.dispose();
  return found;
}

const dense = (more: object = {}): LayerLine => ({ type: "dense", units: 4, ...more });

describe("activations", () => {
  it.each([
    [dense(), "linear", null],
    [dense({ activation: "softmax" }), "softmax", null],
    [{ type: "reLU" }, "relu", null],
    [{ type: "leakyReLU" }, "leakyReLU", null],
    [{ type: "softmax", axis: -1 }, "softmax", null],
    [{ type: "activation", activation: "tanh" }, "tanh", null],
    [{ type: "flatten" }, null, null],
    [{ type: "lstm", units: 3 }, "tanh", "hardSigmoid"],
    [{ type: "gru", units: 3, activation: "softmax", recurrentActivation: "tanh" }, "softmax", "tanh"],
    [{ type: "simpleRNN", units: 3, activation: "relu" }, "relu", null],
    [{ type: "rnn", cell: { type: "lstmCell", units: 3, activation: "sigmoid" } }, "sigmoid", "hardSigmoid"],
  ] as const)("of %o", (line: LayerLine, activation, gates) => {
    expect(infos([5, 2], line)[0]).toMatchObject({ activation, gateActivation: gates });
  });

  it("covers the layers in wrappers, with the width of their outputs", () => {
    const both = infos(
      [5, 2],
      { type: "bidirectional", layer: { type: "gru", units: 3, returnSequences: true } },
      { type: "timeDistributed", layer: { type: "dense", units: 7, activation: "relu" } },
    );
    expect(both.map((l) => [l.name, l.activation, l.width])).toEqual([
      ["bidirectional_0", null, 6],
      ["bidirectional_0/forward", "tanh", 3],
      ["bidirectional_0/backward", "tanh", 3],
      ["timeDistributed_1", null, 7],
      ["timeDistributed_1/dense", "relu", 7],
    ]);
  });
});

describe("the method of measurement", () => {
  const gru = { type: "gru", units: 3 };
  const masked = [{ type: "masking", maskValue: 0 }, gru];
  const plain = { type: "simpleRNN", units: 3 };
  const memory = { type: "externalMemory", units: 3, rows: 4, width: 2 };
  const counts = /truncation .* count masked timesteps/;
  it.each([
    ["in the kernels", true, null, [gru], "kernel", undefined],
    ["masked", true, null, masked, "kernel", undefined],
    ["cut", true, "truncated", [gru], "kernel", undefined],
    ["masked and cut", true, "truncated", masked, "taps", counts],
    ["that the regularizer leaves alone", true, "regularized", masked, "kernel", undefined],
    ["masked and regularized", true, "regularized", [masked[0]!, plain], "taps", counts],
    ["with an unknown activation", true, null, [{ ...gru, activation: "softmax" }], "taps", /activation softmax/],
    ["without kernels", false, null, [gru], "taps", /could not be loaded/],
    ["with an external memory", true, null, [memory], "own", /have no external memory/],
  ] as const)("of a layer %s", (_, kernels, cut, lines, method, reason) => {
    const found = infosOf(kernels, cut, [5, 2], ...lines).at(-1)?.recurrent;
    expect(found?.method).toBe(method);
    if (reason) expect(found?.reason).toMatch(reason);
    else expect(found).not.toHaveProperty("reason");
  });
});

describe("symmetry", () => {
  const of = (line: LayerLine, shape: readonly number[] = [5, 3]) => infos(shape, line)[0]?.symmetry;
  const constant = { type: "constant", value: 0.1 };

  it.each([
    [dense({ kernelInitializer: "zeros" })],
    [dense({ kernelInitializer: "ones" })],
    [dense({ kernelInitializer: constant })],
    [dense({ kernelInitializer: { type: "randomUniform", minval: 0.2, maxval: 0.2 } })],
    [{ type: "conv1d", filters: 4, kernelSize: 2, kernelInitializer: constant }],
    [{ type: "simpleRNN", units: 4, kernelInitializer: constant, recurrentInitializer: "identity" }],
    [{ type: "lstm", units: 4, kernelInitializer: "zeros", recurrentInitializer: "zeros", unitForgetBias: true }],
    [{ type: "gru", units: 4, kernelInitializer: "ones", recurrentInitializer: constant, resetAfter: true }],
  ] as const)("all units of %o are equal, and all inputs", (line: LayerLine) => {
    expect(of(line)).toEqual({ units: 1, inputs: 1 });
  });

  it.each([
    [dense()],
    [dense({ kernelInitializer: "identity", units: 3 })],
    [dense({ kernelInitializer: "zeros", biasInitializer: "randomNormal" })],
    [{ type: "lstm", units: 4, kernelInitializer: "zeros" }],
    [dense({ units: 1, kernelInitializer: "zeros" })],
  ] as const)("no units of %o are equal", (line: LayerLine) => {
    expect(of(line)?.units).toBe(0);
  });

  it("covers embeddings, and nothing without a kernel", () => {
    const constants = { type: "embedding", inputDim: 9, outputDim: 4, embeddingsInitializer: constant };
    expect(of(constants, [5])).toEqual({ units: 1, inputs: 1 });
    expect(of({ type: "batchNormalization" })).toBeNull();
    expect(of({ type: "flatten" })).toBeNull();
  });
});

describe("percentiles", () => {
  it("are those of the finite values, with exact ends", () => {
    const some = percentiles(Float32Array.from({ length: 1001 }, (_, i) => i));
    expect([some[0], some[25], some[50], some[100]]).toEqual([0, 250, 500, 1000]);
    expect(percentiles(Float32Array.of(Number.NaN, 3, Number.POSITIVE_INFINITY, -1)).slice(-1)).toEqual([3]);
    expect(percentiles(new Float32Array(0))[50]).toBeNaN();
  });

  it("of many values come from a sample, except for the ends", () => {
    const values = Float32Array.from({ length: 1_000_003 }, (_, i) => i);
    values[7] = -5;
    values[11] = 2e6;
    const [least, ...rest] = percentiles(values);
    expect([least, rest.at(-1)]).toEqual([-5, 2e6]);
    expect(Math.abs((rest[49] ?? 0) - 500_000)).toBeLessThan(5000);
  });
});
