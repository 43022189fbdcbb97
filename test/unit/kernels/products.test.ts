import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import type { ConvolutionSpec } from "../../../src/kernels/products.ts";
import { budget } from "../../budget.ts";
import { kernelsForTest, random, relativeDifference, someKernels, uniform } from "./helpers.ts";

let kernels: Kernels;
beforeAll(async () => {
  await tf.setBackend("cpu");
  kernels = await someKernels();
});
afterAll(() => kernels.close());

/** Sizes around the multiples of 4, 5, 8 and of a block that the kernels work in. */
const size = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 26 }) },
  { weight: 1, arbitrary: fc.constantFrom(96, 97, 255, 256, 257) },
);

interface Case {
  readonly items: number;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  readonly transposeLeft: boolean;
  readonly transposeRight: boolean;
  readonly shared: boolean;
  readonly biased: boolean;
  readonly seed: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  items: fc.integer({ min: 1, max: 3 }),
  rows: size,
  columns: size,
  inner: size,
  transposeLeft: fc.boolean(),
  transposeRight: fc.boolean(),
  shared: fc.boolean(),
  biased: fc.boolean(),
  seed: fc.nat(),
});

/** The product in float64, by definition. */
function defined(c: Case, { a, b, bias }: Operands): Float32Array {
  const { items, rows, columns, inner } = c;
  const result = new Float32Array(items * rows * columns);
  for (let i = 0; i < items; i++)
    for (let r = 0; r < rows; r++)
      for (let k = 0; k < columns; k++) {
        let sum = bias?.[k] ?? 0;
        for (let j = 0; j < inner; j++) {
          const left = a[i * rows * inner + (c.transposeLeft ? j * rows + r : r * inner + j)]!;
          const right = b[(c.shared ? 0 : i * inner * columns) + (c.transposeRight ? k * inner + j : j * columns + k)]!;
          sum += left * right;
        }
        result[(i * rows + r) * columns + k] = sum;
      }
  return result;
}

interface Operands {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly bias: Float32Array | undefined;
}

function operandsOf(c: Case): Operands {
  const { items, rows, columns, inner } = c;
  const next = random(c.seed);
  const a = uniform(next, items * rows * inner, 1);
  const b = uniform(next, (c.shared ? 1 : items) * inner * columns, 1);
  return { a, b, bias: c.biased ? uniform(next, columns, 1) : undefined };
}

function multiplied(c: Case, { a, b, bias }: Operands, on: Kernels): Float32Array {
  const { items, rows, columns, inner } = c;
  return on.products
    .multiply({
      items,
      rows,
      columns,
      inner,
      left: {
        values: a,
        row: c.transposeLeft ? 1 : inner,
        column: c.transposeLeft ? rows : 1,
        item: rows * inner,
      },
      right: {
        values: b,
        row: c.transposeRight ? 1 : columns,
        column: c.transposeRight ? inner : 1,
        item: c.shared ? 0 : inner * columns,
      },
      ...(bias && { bias }),
    })
    .slice();
}

describe("a product", () => {
  it("equals its definition for every layout", () => {
    fc.assert(
      fc.property(cases, (c) => {
        const operands = operandsOf(c);
        const found = multiplied(c, operands, kernels);
        expect(relativeDifference(found, defined(c, operands))).toBeLessThan(1e-5);
      }),
      { numRuns: budget(15, 100, 40) },
    );
  });

  it("is the same on two threads", { tags: "thorough" }, async () => {
    const two = await kernelsForTest({ threads: 2 });
    if (!two) throw new Error("This engine has no WebAssembly SIMD.");
    while (two.threads < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    const large = { transposeLeft: true, transposeRight: false, shared: false, biased: true, seed: 3 };
    for (const items of [1, 5]) {
      const shape: Case = { ...large, items, rows: 100, columns: 61, inner: 258 };
      const operands = operandsOf(shape);
      const expected = defined(shape, operands);
      // Enough times to try both numbers of threads.
      for (let i = 0; i < 8; i++)
        expect(relativeDifference(multiplied(shape, operands, two), expected)).toBeLessThan(1e-5);
    }
    await two.close();
  });

  it("shows non-finite values only in their own row and column", () => {
    const left = new Float32Array(7 * 9).fill(1);
    left[3 * 9 + 4] = Number.NaN;
    const right = new Float32Array(9 * 11).fill(1);
    const operands = {
      left: { values: left, row: 9, column: 1, item: 0 },
      right: { values: right, row: 11, column: 1, item: 0 },
    };
    const found = kernels.products.multiply({ items: 1, rows: 7, columns: 11, inner: 9, ...operands });
    expect([...found].map((v, i) => (Number.isNaN(v) ? Math.floor(i / 11) : -1)).filter((r) => r >= 0)).toEqual(
      Array(11).fill(3),
    );
  });
});

interface Convolution {
  readonly spec: ConvolutionSpec;
  readonly pad: "same" | "valid";
  readonly seed: number;
}

const convolutions: fc.Arbitrary<Convolution> = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 3, max: 12 }),
    width: fc.integer({ min: 3, max: 12 }),
    channels: fc.constantFrom(1, 2, 3, 4, 7, 16),
    filters: fc.constantFrom(1, 3, 8, 17),
    filterHeight: fc.integer({ min: 1, max: 3 }),
    filterWidth: fc.integer({ min: 1, max: 3 }),
    strideY: fc.integer({ min: 1, max: 2 }),
    strideX: fc.integer({ min: 1, max: 3 }),
    pad: fc.constantFrom("same" as const, "valid" as const),
    seed: fc.nat(),
  })
  .map(({ pad, seed, ...c }) => {
    const info = tf.backend_util.computeConv2DInfo(
      [c.batch, c.height, c.width, c.channels],
      [c.filterHeight, c.filterWidth, c.channels, c.filters],
      [c.strideY, c.strideX],
      1,
      pad,
    );
    const { outHeight, outWidth, padInfo } = info;
    const offsets = { padTop: padInfo.top, padLeft: padInfo.left, dilationY: 1, dilationX: 1 };
    return { spec: { ...c, outHeight, outWidth, ...offsets }, pad, seed };
  });

describe("a convolution", () => {
  it("and its gradients equal those of tfjs's plain kernels", () => {
    fc.assert(
      fc.property(convolutions, ({ spec, pad, seed }) => {
        const next = random(seed);
        const shapes = {
          x: [spec.batch, spec.height, spec.width, spec.channels],
          filter: [spec.filterHeight, spec.filterWidth, spec.channels, spec.filters],
          dy: [spec.batch, spec.outHeight, spec.outWidth, spec.filters],
        };
        const values = (shape: readonly number[]) =>
          uniform(
            next,
            shape.reduce((a, b) => a * b),
            1,
          );
        const [images, filter, dy] = [values(shapes.x), values(shapes.filter), values(shapes.dy)];
        const bias = uniform(next, spec.filters, 1);
        const attributes = { strides: [spec.strideY, spec.strideX], pad, dataFormat: "NHWC", dilations: [1, 1] };
        const stock = (kernel: string, inputs: tf.NamedTensorMap, more: tf.NamedAttrMap = {}): Float32Array => {
          const result = tf.engine().runKernel(kernel, inputs, { ...attributes, ...more });
          if (!(result instanceof tf.Tensor)) throw new Error(`${kernel} returned more than one tensor`);
          return result.dataSync<"float32">().slice();
        };
        const expected = tf.tidy(() => {
          const x = tf.tensor(images, shapes.x);
          const w = tf.tensor(filter, shapes.filter);
          const g = tf.tensor(dy, shapes.dy);
          return [
            stock("Conv2D", { x, filter: w }).map((v, i) => v + bias[i % spec.filters]!),
            stock("Conv2DBackpropInput", { dy: g, filter: w }, { inputShape: shapes.x }),
            stock("Conv2DBackpropFilter", { x, dy: g }, { filterShape: shapes.filter }),
          ];
        });
        const found = [
          kernels.products.convolve(spec, images, filter, bias).slice(),
          kernels.products.imageGradient(spec, dy, filter).slice(),
          kernels.products.filterGradient(spec, images, dy).slice(),
        ];
        found.forEach((result, i) => {
          expect(relativeDifference(result, expected[i]!)).toBeLessThan(1e-4);
        });
      }),
      { numRuns: budget(15, 100, 40) },
    );
  });
});
