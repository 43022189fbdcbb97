/** A bidirectional layer that begins with the states of another one: measured, its gradients are those of tfjs. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { weightsOf } from "../../../../src/engine/model/builtModel.ts";
import { forward, packed } from "../../../../src/engine/model/forward.ts";
import { entries } from "../entries.ts";
import { kernelsFor, useBackend, ways } from "./backends.ts";
import { KeepingRecorder, state } from "./support.ts";

const directions = ["forward", "backward"];

describe.each(ways)("by %s on %s", (way, backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    ["lstm", ["h", "c"]],
    ["gru", ["h"]],
  ])("%s", async (type, states) => {
    const reader = { type, units: 3, recurrentActivation: "sigmoid" };
    const built = buildModel(
      entries(
        { type: "bidirectional", layer: reader, name: "encoder", inputs: ["a"] },
        {
          type: "bidirectional",
          layer: { ...reader, returnSequences: true },
          name: "decoder",
          inputs: ["b"],
          initialState: directions.flatMap((way) => states.map((each) => `encoder.${way}.${each}`)),
        },
        { type: "dense", units: 1, name: "out" },
      ),
      [
        { name: "a", shape: [5, 2] },
        { name: "b", shape: [4, 2] },
      ],
      3,
      ["out"],
    );
    if (Array.isArray(built)) throw new Error(JSON.stringify(built));
    const variables = built.layers.flatMap(weightsOf).map(({ variable }) => variable);
    for (const [i, variable] of variables.entries())
      tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 0.7, "float32", 11 + i)));
    const x = packed([tf.randomNormal([2, 5, 2], 0, 1, "float32", 1), tf.randomNormal([2, 4, 2], 0, 1, "float32", 2)]);
    const loss = (): tf.Scalar => tf.mean(tf.square(forward(built.model, x, false)));
    const plain = tf.variableGrads(loss, variables);
    const recorder = new KeepingRecorder();
    const instrumentation = instrument(built.model, recorder, { kernels: await kernelsFor(way) });
    const measured = instrumentation.measure(() => tf.variableGrads(loss, [...variables, instrumentation.probe]));
    expect(measured.value.dataSync()[0]).toBeCloseTo(plain.value.dataSync()[0]!, 6);
    for (const { name } of variables) {
      const [own, wanted] = [measured.grads[name]!, plain.grads[name]!].map((each) => each.dataSync());
      for (const [i, value] of wanted!.entries()) expect(own![i], name).toBeCloseTo(value, 5);
    }
    // Whatever the decoder sends back enters the encoder's last states.
    for (const { layer, measurement } of recorder.sequences)
      if (built.layers[layer]?.name.startsWith("encoder/"))
        for (const each of states)
          expect(state(measurement, each === "h" ? "h" : "c").logNorm.at(-1)).toBeGreaterThan(-6);
    instrumentation.remove();
    built.dispose();
  });
});
