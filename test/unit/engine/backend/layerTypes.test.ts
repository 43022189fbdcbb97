/** Every layer type trains on the WASM backend, with the gradients of the CPU backend. */

import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import type { BuiltModel } from "../../../../src/engine/model/builtModel.ts";
import { layerTypes } from "../../../../src/engine/model/makeLayer.ts";
import { entries, type LayerLine } from "../entries.ts";

interface Case {
  readonly input: readonly number[];
  readonly layers: readonly LayerLine[];
}

const batch = 3;
const vector = [6];
const sequence = [5, 4];
const image = [6, 6, 3];
const volume = [4, 4, 4, 2];
const dense: LayerLine = { type: "dense", units: 4 };
const conv: LayerLine = { type: "conv2d", filters: 3, kernelSize: 2, padding: "same" };
const conv3: LayerLine = { type: "conv3d", filters: 2, kernelSize: 2, padding: "same" };
const head: readonly LayerLine[] = [{ type: "dense", name: "head", units: 2 }];

/** The layer between layers with weights, so that the gradient has to pass through it. */
const inVector = (...layers: LayerLine[]): Case => ({
  input: vector,
  layers: [{ type: "dense", units: 6 }, ...layers, ...head],
});
const inSequence = (...layers: LayerLine[]): Case => ({ input: sequence, layers: [dense, ...layers, ...head] });
const inImage = (...layers: LayerLine[]): Case => ({ input: image, layers: [conv, ...layers, ...head] });
const inVolume = (...layers: LayerLine[]): Case => ({ input: volume, layers: [conv3, ...layers, ...head] });
const merging = (type: string, more: object = {}): Case => ({
  input: vector,
  layers: [
    { type: "dense", name: "a", inputs: ["input"], units: 4 },
    { type: "dense", name: "b", inputs: ["input"], units: 4, activation: "tanh" },
    { type, name: "merged", inputs: ["a", "b"], ...more },
    ...head,
  ],
});

const cases: { readonly [type: string]: Case } = {
  elu: inVector({ type: "elu" }),
  reLU: inVector({ type: "reLU", maxValue: 1 }),
  leakyReLU: inVector({ type: "leakyReLU" }),
  prelu: inSequence({ type: "prelu", alphaInitializer: { type: "randomNormal", mean: 0.3, stddev: 0.2 } }),
  softmax: inVector({ type: "softmax" }),
  thresholdedReLU: inVector({ type: "thresholdedReLU", theta: 0.1 }),
  conv1d: inSequence({ type: "conv1d", filters: 3, kernelSize: 2, strides: 2 }),
  conv2d: inImage({ type: "conv2d", filters: 2, kernelSize: 3, strides: 2, activation: "relu" }),
  conv2dTranspose: inImage({ type: "conv2dTranspose", filters: 2, kernelSize: 2, strides: 2 }),
  conv3d: inVolume({ type: "conv3d", filters: 2, kernelSize: 2 }),
  conv3dTranspose: inVolume({ type: "conv3dTranspose", filters: 2, kernelSize: 2, strides: 2 }),
  separableConv2d: inImage({ type: "separableConv2d", filters: 2, kernelSize: 2, depthMultiplier: 2 }),
  cropping2D: inImage({
    type: "cropping2D",
    cropping: [
      [1, 1],
      [0, 2],
    ],
  }),
  upSampling2d: inImage({ type: "upSampling2d", size: [2, 2] }),
  depthwiseConv2d: inImage({ type: "depthwiseConv2d", kernelSize: 2, depthMultiplier: 2 }),
  activation: inVector({ type: "activation", activation: "tanh" }),
  dense: inVector({
    type: "dense",
    units: 3,
    activation: "relu",
    kernelRegularizer: { type: "l1l2", l1: 0.1, l2: 0.1 },
  }),
  dropout: inVector({ type: "dropout", rate: 0.5 }),
  spatialDropout1d: inSequence({ type: "spatialDropout1d", rate: 0.5 }),
  flatten: inSequence({ type: "flatten" }),
  repeatVector: inVector({ type: "repeatVector", n: 3 }),
  reshape: inVector({ type: "reshape", targetShape: [2, 3] }),
  permute: inSequence({ type: "permute", dims: [2, 1] }),
  embedding: {
    input: [5],
    layers: [{ type: "embedding", inputDim: 7, outputDim: 3 }, { type: "gru", units: 3 }, ...head],
  },
  add: merging("add"),
  average: merging("average"),
  concatenate: merging("concatenate"),
  maximum: merging("maximum"),
  minimum: merging("minimum"),
  multiply: merging("multiply"),
  dot: merging("dot", { axes: -1 }),
  batchNormalization: inVector({ type: "batchNormalization" }),
  layerNormalization: inSequence({ type: "layerNormalization" }),
  "normalization in a stack": inSequence(
    { type: "batchNormalization" },
    { type: "activation", activation: "tanh" },
    { type: "lstm", units: 4, returnSequences: true },
    { type: "layerNormalization" },
    { type: "bidirectional", layer: { type: "gru", units: 3, returnSequences: true } },
    { type: "batchNormalization" },
    { type: "timeDistributed", layer: { type: "dense", units: 3, activation: "tanh" } },
    { type: "layerNormalization" },
  ),
  "a residual connection": {
    input: sequence,
    layers: [
      { ...dense, name: "in" },
      { type: "layerNormalization", name: "n" },
      { type: "gru", name: "r", units: 4, returnSequences: true },
      { type: "add", name: "s", inputs: ["in", "r"] },
      { type: "dense", name: "after", units: 3, activation: "tanh" },
      ...head,
    ],
  },
  zeroPadding2d: inImage({
    type: "zeroPadding2d",
    padding: [
      [1, 1],
      [1, 1],
    ],
  }),
  averagePooling1d: inSequence({ type: "averagePooling1d", poolSize: 2 }),
  avgPool1d: inSequence({ type: "avgPool1d", poolSize: 2 }),
  avgPooling1d: inSequence({ type: "avgPooling1d", poolSize: 2 }),
  averagePooling2d: inImage({ type: "averagePooling2d", poolSize: 2 }),
  avgPool2d: inImage({ type: "avgPool2d", poolSize: 2 }),
  avgPooling2d: inImage({ type: "avgPooling2d", poolSize: 2 }),
  averagePooling3d: inVolume({ type: "averagePooling3d", poolSize: 2 }),
  avgPool3d: inVolume({ type: "avgPool3d", poolSize: 2 }),
  avgPooling3d: inVolume({ type: "avgPooling3d", poolSize: 2 }),
  globalAveragePooling1d: inSequence({ type: "globalAveragePooling1d" }),
  globalAveragePooling2d: inImage({ type: "globalAveragePooling2d" }),
  globalMaxPooling1d: inSequence({ type: "globalMaxPooling1d" }),
  globalMaxPooling2d: inImage({ type: "globalMaxPooling2d" }),
  globalMaxPool1d: inSequence({ type: "globalMaxPool1d" }),
  globalMaxPool2d: inImage({ type: "globalMaxPool2d" }),
  maxPooling1d: inSequence({ type: "maxPooling1d", poolSize: 2 }),
  maxPool1d: inSequence({ type: "maxPool1d", poolSize: 2 }),
  maxPooling2d: inImage({ type: "maxPooling2d", poolSize: 2 }),
  maxPool2d: inImage({ type: "maxPool2d", poolSize: 2 }),
  maxPooling3d: inVolume({ type: "maxPooling3d", poolSize: 2 }),
  gru: inSequence(
    { type: "gru", units: 3, returnSequences: true },
    { type: "gru", units: 2, dropout: 0.2, recurrentDropout: 0.2 },
  ),
  lstm: inSequence({ type: "lstm", units: 3, returnSequences: true }, { type: "lstm", units: 2, goBackwards: true }),
  "lstm with peepholes": inSequence(
    { type: "lstm", units: 3, peepholes: true, recurrentActivation: "sigmoid", returnSequences: true },
    { type: "lstm", units: 2, peepholes: true, dropout: 0.2, recurrentDropout: 0.2, peepholeRegularizer: "l2" },
  ),
  "gru with resetAfter": inSequence(
    { type: "gru", units: 3, resetAfter: true, recurrentActivation: "sigmoid", returnSequences: true },
    { type: "gru", units: 2, resetAfter: true, dropout: 0.2, recurrentDropout: 0.2, biasInitializer: "randomNormal" },
  ),
  simpleRNN: inSequence(
    { type: "simpleRNN", units: 3, returnSequences: true },
    { type: "simpleRNN", units: 2, activation: "relu6" },
  ),
  convLstm2d: {
    input: [3, 5, 5, 2],
    layers: [
      { type: "convLstm2d", filters: 2, kernelSize: 2, returnSequences: true },
      { type: "convLstm2d", filters: 2, kernelSize: 2 },
      ...head,
    ],
  },
  rnn: inSequence({
    type: "rnn",
    cell: [
      { type: "lstmCell", units: 3 },
      { type: "simpleRNNCell", units: 3 },
      { type: "gruCell", units: 2 },
    ],
  }),
  selfAttention: inSequence(
    { type: "selfAttention", heads: 2, residual: true },
    { type: "selfAttention", heads: 3, keyDim: 2, causal: true, biasInitializer: "randomNormal" },
  ),
  attention: inSequence(
    { type: "simpleRNN", units: 3, returnSequences: true },
    { type: "attention", units: 5, biasInitializer: "randomNormal" },
  ),
  "attention over masked states": {
    input: sequence,
    layers: [{ type: "masking" }, { type: "gru", units: 3, returnSequences: true }, { type: "attention" }, ...head],
  },
  positionalEncoding: inSequence(
    { type: "positionalEncoding" },
    { type: "positionalEncoding", encoding: "learned" },
    { type: "dense", units: 3, activation: "tanh" },
  ),
  transformerEncoder: inSequence(
    { type: "transformerEncoder", heads: 2, units: 6, activation: "gelu" },
    { type: "transformerEncoder", heads: 1, keyDim: 3, normalization: "pre", causal: true, dropout: 0.2 },
  ),
  externalMemory: inSequence(
    { type: "externalMemory", units: 3, slots: 4, width: 3, returnSequences: true },
    { type: "externalMemory", units: 2, slots: 3, width: 2, controller: "simpleRNN", writeHeads: 2 },
  ),
  bidirectional: inSequence({ type: "bidirectional", layer: { type: "lstm", units: 2, returnSequences: true } }),
  timeDistributed: inSequence({ type: "timeDistributed", layer: { type: "dense", units: 3, activation: "softmax" } }),
  gaussianNoise: inVector({ type: "gaussianNoise", stddev: 0.1 }),
  gaussianDropout: inVector({ type: "gaussianDropout", rate: 0.3 }),
  alphaDropout: inVector({ type: "alphaDropout", rate: 0.3 }),
  masking: { input: sequence, layers: [{ type: "masking", maskValue: 0 }, { type: "lstm", units: 2 }, ...head] },
  rescaling: inVector({ type: "rescaling", scale: 2, offset: 1 }),
  centerCrop: { input: image, layers: [{ type: "centerCrop", height: 4, width: 4 }, conv, ...head] },
  resizing: inImage({ type: "resizing", height: 4, width: 4 }),
  categoryEncoding: { input: [1], layers: [{ type: "categoryEncoding", numTokens: 7, outputMode: "oneHot" }, ...head] },
  inputLayer: { input: vector, layers: [{ type: "inputLayer", inputShape: vector }, ...head] },
};

/** Its output has another width at every call, so no model has a fixed shape behind it. */
const withoutFixedShape = ["randomWidth"];
/** Not layers by themselves; covered within rnn and convLstm2d. */
const cells = ["simpleRNNCell", "lstmCell", "gruCell", "convLstm2dCell", "stackedRNNCells"];

test("every factory of tf.layers is covered", () => {
  const missing = layerTypes.filter(
    (type) => !(type in cases) && !withoutFixedShape.includes(type) && !cells.includes(type),
  );
  expect(missing).toEqual([]);
});

interface Step {
  /** Relative distance of the gradient, along each of three random directions, from the loss's central finite difference. */
  readonly mismatches: readonly number[];
  readonly weights: readonly Float32Array[];
  readonly gradients: readonly Float32Array[];
}

/** Weights and their gradients of a sum of squares, at the initial weights. */
function step({ input, layers }: Case): Step {
  const build = () => {
    const flat = buildModel(entries(...layers.slice(0, -1), { type: "flatten" }, ...head), input, 11);
    const built = Array.isArray(flat) ? buildModel(entries(...layers), input, 11) : flat;
    if (Array.isArray(built)) throw new Error(built.map((p) => p.message).join("\n"));
    return built;
  };
  const random = createRandom(5);
  const integers = layers[0]?.type === "embedding" || layers[0]?.type === "categoryEncoding";
  const size = batch * tf.util.sizeFromShape([...input]);
  const x = tf.tensor(
    Float32Array.from({ length: size }, () => (integers ? random.integer(7) : random.normal())),
    [batch, ...input],
  );
  const loss = (model: BuiltModel) => {
    const y = model.model.apply(x, { training: true });
    if (!(y instanceof tf.Tensor)) throw new Error("the model has more than one output");
    return tf.sum<tf.Scalar>(tf.square(tf.sub(y, 0.3)));
  };
  const built = build();
  const variables = built.model.trainableWeights.map((w) => w.read());
  const { grads, value } = tf.variableGrads(() => loss(built));
  const weights = variables.map((v) => Float32Array.from(v.dataSync()));
  const gradients = Object.values(grads).map((g) => Float32Array.from(g.dataSync()));
  // Each in a fresh model, whose dropout and noise repeat the first step's.
  const shifted = (directions: readonly Float32Array[], by: number) => {
    const model = build();
    model.model.trainableWeights.forEach((w, i) => {
      const value = tf.tensor(
        weights[i]!.map((v, k) => v + by * directions[i]![k]!),
        w.shape.map(Number),
      );
      w.write(value);
      value.dispose();
    });
    const result = tf.tidy(() => loss(model).dataSync()[0]!);
    model.dispose();
    return result;
  };
  const h = 3e-4;
  const mismatches = [1, 2, 3].map(() => {
    const directions = weights.map((w) => w.map(() => random.normal()));
    const slope = dot(gradients, directions);
    const difference = (shifted(directions, h) - shifted(directions, -h)) / (2 * h);
    return Math.abs(slope - difference) / Math.max(1, Math.abs(slope));
  });
  tf.dispose([x, value, grads]);
  built.dispose();
  return { weights, gradients, mismatches };
}

function dot(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  return a.reduce((sum, values, i) => sum + values.reduce((s, v, k) => s + v * b[i]![k]!, 0), 0);
}

describe("gradients on WASM equal those on the CPU", () => {
  test.each(Object.entries(cases))("%s", async (_, layers) => {
    await initBackend("cpu");
    const cpu = step(layers);
    expect((await initBackend("wasm")).name).toBe("wasm");
    const before = tf.memory().numTensors;
    const wasm = step(layers);
    expect(tf.memory().numTensors).toBe(before);
    expect(cpu.gradients.length).toBeGreaterThan(0);
    expect(wasm.gradients.length).toBe(cpu.gradients.length);
    expect(wasm.weights).toEqual(cpu.weights);
    cpu.gradients.forEach((expected, i) => {
      const scale = Math.max(1, ...expected.map(Math.abs));
      const worst = expected.reduce((m, g, k) => Math.max(m, Math.abs(g - wasm.gradients[i]![k]!)), 0);
      expect(worst / scale).toBeLessThan(1e-4);
    });
    // The median, because a kink (of relu, of a maximum) within the difference spoils one direction; a wrong kernel all.
    expect(cpu.mismatches.toSorted((a, b) => a - b)[1]).toBeLessThan(0.03);
    expect(cpu.gradients.some((g) => g.some((v) => v !== 0))).toBe(true);
  });
});
