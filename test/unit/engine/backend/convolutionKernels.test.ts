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
import { relativeDifference, someKernels, twoThreads } from "../../kernels/helpers.ts";

function isDilated({ dilations }: { readonly dilations: readonly number[] }): boolean {
  return dilations.some((d) => d > 1);
}

const side = fc.integer({ min: 1, max: 9 });
const few = fc.integer({ min: 1, max: 3 });

const cases = fc
  .record({
    kind: fc.constantFrom("plain", "depthwise", "separable", "one dimension"),
    batch: few,
    height: side,
    width: side,
    channels: fc.integer({ min: 1, max: 10 }),
    // For a depthwise convolution: filters per channel.
    filters: fc.integer({ min: 1, max: 6 }),
    filterHeight: few,
    filterWidth: few,
    strides: fc.tuple(few, few),
    // tfjs allows only one of strides and dilation.
    dilations: fc.oneof(fc.constant<[number, number]>([1, 1]), fc.tuple(few, few)),
    pad: fc.constantFrom("same" as const, "valid" as const),
    // tfjs takes 0 for no seed.
    seed: fc.integer({ min: 1, max: 1000 }),
  })
  .map((c): typeof c => (isDilated(c) ? { ...c, strides: [1, 1] } : c))
  .filter(
    ({ pad, height, width, filterHeight, filterWidth, dilations }) =>
      pad === "same" || ((filterHeight - 1) * dilations[0] < height && (filterWidth - 1) * dilations[1] < width),
  );
type Case = ReturnType<(typeof cases)["generate"]>["value"];

/** The same padding as explicit numbers, which the kernels leave to tfjs. */
function spelledOut(c: Case): tf.backend_util.ExplicitPadding {
  const { padInfo } = tf.backend_util.computeConv2DInfo(
    [c.batch, c.kind === "one dimension" ? 1 : c.height, c.width, c.channels],
    [c.kind === "one dimension" ? 1 : c.filterHeight, c.filterWidth, c.channels, c.filters],
    c.kind === "one dimension" ? [1, c.strides[1]] : c.strides,
    c.kind === "one dimension" ? [1, c.dilations[1]] : c.dilations,
    c.pad,
  );
  const { top, bottom, left, right } = padInfo;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

const none: tf.backend_util.ExplicitPadding = [
  [0, 0],
  [0, 0],
  [0, 0],
  [0, 0],
];

/** The output and the gradients of Σ output ∘ weights. */
function pass(c: Case, pad: Case["pad"] | tf.backend_util.ExplicitPadding): Float32Array[] {
  return tf.tidy(() => {
    const strides: [number, number] = [...c.strides];
    const dilations: [number, number] = [...c.dilations];
    const random = (shape: number[], i: number): tf.Tensor => tf.randomUniform(shape, -1, 1, "float32", c.seed + i);
    const images = [c.batch, c.height, c.width, c.channels];
    const apart = [c.filterHeight, c.filterWidth, c.channels, c.filters];
    const make = (): { inputs: tf.Tensor[]; op: (...x: tf.Tensor[]) => tf.Tensor } => {
      switch (c.kind) {
        case "depthwise":
          return {
            inputs: [random(images, 0), random(apart, 1)],
            op: (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, "NHWC", dilations),
          };
        case "separable":
          return {
            inputs: [random(images, 0), random(apart, 1), random([1, 1, c.channels * c.filters, 3], 2)],
            // tf.separableConv2d with any kind of padding.
            op: (x, w, p) => {
              const each = tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, "NHWC", dilations);
              return tf.conv2d(each, p as tf.Tensor4D, 1, typeof pad === "string" ? "valid" : none);
            },
          };
        case "one dimension":
          return {
            inputs: [random([c.batch, c.width, c.channels], 0), random([c.filterWidth, c.channels, c.filters], 1)],
            op: (x, w) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, strides[1], pad, "NWC", dilations[1]),
          };
        default:
          return {
            inputs: [random(images, 0), random(apart, 1)],
            op: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, "NHWC", dilations),
          };
      }
    };
    const { inputs, op } = make();
    const output = op(...inputs);
    const weights = random(output.shape, 3);
    const gradients = tf.grads((...x: tf.Tensor[]) => tf.sum(tf.mul(op(...x), weights)))(inputs);
    return [output, ...gradients].map((tensor) => tensor.dataSync<"float32">().slice());
  });
}

let kernels: Kernels;
beforeAll(async () => {
  kernels = await someKernels();
  registerProductKernels(kernels.products);
  registerConvolutionKernels(kernels);
});
afterAll(() => kernels.close());

describe.each(["wasm", "cpu"] as const)("under the %s backend", (backend) => {
  it("random convolutions and their gradients equal those of tfjs's plain kernels", async () => {
    await initBackend("cpu");
    await initBackend(backend);
    const { numTensors } = tf.memory();
    fc.assert(
      fc.property(cases, (c) => {
        tf.setBackend("cpu");
        const expected = pass(c, spelledOut(c));
        tf.setBackend(backend);
        pass(c, c.pad).forEach((values, i) => {
          expect(relativeDifference(values, expected[i]!)).toBeLessThan(1e-4);
        });
      }),
      { numRuns: budget(15, 150, 50) },
    );
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

it("gradients of a depthwise convolution equal its slopes", async () => {
  await initBackend("wasm");
  const [x, w] = [
    tf.randomUniform([2, 5, 4, 3], -1, 1, "float32", 1),
    tf.randomUniform([3, 2, 3, 2], -1, 1, "float32", 2),
  ];
  const loss = (a: tf.Tensor, b: tf.Tensor): tf.Scalar =>
    tf.sum(tf.square(tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, [2, 1], "same")));
  const gradients = tf
    .grads(loss)([x, w])
    .map((g) => g.dataSync<"float32">());
  const slope = (which: number, i: number): number => {
    const at = (by: number): number =>
      tf.tidy(() => {
        const moved = [x, w].map((tensor, k) => {
          const values = tensor.dataSync<"float32">().slice();
          if (k === which) values[i]! += by;
          return tf.tensor(values, tensor.shape);
        });
        return loss(moved[0]!, moved[1]!).dataSync()[0]!;
      });
    return (at(0.05) - at(-0.05)) / 0.1;
  };
  for (const which of [0, 1]) {
    const slopes = gradients[which]!.map((_, i) => slope(which, i));
    expect(relativeDifference(slopes, gradients[which]!)).toBeLessThan(1e-3);
  }
  tf.dispose([x, w]);
});

it("one thread and two give the same sums", async () => {
  const two = await twoThreads();
  const spec = {
    ...{ batch: 3, height: 7, width: 6, channels: 5, outHeight: 7, outWidth: 6, filters: 10 },
    ...{ filterHeight: 3, filterWidth: 3, strideY: 1, strideX: 1, dilationY: 1, dilationX: 1, padTop: 1, padLeft: 1 },
  };
  const values = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i * i));
  const image = values(3 * 7 * 6 * 5);
  const dy = values(3 * 7 * 6 * 10);
  expect(two.depthwises.filterGradient(spec, image, dy)).toEqual(kernels.depthwises.filterGradient(spec, image, dy));
  expect(two.products.filterGradient(spec, image, dy).slice()).toEqual(
    kernels.products.filterGradient(spec, image, dy).slice(),
  );
  await two.close();
});
