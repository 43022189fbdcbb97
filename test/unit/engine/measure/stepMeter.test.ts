/** The scalars of one step of a net that is small enough to compute by hand. */

import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, expect, it } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { measuredLayers } from "../../../../src/engine/instrument/measuredLayers.ts";
import { layerInfos, meterWeights } from "../../../../src/engine/measure/layerInfo.ts";
import { StepMeter } from "../../../../src/engine/measure/stepMeter.ts";
import { kernelsFor, useBackend, type Way } from "../instrument/backends.ts";

beforeAll(() => useBackend("cpu"));

it.each<Way>(["kernels", "taps"])(
  "reports norms before and after clipping, the ratio of the update, the gradient of the output: %s",
  async (way) => {
    // h_2 = w x_2 + u w x_1 with x = 1, w = u = 1: y = 2, L = y² = 4, ∂L/∂y = 4, ∂L/∂w = 8, ∂L/∂u = 4.
    const model = sequential();
    const ones = { kernelInitializer: "ones", recurrentInitializer: "ones" } as const;
    model.add(layers.simpleRNN({ units: 1, activation: "linear", useBias: false, ...ones, inputShape: [2, 1] }));
    const measured = measuredLayers(model);
    const infos = layerInfos(measured, new Map(), null, way === "kernels");
    const meter = new StepMeter(measured, infos, meterWeights(measured, model.trainableWeights), 0.01);
    const instrumentation = instrument(model, meter, { kernels: await kernelsFor(way), layers: measured });
    const weights = model.trainableWeights.map((weight) => weight.read());
    const variables = weights.filter((weight) => weight instanceof tf.Variable);
    const gradients = instrumentation.measure(() => {
      const { grads } = tf.variableGrads(
        () => tf.sum<tf.Scalar>(tf.square(model.apply(tf.ones([1, 2, 1]), { training: true }) as tf.Tensor)),
        [...variables, instrumentation.probe],
      );
      return variables.map((v) => grads[v.name]!.dataSync<"float32">());
    });
    expect(gradients.map((g) => g[0])).toEqual([8, 4]);
    meter.gradients(gradients, [Float32Array.of(5), gradients[1]!]);
    meter.updated([Float32Array.of(1), Float32Array.of(1)], [Float32Array.of(0.5), Float32Array.of(1.75)]);
    const frame = meter.frame("run", 1, { loss: 4, milliseconds: 0, learningRate: 0.1 });
    const value = (quantity: string, name: string | null = null) =>
      frame.rows[meter.columns.findIndex((c) => c.quantity === quantity && c.name === name)];
    expect(value("loss")).toBe(4);
    expect(value("gradientNorm")).toBeCloseTo(Math.sqrt(80), 6);
    expect(value("clippedGradientNorm")).toBeCloseTo(Math.sqrt(41), 6);
    expect(value("outputGradientNorm")).toBe(4);
    expect(["kernel", "recurrent_kernel"].map((name) => value("weightGradientNorm", name))).toEqual([8, 4]);
    expect(["kernel", "recurrent_kernel"].map((name) => value("weightClippedGradientNorm", name))).toEqual([5, 4]);
    expect(["kernel", "recurrent_kernel"].map((name) => value("weightUpdateRatio", name))).toEqual([0.5, 0.75]);
    expect(["kernel", "recurrent_kernel"].map((name) => value("weightNorm", name))).toEqual([1, 1]);
    instrumentation.remove();
  },
);
