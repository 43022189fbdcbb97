/** A GRU with resetAfter against Keras's results for the same weights. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import type { KernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import recorded from "../../../fixtures/engine/keras-gru-reset-after.json";
import { entries } from "../entries.ts";
import { kernelsFor, useBackend, ways } from "../instrument/backends.ts";
import { pass } from "../instrument/support.ts";

const { shape, units, cases } = z
  .object({
    shape: z.tuple([z.number(), z.number(), z.number()]),
    units: z.number(),
    cases: z.array(
      z.object({
        returnSequences: z.boolean(),
        weights: z.array(z.object({ shape: z.array(z.number()), values: z.array(z.number()) })),
        input: z.array(z.number()),
        output: z.array(z.number()),
        loss: z.number(),
        gradients: z.array(z.array(z.number())),
      }),
    ),
  })
  .parse(recorded);

describe.each(ways)("%s on %s", (way, backend) => {
  let kernels: KernelSource | null = null;
  beforeAll(async () => {
    await useBackend(backend);
    kernels = await kernelsFor(way);
  });

  it.each(cases.map((c) => [c.returnSequences, c] as const))("returnSequences: %s", (returnSequences, expected) => {
    const [batch, timesteps, features] = shape;
    const line = { type: "gru", units, resetAfter: true, recurrentActivation: "sigmoid", returnSequences };
    const built = buildModel(entries(line), [timesteps, features], 1);
    if (Array.isArray(built)) throw new Error(built.map((p) => p.message).join("\n"));
    expect(built.model.weights.map((w) => w.shape)).toEqual(expected.weights.map((w) => w.shape));
    built.model.setWeights(expected.weights.map((w) => tf.tensor(w.values, w.shape)));
    const x = tf.tensor(expected.input, [batch, timesteps, features]);
    const instrumentation = instrument(built.model, null, { kernels });
    let output: Float32Array | null = null;
    const measured = pass(
      built.model,
      (y) => {
        output = Float32Array.from(y.dataSync());
        return tf.mean(tf.square(tf.sub(y, 0.3)));
      },
      x,
      instrumentation,
    );
    close(output!, expected.output);
    expect(measured.loss).toBeCloseTo(expected.loss, 5);
    for (const [i, gradient] of measured.gradients.entries()) close(gradient, expected.gradients[i]!);
    instrumentation.remove();
    built.dispose();
  });
});

function close(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, v] of expected.entries()) expect(Math.abs(actual[i]! - v)).toBeLessThan(1e-5);
}
