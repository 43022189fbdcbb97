/** batchNormalization in the kernels against tfjs's own call: output, gradients and moving averages. */

import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { provideOperations } from "../../../../src/engine/backend/fusedOperations.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { forward } from "../../../../src/engine/model/forward.ts";
import { WeightValues } from "../../../../src/engine/training/weightValues.ts";
import { relativeDifference } from "../../kernels/helpers.ts";
import { entries } from "../entries.ts";
import { backendNames, kernelsFor, useBackend } from "../instrument/backends.ts";

/** Output, gradients of the weights, and the moving averages after one training pass. */
async function trained(line: object, shape: readonly number[], fused: boolean): Promise<Float32Array[]> {
  const source = await kernelsFor("kernels");
  provideOperations(fused ? (source?.kernels ?? null) : null);
  const built = buildModel(
    entries(
      { type: "dense", units: 6, kernelInitializer: { type: "randomUniform", minval: -1, maxval: 1 } },
      { type: "batchNormalization", ...line },
      { type: "dense", units: 2 },
    ),
    shape,
    1,
  );
  if (Array.isArray(built)) throw new Error(built[0]?.message);
  const { model } = built;
  const { variables } = new WeightValues(model.trainableWeights);
  const read = (tensor: tf.Tensor): Float32Array => tensor.dataSync<"float32">().slice();
  const results = tf.tidy(() => {
    const x = tf.randomUniform([9, ...shape], -1, 3, "float32", 5);
    const found: Float32Array[] = [];
    const { grads } = tf.variableGrads(() => {
      const output = forward(model, x, true);
      found.push(read(output));
      return tf.sum(tf.mul(output, tf.add(output, 1)));
    });
    found.push(...variables.map(({ name }) => read(grads[name]!)));
    found.push(...model.nonTrainableWeights.map((weight) => read(weight.read())));
    return found;
  });
  built.dispose();
  return results;
}

describe.each(backendNames.filter((name) => name !== "tensorflow"))("on %s", (backend) => {
  beforeAll(() => useBackend(backend));
  afterEach(async () => {
    provideOperations((await kernelsFor("kernels"))?.kernels ?? null);
  });

  it.each([
    ["of features", {}, [4]],
    ["of channels", { momentum: 0.7, epsilon: 0.01 }, [5, 3, 4]],
    ["without a factor and an offset", { scale: false, center: false }, [5, 4]],
    ["along another axis", { axis: 1 }, [5, 4]],
  ] as const)("normalizes as tfjs's own layer does: %s", async (_, line, shape) => {
    const expected = await trained(line, shape, false);
    const found = await trained(line, shape, true);
    expect(found.length).toBe(expected.length);
    for (const [i, values] of found.entries()) {
      expect(values.length).toBe(expected[i]!.length);
      const size = Math.max(...expected[i]!.map(Math.abs));
      // The offset before a normalization has no gradient but rounding.
      if (size > 1e-3) expect(relativeDifference(values, expected[i]!)).toBeLessThan(1e-4);
    }
  });
});
