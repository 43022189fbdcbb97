/** A layer that is used twice computes with one set of weights, whose gradient is the sum over both uses. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { JsonValue, LayerEntry } from "../../../../src/config/resolved.ts";
import { resolveLayers } from "../../../../src/config/resolveLayers.ts";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { type BuiltModel, weightsOf } from "../../../../src/engine/model/builtModel.ts";
import { forward, packed } from "../../../../src/engine/model/forward.ts";
import { regularizedLayers } from "../../../../src/engine/training/regularizers.ts";
import { kernelsFor, useBackend } from "../instrument/backends.ts";
import { KeepingRecorder, state } from "../instrument/support.ts";

const ends = { inputs: { names: ["a", "b"], path: null }, outputs: null };
const place = ["models", "m", "layers"];

function resolved(...layers: JsonValue[]): readonly LayerEntry[] {
  const found = resolveLayers(layers, place, ends);
  if (!found.layers) throw new Error(found.problems.map(({ message }) => message).join("\n"));
  return found.layers;
}

const reader = { type: "lstm", name: "reader", units: 3, inputs: ["a"] };
const again = { type: "shared", name: "again", layer: "reader", inputs: ["b"] };
const head: JsonValue[] = [
  { type: "subtract", inputs: ["reader", "again"] },
  { type: "dense", units: 1 },
];

function built(layers: readonly LayerEntry[]): BuiltModel {
  const shapes = ["a", "b"].map((name) => ({ name, shape: [5, 2] }));
  const model = buildModel(layers, shapes, 3);
  if (Array.isArray(model)) throw new Error(model.map(({ message }) => message).join("\n"));
  return model;
}

const a = () => tf.randomNormal([4, 5, 2], 0, 1, "float32", 1);
const b = () => tf.randomNormal([4, 5, 2], 0, 1, "float32", 2);

function lossOf({ model }: BuiltModel): tf.Scalar {
  return tf.mean<tf.Scalar>(tf.square(forward(model, packed([a(), b()]), false)));
}

beforeAll(() => useBackend("cpu"));

describe("a shared layer", () => {
  it("has the type and arguments of the layer that it names, and its place", () => {
    const [, second] = resolved(reader, again, ...head);
    expect(second).toEqual({
      type: "lstm",
      name: "again",
      inputs: ["b"],
      args: { units: 3 },
      shares: "reader",
      path: [...place, 0],
    });
  });

  it.each([
    [
      { type: "shared", layer: "raeder" },
      /^"raeder" is not a layer whose weights can be shared\. Did you mean "reader"\?$/,
      "layer",
    ],
    [
      { type: "shared", layer: "reader", trainable: false },
      /^A shared layer has the arguments of "reader"/,
      "trainable",
    ],
  ])("is refused at its place: %j", (line, message, key) => {
    const { problems } = resolveLayers([reader, { ...line, inputs: ["b"] }, ...head.slice(1)], place, ends);
    expect(problems.find(({ path }) => path.at(-1) === key)?.message).toMatch(message);
  });

  it("adds the penalty on its weights once", () => {
    const regularized = { ...reader, kernelRegularizer: { type: "l2", l2: 0.1 } };
    for (const layers of [
      resolved(regularized, again, ...head),
      resolved(regularized, { ...reader, name: "again", inputs: ["b"] }, ...head),
    ]) {
      const model = built(layers);
      expect(regularizedLayers(model.model)).toHaveLength(1);
      model.dispose();
    }
  });

  it("needs inputs of the same size", () => {
    const shapes = ["a", "b"].map((name, i) => ({ name, shape: [5, 2 + i] }));
    expect(buildModel(resolved(reader, again, ...head), shapes, 3)).toMatchObject([
      { message: expect.stringMatching(/^"again" cannot use the weights of "reader": .*\(3, 12\).*\(2, 12\)/) },
    ]);
  });

  it.each(["taps", "kernels"] as const)(
    "gives the sum of both gradients, and states of its own: %s",
    async (kernels) => {
      const shared = built(resolved(reader, again, ...head));
      const apart = built(resolved(reader, { ...reader, name: "again", inputs: ["b"] }, ...head));
      expect(shared.parameters).toBe(3 * 4 * (2 + 3 + 1) + 4);
      // The same weights in both layers.
      const of = (name: string) => apart.layers.find((layer) => layer.name === name)!;
      const sharedReader = shared.layers.find(({ name }) => name === "reader")!;
      for (const [name, from] of [
        ["reader", sharedReader],
        ["again", sharedReader],
        ["dense", shared.layers.find((layer) => layer.name === "dense")!],
      ] as const)
        for (const [i, { variable }] of weightsOf(of(name)).entries()) variable.assign(weightsOf(from)[i]!.variable);

      const measured = async (model: BuiltModel) => {
        const recorder = new KeepingRecorder();
        const instrumentation = instrument(model.model, recorder, { kernels: await kernelsFor(kernels) });
        const variables = model.layers.flatMap(weightsOf).map(({ variable }) => variable);
        const result = instrumentation.measure(() =>
          tf.variableGrads(() => lossOf(model), [...variables, instrumentation.probe]),
        );
        instrumentation.remove();
        return { recorder, loss: result.value.dataSync()[0]!, grads: result.grads };
      };
      const [one, two] = [await measured(shared), await measured(apart)];
      expect(one.loss).toBeCloseTo(two.loss, 6);
      for (const [i, { variable }] of weightsOf(sharedReader).entries()) {
        const parts = ["reader", "again"].map((name) => two.grads[weightsOf(of(name))[i]!.variable.name]!);
        const error = tf.max(tf.abs(tf.sub(one.grads[variable.name]!, tf.add(parts[0]!, parts[1]!))));
        expect(error.dataSync()[0]).toBeLessThan(1e-6);
      }
      for (const name of ["h", "c"] as const)
        for (const layer of [0, 1]) {
          const [own, wanted] = [one, two].map(
            ({ recorder }) => state(recorder.sequences.find((each) => each.layer === layer)!.measurement, name).logNorm,
          );
          for (const [t, value] of own!.entries()) expect(value).toBeCloseTo(wanted![t]!, 5);
        }
      shared.dispose();
      apart.dispose();
    },
  );
});
