/** Compares the two ways to run and measure a recurrent layer: fused kernels, and taps in tfjs's loop. */

import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, layers, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { type KernelSource, kernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import { measuredLayers } from "../../../../src/engine/instrument/measuredLayers.ts";
import { PeepholeLSTM } from "../../../../src/engine/layers/peepholeLstm.ts";
import { ResetAfterGRU, ResetAfterGRUCell } from "../../../../src/engine/layers/resetAfterGru.ts";
import { profiles } from "../../../../src/engine/measure/sequences.ts";
import { sampled } from "../../../budget.ts";
import { alike, distance, tolerance } from "./alike.ts";
import { backendNames, useBackend } from "./backends.ts";
import { KeepingRecorder, pass } from "./support.ts";

/** tfjs's own orthogonal initializer needs parts of tfjs that this project does not load. */
const plain = { recurrentInitializer: "glorotUniform", peepholeInitializer: "glorotUniform" } as const;

interface Net {
  readonly batch: number;
  readonly timesteps: number;
  readonly inputs: number;
  readonly parts: (inputShape: [number, number]) => layers.Layer[];
  /** Number of recurrent layers that the kernels cover. */
  readonly covered: number;
  /** For each sample, the range of timesteps that are zero: [first, first after]. */
  readonly padding?: readonly (readonly [number, number])[];
}

const sigmoid = { recurrentActivation: "sigmoid" } as const;

const nets: { readonly [name: string]: Net } = {
  simpleRNN: {
    batch: 5,
    timesteps: 12,
    inputs: 3,
    parts: (inputShape) => [layers.simpleRNN({ ...plain, units: 7, inputShape })],
    covered: 1,
  },
  "simpleRNN, relu, without bias": {
    batch: 9,
    timesteps: 6,
    inputs: 1,
    parts: (inputShape) => [layers.simpleRNN({ ...plain, units: 5, activation: "relu", useBias: false, inputShape })],
    covered: 1,
  },
  "lstm, hardSigmoid": {
    batch: 8,
    timesteps: 9,
    inputs: 2,
    parts: (inputShape) => [layers.lstm({ ...plain, units: 8, inputShape })],
    covered: 1,
  },
  "lstm, sigmoid, backwards": {
    batch: 3,
    timesteps: 11,
    inputs: 4,
    parts: (inputShape) => [layers.lstm({ ...plain, ...sigmoid, units: 5, goBackwards: true, inputShape })],
    covered: 1,
  },
  gru: {
    batch: 4,
    timesteps: 10,
    inputs: 2,
    parts: (inputShape) => [layers.gru({ ...plain, ...sigmoid, units: 9, inputShape })],
    covered: 1,
  },
  "lstm with peepholes": {
    batch: 5,
    timesteps: 9,
    inputs: 3,
    parts: (inputShape) => [new PeepholeLSTM({ ...plain, ...sigmoid, units: 6, returnSequences: true, inputShape })],
    covered: 1,
  },
  "lstm with peepholes, hardSigmoid, without bias, backwards": {
    batch: 2,
    timesteps: 8,
    inputs: 2,
    parts: (inputShape) => [new PeepholeLSTM({ ...plain, units: 5, useBias: false, goBackwards: true, inputShape })],
    covered: 1,
  },
  "gru, reset after": {
    batch: 4,
    timesteps: 10,
    inputs: 2,
    parts: (inputShape) => [new ResetAfterGRU({ ...plain, ...sigmoid, units: 9, inputShape })],
    covered: 1,
  },
  "gru, reset after, hardSigmoid, without bias, in both directions, then as a cell": {
    batch: 3,
    timesteps: 7,
    inputs: 2,
    parts: (inputShape) => [
      layers.bidirectional({
        layer: new ResetAfterGRU({ ...plain, units: 4, useBias: false, returnSequences: true }),
        mergeMode: "concat",
        inputShape,
      }),
      layers.rnn({ cell: new ResetAfterGRUCell({ ...plain, ...sigmoid, units: 3 }) }),
    ],
    covered: 3,
  },
  "peepholes in both directions": {
    batch: 3,
    timesteps: 6,
    inputs: 2,
    parts: (inputShape) => [
      layers.bidirectional({ layer: new PeepholeLSTM({ ...plain, units: 4 }), mergeMode: "sum", inputShape }),
    ],
    covered: 2,
  },
  "one sample, one timestep": {
    batch: 1,
    timesteps: 1,
    inputs: 1,
    parts: (inputShape) => [layers.lstm({ ...plain, units: 1, inputShape })],
    covered: 1,
  },
  "one sample, one timestep, gru with sequences": {
    batch: 1,
    timesteps: 1,
    inputs: 3,
    parts: (inputShape) => [layers.gru({ ...plain, units: 2, returnSequences: true, inputShape })],
    covered: 1,
  },
  "a cell in rnn": {
    batch: 2,
    timesteps: 6,
    inputs: 2,
    parts: (inputShape) => [layers.rnn({ cell: layers.gruCell({ ...plain, units: 3 }), inputShape })],
    covered: 1,
  },
  "sequences from the end": {
    batch: 2,
    timesteps: 7,
    inputs: 2,
    parts: (inputShape) => [
      layers.gru({ ...plain, units: 3, returnSequences: true, goBackwards: true, inputShape }),
      layers.dense({ units: 2 }),
    ],
    covered: 1,
  },
  "a stack of three kinds": {
    batch: 6,
    timesteps: 8,
    inputs: 3,
    parts: (inputShape) => [
      layers.dense({ units: 4, activation: "tanh", inputShape }),
      layers.lstm({ ...plain, units: 5, returnSequences: true }),
      layers.gru({ ...plain, units: 6, returnSequences: true }),
      layers.simpleRNN({ ...plain, units: 4 }),
    ],
    covered: 3,
  },
  "both directions, then one": {
    batch: 3,
    timesteps: 7,
    inputs: 2,
    parts: (inputShape) => [
      layers.bidirectional({
        layer: layers.lstm({ ...plain, units: 4, returnSequences: true }),
        mergeMode: "concat",
        inputShape,
      }),
      layers.bidirectional({ layer: layers.gru({ ...plain, units: 3 }), mergeMode: "ave" }),
    ],
    covered: 4,
  },
  "a frozen layer below and one above": {
    batch: 3,
    timesteps: 5,
    inputs: 2,
    parts: (inputShape) => [
      layers.gru({ ...plain, units: 3, returnSequences: true, trainable: false, inputShape }),
      layers.lstm({ ...plain, units: 3, returnSequences: true }),
      layers.simpleRNN({ ...plain, units: 2, trainable: false }),
    ],
    covered: 3,
  },
  "simpleRNN with dropout of input and state": {
    batch: 9,
    timesteps: 6,
    inputs: 3,
    parts: (inputShape) => [
      layers.simpleRNN({ ...plain, units: 6, dropout: 0.3, recurrentDropout: 0.4, returnSequences: true, inputShape }),
      layers.simpleRNN({ ...plain, units: 5, recurrentDropout: 0.5, activation: "relu" }),
    ],
    covered: 2,
  },
  "lstm with dropout of input and state": {
    batch: 9,
    timesteps: 6,
    inputs: 3,
    parts: (inputShape) => [
      layers.dense({ units: 4, inputShape }),
      layers.lstm({ ...plain, units: 6, dropout: 0.3, recurrentDropout: 0.4, returnSequences: true }),
      new PeepholeLSTM({ ...plain, units: 5, recurrentDropout: 0.3, goBackwards: true }),
    ],
    covered: 2,
  },
  "gru with dropout of input and state": {
    batch: 9,
    timesteps: 6,
    inputs: 3,
    parts: (inputShape) => [
      layers.gru({ ...plain, units: 6, dropout: 0.3, recurrentDropout: 0.4, returnSequences: true, inputShape }),
      new ResetAfterGRU({ ...plain, ...sigmoid, units: 5, dropout: 0.2, recurrentDropout: 0.4 }),
    ],
    covered: 2,
  },
  ...Object.fromEntries(
    (["simpleRNN", "lstm", "gru"] as const).flatMap((kind) =>
      [false, true].map((goBackwards) => [
        `${kind}, masked, ${goBackwards ? "backwards" : "forwards"}`,
        {
          batch: 10,
          timesteps: 9,
          inputs: 2,
          parts: (inputShape: [number, number]) => [
            layers.masking({ maskValue: 0, inputShape }),
            layers[kind]({ ...plain, units: 5, returnSequences: true, goBackwards }),
            layers[kind]({ ...plain, units: 4 }),
          ],
          covered: 2,
          padding: [
            [5, 9],
            [0, 3],
            [2, 4],
            [0, 0],
            [8, 9],
            [0, 8],
            [0, 9],
            [0, 0],
            [3, 9],
            [0, 0],
          ] as const,
        },
      ]),
    ),
  ),
  "masked, with dropout": {
    batch: 3,
    timesteps: 7,
    inputs: 2,
    parts: (inputShape) => [
      layers.masking({ maskValue: 0, inputShape }),
      layers.lstm({ ...plain, units: 5, recurrentDropout: 0.4, returnSequences: true }),
      layers.simpleRNN({ ...plain, units: 4, recurrentDropout: 0.4 }),
    ],
    covered: 2,
    padding: [
      [5, 7],
      [0, 0],
      [0, 2],
    ],
  },
  "signals beyond float32": {
    batch: 2,
    timesteps: 120,
    inputs: 2,
    parts: (inputShape) => [
      layers.simpleRNN({ ...plain, units: 4, activation: "sigmoid", returnSequences: true, inputShape }),
      layers.simpleRNN({ ...plain, units: 4, activation: "sigmoid" }),
    ],
    covered: 2,
  },
};

function model({ timesteps, inputs, parts }: Net): LayersModel {
  const result = sequential();
  for (const part of parts([timesteps, inputs])) result.add(part);
  result.add(layers.dense({ units: 1 }));
  // The same weights in every run of the test.
  result.setWeights(
    result.getWeights().map((weight, i) => tf.randomUniform(weight.shape, -0.8, 0.8, "float32", i + 1)),
  );
  return result;
}

/** With zeros in the padding of the net's data. */
function padded(x: tf.Tensor, { batch, timesteps, inputs, padding }: Net): tf.Tensor {
  if (!padding) return x;
  const values = x.dataSync().slice();
  padding.forEach(([from, to], b) => {
    values.fill(0, (b * timesteps + from) * inputs, (b * timesteps + to) * inputs);
  });
  x.dispose();
  return tf.tensor(values, [batch, timesteps, inputs]);
}

async function kernels(): Promise<KernelSource> {
  const source = await kernelSource();
  if ("reason" in source) throw new Error(source.reason);
  return source;
}

describe.each(backendNames.map((name, at) => [name, at] as const))("kernels and taps on %s", (backend, at) => {
  beforeAll(() => useBackend(backend));

  const cuts = [null, 3] as const;
  const cases = Object.entries(nets).flatMap(([name, net]) =>
    cuts.map(
      (truncate) => [truncate === null ? name : `${name}, cut every ${truncate} timesteps`, net, truncate] as const,
    ),
  );
  // In CI, one of three cases on one of the backends; in the quick tier, one of 18.
  it.each(sampled(cases, 36, at, 6))("%s", async (_, net, truncate) => {
    const built = model(net);
    const x = padded(tf.randomNormal([net.batch, net.timesteps, net.inputs], 0, 1, "float32", 3), net);
    const loss = (y: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(y, 1)));
    const measure = (source: KernelSource | null) => {
      const recorder = new KeepingRecorder();
      const instrumentation = instrument(built, recorder, { kernels: source, truncate });
      // The same dropout masks each time.
      const random = vi.spyOn(Math, "random").mockImplementation(createRandom(5).uniform);
      const result = pass(built, loss, x, instrumentation);
      random.mockRestore();
      instrumentation.remove();
      return { ...result, recorder };
    };
    const source = await kernels();
    measure(source);
    const before = tf.memory().numTensors;
    const fused = measure(source);
    expect(tf.memory().numTensors).toBe(before);
    const tapped = measure(null);

    const covered = measuredLayers(built).filter(({ cell }) => cell && !("reason" in cell.kernel));
    expect(covered).toHaveLength(net.covered);
    expect(Math.abs(fused.loss / tapped.loss - 1)).toBeLessThan(tolerance);
    expect(fused.gradients).toHaveLength(tapped.gradients.length);
    for (const [i, gradient] of fused.gradients.entries()) {
      expect(gradient).toHaveLength(tapped.gradients[i]!.length);
      expect(distance(gradient, tapped.gradients[i]!)).toBeLessThan(tolerance);
    }
    expect([...fused.recorder.outputGradients.keys()].sort()).toEqual(
      [...tapped.recorder.outputGradients.keys()].sort(),
    );
    for (const [layer, norm] of fused.recorder.outputGradients)
      expect(Math.abs(norm / tapped.recorder.outputGradients.get(layer)! - 1)).toBeLessThan(tolerance);
    for (const [layer, output] of fused.recorder.outputs)
      expect(distance(output, tapped.recorder.outputs.get(layer)!)).toBeLessThan(tolerance);

    const own = fused.recorder.sequences;
    const theirs = tapped.recorder.sequences;
    expect(own.map((s) => s.layer)).toEqual(theirs.map((s) => s.layer));
    for (const [i, { layer, measurement }] of own.entries()) {
      const other = theirs[i]!.measurement;
      const { trainable } = measuredLayers(built)[layer]!.layer;
      for (const [s, { name, logSampleNorm }] of measurement.states.entries())
        alike(logSampleNorm, other.states[s]!.logSampleNorm, `${name}.samples`);
      const expected = profiles(layer, other);
      const actual = profiles(layer, measurement);
      expect(actual.map((p) => p.channel)).toEqual(expected.map((p) => p.channel));
      const norms = (channel: string) => expected.find((p) => p.channel === `${channel[0]}.logNorm`)?.values;
      for (const [k, { channel, values }] of actual.entries()) {
        // Taps see the gradient of a recurrent kernel only if it is trained; the kernels always see it.
        if (channel === "logContribution" && !trainable) continue;
        // Taps see one matrix for all samples, at any position in their sequences.
        if (channel === "logContribution" && net.padding) continue;
        alike(values, expected[k]!.values, channel, channel.endsWith(".gain") ? norms(channel) : undefined);
      }
    }
    tf.dispose(x);
    built.dispose();
  });

  it("measure zeros if no gradient arrives", async () => {
    const built = model(nets["gru"]!);
    const recorder = new KeepingRecorder();
    const instrumentation = instrument(built, recorder, { kernels: await kernels() });
    const x = tf.ones([4, 10, 2]);
    pass(built, (y) => tf.sum(tf.mul(tf.zerosLike(y), y)), x, instrumentation);
    const { states, logContribution } = recorder.only();
    expect([...states[0]!.logNorm]).toEqual(new Array(10).fill(-Infinity));
    expect([...states[0]!.gain]).toEqual(new Array(10).fill(Number.NaN));
    expect([...logContribution!]).toEqual(new Array(10).fill(-Infinity));
    instrumentation.remove();
    tf.dispose(x);
    built.dispose();
  });
});
