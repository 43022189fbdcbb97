import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients.
import "@tensorflow/tfjs-layers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { registerConvolutionKernels } from "../../../../src/engine/tfjs/patches/convolutionKernels.ts";
import { registerProductKernels } from "../../../../src/engine/tfjs/patches/productKernels.ts";
import type { Kernels } from "../../../../src/kernels/kernels.ts";
import { budget } from "../../../budget.ts";
import { relativeDifference, someKernels } from "../../kernels/helpers.ts";

type Op = (...inputs: tf.Tensor[]) => tf.Tensor;
interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly op: Op;
  /** tfjs has no gradient of a product with a broadcast batch. */
  readonly broadcast?: true;
}

const activations = ["linear", "relu", "relu6", "elu", "sigmoid"] as const;
const strides: readonly [number, number][] = [
  [1, 1],
  [2, 1],
  [2, 3],
];

const conv2d =
  (stride: [number, number] | number, pad: "same" | "valid" | number, dilations: [number, number] = [1, 1]): Op =>
  (x, w) =>
    tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad, "NHWC", dilations);

const cases: { readonly [name: string]: Case } = {
  "a product": {
    shapes: [
      [17, 9],
      [9, 23],
    ],
    op: (a, b) => tf.matMul(a, b),
  },
  "a product, transposed": {
    shapes: [
      [9, 17],
      [23, 9],
    ],
    op: (a, b) => tf.matMul(a, b, true, true),
  },
  "a batch of products": {
    shapes: [
      [3, 2, 17, 9],
      [3, 2, 9, 23],
    ],
    op: (a, b) => tf.matMul(a, b),
  },
  "a batch, left transposed": {
    shapes: [
      [6, 9, 17],
      [6, 9, 23],
    ],
    op: (a, b) => tf.matMul(a, b, true),
  },
  "one matrix for a batch": {
    shapes: [
      [6, 17, 9],
      [9, 23],
    ],
    op: (a, b) => tf.matMul(a, b),
    broadcast: true,
  },
  "a batch by one matrix on the left": {
    shapes: [
      [17, 9],
      [6, 9, 23],
    ],
    op: (a, b) => tf.matMul(a, b),
    broadcast: true,
  },
  ...Object.fromEntries(
    activations.map((activation) => [
      `a dense layer with ${activation}`,
      {
        shapes: [[17, 9], [9, 23], [23]],
        op: (a: tf.Tensor, b: tf.Tensor, bias?: tf.Tensor) =>
          tf.fused.matMul({ a, b, activation, ...(bias && { bias }) }),
      },
    ]),
  ),
  ...Object.fromEntries(
    strides.flatMap((stride) =>
      (["same", "valid"] as const).map((pad) => [
        `a convolution, strides ${stride}, ${pad}`,
        {
          shapes: [
            [2, 9, 8, 3],
            [3, 2, 3, 5],
          ],
          op: conv2d(stride, pad),
        },
      ]),
    ),
  ),
  "a convolution with padding of 1": {
    shapes: [
      [2, 9, 8, 3],
      [3, 3, 3, 5],
    ],
    op: conv2d(1, 1),
  },
  "a convolution of one dimension": {
    shapes: [
      [2, 11, 3],
      [4, 3, 6],
    ],
    op: (x, w) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 2, "same"),
  },
  "a transposed convolution": {
    shapes: [
      [2, 4, 5, 3],
      [3, 3, 4, 3],
    ],
    op: (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 8, 10, 4], 2, "same"),
  },
  ...Object.fromEntries(
    activations.map((activation) => [
      `a convolution with ${activation}`,
      {
        shapes: [[2, 9, 8, 3], [3, 2, 3, 5], [5]],
        op: (x: tf.Tensor, filter: tf.Tensor, bias?: tf.Tensor) =>
          tf.fused.conv2d({
            x: x as tf.Tensor4D,
            filter: filter as tf.Tensor4D,
            strides: [2, 1],
            pad: "same",
            activation,
            ...(bias && { bias }),
          }),
      },
    ]),
  ),
};

/** The output and the gradients of Σ output ∘ weights. */
function pass({ shapes, op, broadcast }: Case): Float32Array[] {
  return tf.tidy(() => {
    const inputs = shapes.map((shape, i) => tf.randomUniform([...shape], -1, 1, "float32", 5 + i));
    const output = op(...inputs);
    const weights = tf.randomUniform(output.shape, -1, 1, "float32", 99);
    if (broadcast) return [output.dataSync<"float32">().slice()];
    const gradients = tf.grads((...args: tf.Tensor[]) => tf.sum(tf.mul(op(...args), weights)))(inputs);
    return [output, ...gradients].map((tensor) => tensor.dataSync<"float32">().slice());
  });
}

const size = fc.integer({ min: 1, max: 13 });
/** Batch axes of both operands: each axis is the same, or 1 on either side; tfjs (4.22) takes up to two of them. */
const batches = fc
  .record({
    axes: fc.array(
      fc.record({ size: fc.integer({ min: 1, max: 3 }), kept: fc.constantFrom("both", "left", "right") }),
      { minLength: 1, maxLength: 2 },
    ),
    rows: size,
    inner: size,
    columns: size,
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    seed: fc.nat(1000),
  })
  .map(({ axes, ...rest }) => ({
    ...rest,
    a: axes.map((axis) => (axis.kept === "right" ? 1 : axis.size)),
    b: axes.map((axis) => (axis.kept === "left" ? 1 : axis.size)),
  }));

const expected = new Map<string, readonly Float32Array[]>();
let kernels: Kernels;
beforeAll(async () => {
  await initBackend("cpu");
  for (const [name, entry] of Object.entries(cases)) expected.set(name, pass(entry));
  kernels = await someKernels();
  registerProductKernels(kernels.products);
  registerConvolutionKernels(kernels);
});
afterAll(() => kernels.close());

describe.each(["wasm", "cpu"] as const)("under the %s backend", (backend) => {
  beforeAll(async () => {
    await initBackend(backend);
  });

  it.each(Object.keys(cases))("%s and its gradients equal those of tfjs's plain kernels", (name) => {
    const { numTensors } = tf.memory();
    const found = pass(cases[name]!);
    found.forEach((values, i) => {
      expect(relativeDifference(values, expected.get(name)![i]!)).toBeLessThan(1e-5);
    });
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it("products of any batches that may be combined equal those of tfjs's plain kernels", () => {
    fc.assert(
      fc.property(batches, ({ a, b, rows, inner, columns, transposeA, transposeB, seed }) => {
        const left = [...a, ...(transposeA ? [inner, rows] : [rows, inner])];
        const right = [...b, ...(transposeB ? [columns, inner] : [inner, columns])];
        tf.tidy(() => {
          const [x, y] = [left, right].map((shape, i) => tf.randomUniform(shape, -1, 1, "float32", seed + i));
          const product = tf.matMul(x!, y!, transposeA, transposeB);
          // The definition, by broadcasting.
          const turned = (t: tf.Tensor, transposed: boolean): tf.Tensor => {
            const axes = t.shape.map((_, i) => i);
            return transposed ? tf.transpose(t, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]) : t;
          };
          const terms = tf.mul(tf.expandDims(turned(x!, transposeA), -1), tf.expandDims(turned(y!, transposeB), -3));
          const sum = tf.sum(terms, -2);
          expect(product.shape).toEqual(sum.shape);
          expect(relativeDifference(product.dataSync<"float32">(), sum.dataSync<"float32">())).toBeLessThan(1e-5);
        });
      }),
      { numRuns: budget(10, 1000, 30) },
    );
  });

  it("a dilated convolution equals that of tfjs's plain kernels", () => {
    const { shapes } = cases["a convolution with padding of 1"]!;
    const inputs = shapes.map((shape, i) => tf.randomUniform([...shape], -1, 1, "float32", 5 + i));
    const [spread] = inputs.slice(1).map((w) => {
      // The same filter with zeros in the gaps.
      const wide = tf.buffer([5, 5, 3, 5]);
      const values = w.dataSync();
      for (let y = 0; y < 3; y++)
        for (let x = 0; x < 3; x++)
          for (let c = 0; c < 15; c++) wide.set(values[(y * 3 + x) * 15 + c]!, 2 * y, 2 * x, Math.floor(c / 5), c % 5);
      return wide.toTensor();
    });
    const dilated = conv2d(1, "same", [2, 2])(...inputs).dataSync<"float32">();
    const plain = conv2d(1, "same")(inputs[0]!, spread!).dataSync<"float32">();
    expect(relativeDifference(dilated, plain)).toBeLessThan(1e-5);
  });
});
