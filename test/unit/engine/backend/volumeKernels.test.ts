import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients.
import "@tensorflow/tfjs-layers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { registerConvolutionKernels } from "../../../../src/engine/tfjs/patches/convolutionKernels.ts";
import type { Kernels } from "../../../../src/kernels/kernels.ts";
import { budget } from "../../../budget.ts";
import { relativeDifference, someKernels } from "../../kernels/helpers.ts";

type Triple = [number, number, number];
const triple = (max: number): fc.Arbitrary<Triple> => {
  const each = fc.integer({ min: 1, max });
  return fc.tuple(each, each, each);
};

const cases = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    volume: triple(6),
    channels: fc.integer({ min: 1, max: 5 }),
    filter: triple(3),
    filters: fc.integer({ min: 1, max: 9 }),
    strides: triple(2),
    dilations: fc.oneof(fc.constant<Triple>([1, 1, 1]), triple(3)),
    pad: fc.constantFrom("same" as const, "valid" as const),
    // tfjs takes 0 for no seed.
    seed: fc.integer({ min: 1, max: 1000 }),
  })
  // tfjs allows only one of strides and dilation.
  .map((c): typeof c => (c.dilations.some((rate) => rate > 1) ? { ...c, strides: [1, 1, 1] } : c))
  .filter(
    ({ pad, volume, filter, dilations }) =>
      pad === "same" || volume.every((size, i) => (filter[i]! - 1) * dilations[i]! < size),
  );
type Case = ReturnType<(typeof cases)["generate"]>["value"];

interface Definition {
  readonly shape: readonly number[];
  readonly output: Float64Array;
  readonly x: Float64Array;
  readonly filter: Float64Array;
}

/** The convolution of `x` with `w` and, for ∂L/∂output = `dy`, its gradients, in float64. */
function defined(c: Case, x: Float32Array, w: Float32Array, dy: (length: number) => Float32Array): Definition {
  const [D, H, W] = c.volume;
  const info = tf.backend_util.computeConv3DInfo(
    [c.batch, D, H, W, c.channels],
    [...c.filter, c.channels, c.filters],
    c.strides,
    c.dilations,
    c.pad,
  );
  const { outDepth, outHeight, outWidth, padInfo } = info;
  const shape = [c.batch, outDepth, outHeight, outWidth, c.filters];
  const size = shape.reduce((a, b) => a * b);
  const g = dy(size);
  const result = { output: new Float64Array(size), x: new Float64Array(x.length), filter: new Float64Array(w.length) };
  const starts = [padInfo.front, padInfo.top, padInfo.left];
  for (let o = 0; o < size; o += c.filters) {
    const pixel = o / c.filters;
    const [item, ...at] = [
      Math.floor(pixel / (outDepth * outHeight * outWidth)),
      Math.floor(pixel / (outHeight * outWidth)) % outDepth,
      Math.floor(pixel / outWidth) % outHeight,
      pixel % outWidth,
    ];
    for (let place = 0; place < c.filter[0] * c.filter[1] * c.filter[2]; place++) {
      const tap = [
        Math.floor(place / (c.filter[1] * c.filter[2])),
        Math.floor(place / c.filter[2]) % c.filter[1],
        place % c.filter[2],
      ];
      const [z, y, u] = tap.map((t, i) => at[i]! * c.strides[i]! - starts[i]! + t * c.dilations[i]!);
      if (z! < 0 || z! >= D || y! < 0 || y! >= H || u! < 0 || u! >= W) continue;
      for (let k = 0; k < c.channels; k++) {
        const from = (((item! * D + z!) * H + y!) * W + u!) * c.channels + k;
        for (let f = 0; f < c.filters; f++) {
          const weight = (place * c.channels + k) * c.filters + f;
          result.output[o + f]! += x[from]! * w[weight]!;
          result.x[from]! += g[o + f]! * w[weight]!;
          result.filter[weight]! += g[o + f]! * x[from]!;
        }
      }
    }
  }
  return { shape, ...result };
}

let kernels: Kernels;
beforeAll(async () => {
  kernels = await someKernels();
  registerConvolutionKernels(kernels);
});
afterAll(() => kernels.close());

const random = (shape: readonly number[], seed: number): tf.Tensor =>
  tf.randomUniform([...shape], -1, 1, "float32", seed);

describe.each(["wasm", "cpu"] as const)("under the %s backend", (backend) => {
  it("convolutions of random volumes, transposed ones, and their gradients equal their definition", async () => {
    await initBackend(backend);
    const { numTensors } = tf.memory();
    fc.assert(
      fc.property(cases, (c) => {
        tf.tidy(() => {
          const x = random([c.batch, ...c.volume, c.channels], c.seed);
          const w = random([...c.filter, c.channels, c.filters], c.seed + 1);
          const [xs, ws] = [x.dataSync<"float32">().slice(), w.dataSync<"float32">().slice()];
          const weights = (length: number) =>
            random([length], c.seed + 2)
              .dataSync<"float32">()
              .slice();
          const truth = defined(c, xs, ws, weights);
          const dy = tf.tensor(weights(truth.output.length), [...truth.shape]);
          const same = (found: tf.Tensor | undefined, expected: Float64Array): void =>
            expect(relativeDifference(found!.dataSync<"float32">(), Float32Array.from(expected))).toBeLessThan(1e-4);
          const convolve = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
            tf.conv3d(a as tf.Tensor5D, b as tf.Tensor5D, c.strides, c.pad, "NDHWC", c.dilations);
          const { value, grads } = tf.valueAndGrads((a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(convolve(a, b), dy)))(
            [x, w],
          );
          same(convolve(x, w), truth.output);
          same(grads[0], truth.x);
          same(grads[1], truth.filter);
          expect(value.rank).toBe(0);
          if (c.dilations.some((rate) => rate > 1)) return;
          // The transposed convolution is ∂L/∂x; its derivatives are the convolution and, again, ∂L/∂filter.
          const [b, d, h, v, k] = x.shape;
          const transposed = (g: tf.Tensor, f: tf.Tensor): tf.Tensor =>
            tf.conv3dTranspose(g as tf.Tensor5D, f as tf.Tensor5D, [b!, d!, h!, v!, k!], c.strides, c.pad);
          same(transposed(dy, w), truth.x);
          const back = tf.grads((g: tf.Tensor, f: tf.Tensor) => tf.sum(tf.mul(transposed(g, f), x)))([dy, w]);
          same(back[0], truth.output);
          same(back[1], truth.filter);
        });
      }),
      { numRuns: budget(10, 1000, 30) },
    );
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});
