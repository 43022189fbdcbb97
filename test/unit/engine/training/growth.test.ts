/** A run of any length needs the memory of a short one: nets of every kind that has its own kernels. */

import v8 from "node:v8";
import vm from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import type { LayerEntry } from "../../../../src/config/resolved.ts";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { kernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import { measuredLayers } from "../../../../src/engine/instrument/measuredLayers.ts";
import { layerInfos, meterWeights } from "../../../../src/engine/measure/layerInfo.ts";
import { StepMeter } from "../../../../src/engine/measure/stepMeter.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { lossFunction } from "../../../../src/engine/model/lossFunction.ts";
import { createOptimizer } from "../../../../src/engine/training/optimizers.ts";
import { createTrainer } from "../../../../src/engine/training/step.ts";
import { budget, sampled } from "../../../budget.ts";

type Layers = readonly (readonly [type: string, args: LayerEntry["args"]])[];

const nets: { readonly [name: string]: { readonly inputShape: readonly number[]; readonly layers: Layers } } = {
  "a convolutional net": {
    inputShape: [8, 8, 1],
    layers: [
      ["conv2d", { filters: 2, kernelSize: 3, activation: "relu" }],
      ["maxPooling2d", { poolSize: 2 }],
      ["separableConv2d", { filters: 3, kernelSize: 2 }],
      ["flatten", {}],
      ["dense", { units: 1 }],
    ],
  },
  "a transformer": {
    inputShape: [5, 4],
    layers: [
      ["transformerEncoder", { heads: 2, dropout: 0.1 }],
      ["globalAveragePooling1d", {}],
      ["dense", { units: 1 }],
    ],
  },
  "a masked LSTM in both directions": {
    inputShape: [6, 2],
    layers: [
      ["masking", { maskValue: 0 }],
      ["bidirectional", { layer: { type: "lstm", units: 3, dropout: 0.2, recurrentDropout: 0.2 } }],
      ["dense", { units: 1 }],
    ],
  },
  "a convolutional LSTM": {
    inputShape: [3, 4, 4, 1],
    layers: [
      ["convLstm2d", { filters: 2, kernelSize: 2 }],
      ["flatten", {}],
      ["dense", { units: 1 }],
    ],
  },
};

const batch = 2;
/** 10,000 steps take minutes; `GRADLENS_GROWTH_STEPS` requests them. */
const steps = Number(process.env["GRADLENS_GROWTH_STEPS"] ?? budget(8, 200));
/** Bytes of the JavaScript heap that may vary between two collections: code, inline caches. */
const heapBound = 4e6;
v8.setFlagsFromString("--expose-gc");
const collect: unknown = vm.runInNewContext("gc");

async function used(): Promise<{ readonly exact: readonly number[]; readonly heap: number }> {
  const source = await kernelSource();
  if ("reason" in source) throw new Error(source.reason);
  if (typeof collect !== "function") throw new Error("This Node collects no garbage on demand.");
  collect();
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  return {
    exact: [numTensors, numDataBuffers, numBytes, source.kernels.bytes],
    heap: process.memoryUsage().heapUsed,
  };
}

// In CI, each net on one of the backends; in the quick tier, one net on one.
describe.each(sampled([["wasm", 0] as const, ["cpu", 1] as const], 2, 0, 1))("on %s", (backend, at) => {
  it.each(sampled(Object.keys(nets), 4, at, 2))("%s does not grow", async (name) => {
    await initBackend(backend);
    const source = await kernelSource();
    if ("reason" in source) throw new Error(source.reason);
    const { inputShape, layers } = nets[name]!;
    const entries = layers.map(([type, args], i) => ({
      type,
      args,
      name: `layer${i}`,
      inputs: [i === 0 ? "input" : `layer${i - 1}`],
      path: [],
    }));
    const built = buildModel(entries, [...inputShape], 1);
    if (Array.isArray(built)) throw new Error(built[0]?.message);
    const { model, byLayer } = built;
    const measured = measuredLayers(model);
    const infos = layerInfos(measured, byLayer, inputShape[0] ?? 1, true);
    const meter = new StepMeter(measured, infos, meterWeights(measured, model.trainableWeights), 0.01);
    const instrumentation = instrument(model, meter, { kernels: source, layers: measured });
    const trainer = createTrainer({
      model,
      loss: lossFunction("meanSquaredError"),
      optimizer: createOptimizer({ type: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }),
      clip: { value: null, norm: null, globalNorm: 1 },
      instrumentation,
      observer: meter,
    });
    const [, first] = tf.split(
      tf.randomUniform([batch, ...inputShape], 0, 1, "float32", 1),
      [1, inputShape[0]! - 1],
      1,
    );
    // Zeros at the first place of each sample: padding, where a layer masks it.
    const x = tf.pad(first!, [[0, 0], [1, 0], ...inputShape.slice(1).map((): [number, number] => [0, 0])]);
    const y = tf.randomUniform([batch, 1], 0, 1, "float32", 2);
    const train = (count: number): void => {
      for (let step = 1; step <= count; step++) {
        const loss = trainer.step(x, y);
        meter.frame("growth", step, { loss, milliseconds: 0, learningRate: 0.001 });
      }
    };
    train(budget(8, 50));
    const before = await used();
    train(steps);
    const after = await used();
    expect(after.exact).toEqual(before.exact);
    expect(after.heap - before.heap).toBeLessThan(heapBound);
    instrumentation.remove();
    model.dispose();
    tf.dispose([x, y]);
  });
});
