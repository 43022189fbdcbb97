import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { measuredLayers } from "../../../../src/engine/instrument/measuredLayers.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import type { BuiltModel } from "../../../../src/engine/model/builtModel.ts";
import { useBackend } from "../instrument/backends.ts";
import { entries, profile, resolved, run, series } from "../training/support.ts";

function built(...layers: Parameters<typeof entries>[0]): BuiltModel {
  const model = buildModel(entries(layers), [3, 1], 1);
  if (Array.isArray(model)) throw new Error(model.map((p) => p.message).join("\n"));
  return model;
}

describe("the activation exponential", () => {
  beforeAll(() => useBackend("wasm"));

  it("is eˣ, with eˣ as its slope", () => {
    const model = built(["activation", { activation: "exponential" }]);
    const x = tf.tensor([-2, 0, 1.5], [1, 3, 1]);
    const { value, grad } = tf.valueAndGrad((v: tf.Tensor) => tf.sum(model.model.apply(v) as tf.Tensor))(x);
    expect(value.dataSync()[0]).toBeCloseTo(Math.exp(-2) + 1 + Math.exp(1.5), 5);
    [-2, 0, 1.5].forEach((v, i) => {
      expect(grad.dataSync()[i]).toBeCloseTo(Math.exp(v), 5);
    });
    model.dispose();
  });

  it("is accepted by every layer with an activation, and keeps its name", () => {
    const model = built(
      ["conv1d", { filters: 2, kernelSize: 2, activation: "exponential" }],
      [
        "bidirectional",
        { layer: { type: "lstm", units: 2, activation: "exponential", recurrentActivation: "exponential" } },
      ],
      ["dense", { units: 1, activation: "exponential" }],
    );
    for (const { layer, type } of model.layers.filter(({ inner }) => inner.length === 0))
      expect(layer.getConfig()["activation"], type).toBe("exponential");
    const kernels = measuredLayers(model.model).flatMap(({ cell }) => cell?.kernel ?? []);
    expect(kernels).toHaveLength(2);
    for (const kernel of kernels)
      expect(kernel).toMatchObject({ spec: { activation: "exponential", recurrentActivation: "exponential" } });
    model.dispose();
  });

  it("makes a state explode within a few timesteps, which is detected", async () => {
    const net = entries([
      ["simpleRNN", { units: 4, activation: "exponential", recurrentInitializer: "identity" }],
      ["dense", { units: 1 }],
    ]);
    const result = await run(resolved(net), { steps: 1 });
    expect(result.info!.layers[0]!.recurrent!.method).toBe("kernel");
    expect(series(result, "activationNonFinite", 0)[0]).toBeGreaterThan(0);
    expect(profile(result.frames[0], 0, "h.nonFinite").some((n) => n > 0)).toBe(true);
  });
});
