/** A stack of cells, and one whose states are images, that begin with the states of another: the gradients are tfjs's own. */

import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { weightsOf } from "../../../../src/engine/model/builtModel.ts";
import { forward } from "../../../../src/engine/model/forward.ts";
import { entries, type LayerLine } from "../entries.ts";
import { kernelsFor, useBackend, ways } from "./backends.ts";
import { KeepingRecorder } from "./support.ts";

const cells = [
  { type: "gruCell", units: 2, recurrentActivation: "sigmoid" },
  { type: "lstmCell", units: 3, recurrentActivation: "sigmoid" },
];
const stack = { type: "rnn", cell: cells };
const images = { type: "convLstm2d", filters: 2, kernelSize: 2, padding: "same", returnSequences: true };

const cases: { readonly [name: string]: { readonly shape: readonly number[]; readonly layers: readonly LayerLine[] } } =
  {
    "a stack": {
      shape: [5, 2],
      layers: [
        { ...stack, name: "encoder", inputs: ["input"] },
        { ...stack, name: "decoder", inputs: ["input"], initialState: ["encoder.0.h", "encoder.1.h", "encoder.1.c"] },
        { type: "dense", units: 1, inputs: ["decoder"] },
      ],
    },
    images: {
      shape: [3, 4, 4, 2],
      layers: [
        { ...images, name: "encoder", inputs: ["input"] },
        { ...images, name: "decoder", inputs: ["input"], initialState: ["encoder.h", "encoder.c"] },
        { type: "flatten", inputs: ["decoder"] },
        { type: "dense", units: 1 },
      ],
    },
  };

describe.each(ways)("%s on %s", (way, backend) => {
  it.each(Object.keys(cases))("%s", async (name) => {
    await useBackend(backend);
    const { shape, layers } = cases[name]!;
    const built = buildModel(entries(...layers), shape, 3);
    if (Array.isArray(built)) throw new Error(built.map(({ message }) => message).join("\n"));
    const x = tf.randomNormal([2, ...shape], 0, 1, "float32", 7);
    const variables = built.layers.flatMap(weightsOf).map(({ variable }) => variable);
    const loss = () => tf.mean<tf.Scalar>(tf.square(forward(built.model, x, true)));
    const plain = tf.variableGrads(loss, [...variables]);
    const instrumentation = instrument(built.model, new KeepingRecorder(), { kernels: await kernelsFor(way) });
    const own = instrumentation.measure(() => tf.variableGrads(loss, [...variables, instrumentation.probe]));
    for (const { name: weight } of variables) {
      const [a, b] = [plain.grads[weight]!, own.grads[weight]!].map((grad) => Array.from(grad.dataSync<"float32">()));
      if (!a || !b) throw new Error(weight);
      const largest = a.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      expect(largest, weight).toBeGreaterThan(0);
      for (const [i, v] of a.entries())
        expect(Math.abs(v - b[i]!), weight).toBeLessThan(1e-4 * Math.max(largest, 1e-3));
    }
    tf.dispose([plain.value, plain.grads, own.value, own.grads, x]);
    instrumentation.remove();
    built.dispose();
  });
});
