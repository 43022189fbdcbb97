import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { provideOperations } from "../../../../src/engine/backend/fusedOperations.ts";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { fuseConvLstm } from "../../../../src/engine/layers/fusedConvLstm.ts";
import { fuseLayerNormalization } from "../../../../src/engine/layers/fusedNormalization.ts";
import { SelfAttention } from "../../../../src/engine/layers/selfAttention.ts";
import { TransformerEncoder, type TransformerEncoderArgs } from "../../../../src/engine/layers/transformerEncoder.ts";
import type { Kernels } from "../../../../src/kernels/kernels.ts";
import { relativeDifference, someKernels } from "../../kernels/helpers.ts";

let kernels: Kernels;
// Test files share the process's operations.
const former = provideOperations(null);
beforeAll(async () => {
  kernels = await someKernels();
  fuseLayerNormalization();
  fuseConvLstm();
});
afterAll(async () => {
  provideOperations(former);
  await kernels.close();
});

interface Case {
  readonly shape: readonly number[];
  readonly make: () => layers.Layer;
  readonly mask?: readonly (readonly number[])[];
}

const seed = 3;
const kernelInitializer = "glorotUniform";
const recurrentInitializer = "zeros";
const attention = {
  causal: false,
  dropout: 0,
  residual: false,
  useBias: true,
  kernelInitializer,
  biasInitializer: "zeros",
} as const;
const encoder: Omit<TransformerEncoderArgs, "heads"> = {
  activation: "relu",
  normalization: "post",
  causal: false,
  dropout: 0,
  epsilon: 1e-6,
  kernelInitializer,
};

const cases: { readonly [name: string]: Case } = {
  "self-attention": { shape: [2, 9, 6], make: () => new SelfAttention({ ...attention, heads: 3 }) },
  "causal self-attention, no bias": {
    shape: [2, 9, 6],
    make: () => new SelfAttention({ ...attention, heads: 2, causal: true, useBias: false }),
  },
  "masked self-attention with heads of its own size": {
    shape: [3, 4, 6],
    make: () => new SelfAttention({ ...attention, heads: 2, keyDim: 5, residual: true }),
    mask: [
      [1, 1, 0, 0],
      [0, 1, 1, 1],
      [0, 0, 1, 0],
    ],
  },
  "self-attention with nothing but padding": {
    shape: [2, 3, 4],
    make: () => new SelfAttention({ ...attention, heads: 2, causal: true }),
    mask: [
      [0, 0, 0],
      [0, 1, 1],
    ],
  },
  "a transformer's encoder": { shape: [2, 70, 8], make: () => new TransformerEncoder({ ...encoder, heads: 2 }) },
  "an encoder that normalizes before": {
    shape: [2, 7, 8],
    make: () => new TransformerEncoder({ ...encoder, heads: 4, normalization: "pre", causal: true }),
  },
  convLstm2d: {
    shape: [2, 3, 6, 5, 2],
    make: () => layers.convLstm2d({ filters: 3, kernelSize: 2, recurrentInitializer, returnSequences: true }),
  },
  "convLstm2d with strides, without bias": {
    shape: [2, 3, 6, 5, 2],
    make: () =>
      layers.convLstm2d({
        ...{ filters: 2, kernelSize: [3, 2], strides: [2, 1], padding: "same", useBias: false, recurrentInitializer },
        ...{ activation: "softsign", recurrentActivation: "sigmoid" },
      }),
  },
  "layer normalization": { shape: [5, 7], make: () => layers.layerNormalization({ epsilon: 0.01 }) },
  "layer normalization over two axes": {
    shape: [3, 4, 5, 6],
    make: () => layers.layerNormalization({ axis: [2, 3] }),
  },
  "layer normalization over an axis in the middle": {
    shape: [3, 4, 5],
    make: () => layers.layerNormalization({ axis: 1 }),
  },
};

interface Pass {
  loss(): tf.Scalar;
  readonly x: tf.Variable;
  readonly variables: readonly tf.Variable[];
  dispose(): void;
}

/** Σ output ∘ weights of a layer with random weights. */
function passOf({ shape, make, mask }: Case): Pass {
  const layer = make();
  layer.build([...shape]);
  layer.setWeights(
    layer.weights.map(({ shape }, i) => tf.randomUniform(shape.map(Number), -1, 1, "float32", seed + i)),
  );
  const x = tf.variable(tf.randomUniform([...shape], -1, 1, "float32", seed + 50));
  const given = mask ? tf.keep(tf.tensor2d(mask.map((row) => [...row]))) : undefined;
  const parameters = layer.weights.map((weight) => weight.read()).filter((value) => value instanceof tf.Variable);
  return {
    loss: () => {
      const output = layer.call(x, given ? { mask: given } : {});
      if (!(output instanceof tf.Tensor)) throw new Error("The layer has several outputs.");
      return tf.sum(tf.mul(output, tf.randomUniform(output.shape, -1, 1, "float32", seed + 51)));
    },
    x,
    variables: [x, ...parameters],
    dispose: () => {
      for (const weight of layer.weights) weight.dispose();
      tf.dispose([x, given]);
    },
  };
}

/** The loss and its gradients. */
function gradientsOf({ loss, variables }: Pass): Float32Array[] {
  return tf.tidy(() => {
    const { value, grads } = tf.variableGrads(loss, [...variables]);
    return [value, ...variables.map(({ name }) => grads[name]!)].map((tensor) => tensor.dataSync<"float32">().slice());
  });
}

describe.each(["wasm", "cpu"] as const)("under the %s backend", (backend) => {
  beforeAll(async () => {
    await initBackend(backend);
  });

  it.each(Object.keys(cases))(
    "%s and its gradients equal those of tfjs's operations, and no tensor is left",
    (name) => {
      const pass = passOf(cases[name]!);
      provideOperations(null);
      const expected = gradientsOf(pass);
      provideOperations(kernels);
      const { numTensors } = tf.memory();
      const found = gradientsOf(pass);
      expect(tf.memory().numTensors).toBe(numTensors);
      found.forEach((values, i) => {
        // A bias of the keys changes no share, so its gradient is rounding noise.
        if (Math.hypot(...expected[i]!) < 1e-4) expect(Math.hypot(...values)).toBeLessThan(1e-4);
        else expect(relativeDifference(values, expected[i]!)).toBeLessThan(1e-4);
      });
      pass.dispose();
    },
  );
});

it.each(["self-attention", "masked self-attention with heads of its own size", "layer normalization"])(
  "the gradient of %s is the slope of its loss",
  async (name) => {
    await initBackend("wasm");
    provideOperations(kernels);
    const pass = passOf(cases[name]!);
    const [, gradient] = gradientsOf(pass);
    const start = pass.x.dataSync<"float32">().slice();
    const { shape } = pass.x;
    const distance = 1e-2;
    const at = (i: number, by: number): number => {
      const moved = start.slice();
      moved[i]! += by;
      return tf.tidy(() => {
        pass.x.assign(tf.tensor(moved, shape));
        return pass.loss().dataSync()[0]!;
      });
    };
    const slopes = start.map((_, i) => (at(i, distance) - at(i, -distance)) / (2 * distance));
    expect(relativeDifference(slopes, gradient!)).toBeLessThan(3e-3);
    pass.dispose();
  },
);
