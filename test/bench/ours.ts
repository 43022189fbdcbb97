/** This project's own step as a run takes it, with and without the full diagnosis. */

import * as tf from "@tensorflow/tfjs-core";
import type { LayerEntry } from "../../src/config/resolved.ts";
import { initBackend } from "../../src/engine/backend/ladder.ts";
import { createRandom } from "../../src/engine/data/random.ts";
import { instrument } from "../../src/engine/instrument/instrument.ts";
import { kernelSource } from "../../src/engine/instrument/kernelSource.ts";
import { measuredLayers } from "../../src/engine/instrument/measuredLayers.ts";
import { layerInfos, meterWeights } from "../../src/engine/measure/layerInfo.ts";
import { StepMeter } from "../../src/engine/measure/stepMeter.ts";
import { buildModel } from "../../src/engine/model/buildModel.ts";
import { lossFunction } from "../../src/engine/model/lossFunction.ts";
import { createOptimizer } from "../../src/engine/training/optimizers.ts";
import { createTrainer } from "../../src/engine/training/step.ts";
import type { BackendName } from "../../src/protocol/run.ts";
import type { Contender, Shape } from "./shape.ts";

function random(length: number): Float32Array {
  const { uniform } = createRandom(1);
  return Float32Array.from({ length }, uniform);
}

/** A layer's type and arguments, in a chain. */
export type LayerArguments = readonly (readonly [type: string, args: LayerEntry["args"]])[];

export interface Net {
  readonly layers: LayerArguments;
  readonly inputShape: readonly number[];
  readonly batch: number;
  /** Values of the input instead of random numbers. */
  readonly inputs?: Float32Array;
}

export function ours(name: string, backend: BackendName, measured: boolean): Contender {
  return {
    name,
    prepare: ({ kind, T, H, B, D }: Shape) =>
      netStep(
        {
          layers: [
            [kind, { units: H, ...(kind !== "simpleRNN" && { recurrentActivation: "sigmoid" }) }],
            ["dense", { units: 1 }],
          ],
          inputShape: [T, D],
          batch: B,
        },
        backend,
        measured,
      ),
    close() {},
  };
}

/** Makes a net with one output; each call of the result takes one step, adam, mean squared error. */
export async function netStep(net: Net, backend: BackendName, measured: boolean): Promise<() => number> {
  await initBackend(backend);
  const source = await kernelSource();
  if ("reason" in source) throw new Error(source.reason);
  const entries = net.layers.map(([type, args], i) => ({
    type,
    args,
    name: `layer${i}`,
    inputs: [i === 0 ? "input" : `layer${i - 1}`],
    path: [],
  }));
  const built = buildModel(entries, net.inputShape, 1);
  if (Array.isArray(built)) throw new Error(`The net was refused: ${built[0]?.message}`);
  const { model, byLayer } = built;
  const layers = measuredLayers(model);
  const infos = layerInfos(layers, byLayer, net.inputShape[0] ?? 1, true);
  const meter = new StepMeter(layers, infos, meterWeights(layers, model.trainableWeights), 0.01);
  const trainer = createTrainer({
    model,
    loss: lossFunction("meanSquaredError"),
    optimizer: createOptimizer(
      { type: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      source.updates,
    ),
    clip: { value: null, norm: null, globalNorm: null },
    instrumentation: instrument(model, measured ? meter : null, { kernels: source, layers }),
    observer: measured ? meter : null,
  });
  const shape = [net.batch, ...net.inputShape];
  const inputs = net.inputs ?? random(shape.reduce((a, b) => a * b));
  const targets = random(net.batch);
  let step = 0;
  return () => {
    // Setting the current backend again would make tfjs set up every kernel again.
    if (tf.getBackend() !== backend) tf.setBackend(backend);
    const start = performance.now();
    const x = tf.tensor(inputs, shape);
    const y = tf.tensor(targets, [net.batch, 1]);
    const loss = trainer.step(x, y);
    tf.dispose([x, y]);
    meter.frame("bench", ++step, { loss, milliseconds: 0, learningRate: 0.001 });
    return performance.now() - start;
  };
}
