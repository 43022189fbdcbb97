/** Tensors that stay in the kernels' memory: nothing that tfjs computes may differ. */

import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients.
import "@tensorflow/tfjs-layers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attention, layerNormalization, provideOperations } from "../../../../src/engine/backend/fusedOperations.ts";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { isHeld, provideHolder } from "../../../../src/engine/tfjs/heldTensors.ts";
import { registerConvolutionKernels } from "../../../../src/engine/tfjs/patches/convolutionKernels.ts";
import { biasedProduct } from "../../../../src/engine/tfjs/patches/denseCalls.ts";
import { registerElementwiseKernels } from "../../../../src/engine/tfjs/patches/elementwiseKernels.ts";
import { provideColumnSums } from "../../../../src/engine/tfjs/patches/leadingSums.ts";
import { registerProductKernels } from "../../../../src/engine/tfjs/patches/productKernels.ts";
import { cachedKernels } from "../../../../src/kernels/build.mjs";
import type { Holder } from "../../../../src/kernels/held.ts";
import type { Kernels } from "../../../../src/kernels/kernels.ts";
import { loadSums } from "../../../../src/kernels/sums.ts";
import { budget } from "../../../budget.ts";
import { someKernels } from "../../kernels/helpers.ts";

let kernels: Kernels;
let former: ReturnType<typeof provideOperations>;
beforeAll(async () => {
  await initBackend("wasm");
  kernels = await someKernels();
  registerProductKernels(kernels.products);
  registerConvolutionKernels(kernels);
  registerElementwiseKernels(kernels.elementwise);
  const sums = await loadSums(await cachedKernels());
  kernels.lendTo(sums);
  provideColumnSums({ sums, elementwise: kernels.elementwise });
  former = provideOperations(kernels);
});
afterAll(() => {
  provideHolder(null);
  provideColumnSums(null);
  provideOperations(former);
});

/** All take and give square matrices. */
const operations: { readonly [name: string]: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor } = {
  product: (a, b) => tf.mul(tf.matMul(a, b), 0.3),
  "bare product": (a, b) => tf.matMul(a, b),
  "product with both transposed": (a, b) => tf.matMul(a, b, true, true),
  "product with a bias": (a, b) => biasedProduct(a, b, tf.sum(b, 0)),
  relu: (a) => tf.relu(a),
  sum: (a, b) => tf.add(a, b),
  double: (a) => tf.add(a, a),
  difference: (a, b) => tf.sub(a, b),
  "transposed matrix": (a) => tf.transpose(a),
  "matrix in another shape": (a, b) => tf.reshape(tf.add(tf.reshape(a, [a.size]), tf.reshape(b, [b.size])), a.shape),
  halves: (a, b) => tf.concat([tf.slice(a, [1, 0]), tf.slice(b, [0, 0], [1, b.shape[1]!])], 0),
  "sums of columns": (a, b) => tf.add(a, tf.sum(b, 0)),
  softmax: (a) => tf.softmax(a),
  normalization: (a, b) => layerNormalization(a, tf.sum(b, 0), tf.mean(b, 0), 1e-3)!,
  attention: (a, b) => {
    const [samples, size] = [1, a.shape[0]!];
    const [x, y] = [a, b].map((t) => tf.reshape(t, [samples, size, size]));
    const spec = { samples, timesteps: size, heads: 1, size, later: null };
    return tf.reshape(attention(spec, [x!, y!, x!], null)!, [size, size]);
  },
  convolution: (a, b) =>
    tf.reshape(
      tf.conv2d(
        tf.reshape<tf.Rank.R4>(a, [1, a.shape[0]!, a.shape[0]!, 1]),
        tf.reshape<tf.Rank.R4>(tf.slice(b, [0, 0], [3, 3]), [3, 3, 1, 1]),
        1,
        "same",
      ),
      a.shape,
    ),
  clone: (a) => a.clone(),
};

interface Instruction {
  readonly what: string;
  readonly a: number;
  readonly b: number;
}

const instruction: fc.Arbitrary<Instruction> = fc.record({
  what: fc.constantFrom(...Object.keys(operations), "dispose", "dispose", "read", "grow"),
  a: fc.nat(),
  b: fc.nat(),
});
const programs = fc.record({
  size: fc.constantFrom(3, 5, 8, 16),
  seed: fc.nat(),
  instructions: fc.array(instruction, { minLength: 1, maxLength: 25 }),
  // Room for one matrix at a time, for a few, and for all.
  room: fc.constantFrom(4, 7, 1000),
});
type Program = typeof programs extends fc.Arbitrary<infer T> ? T : never;

let grown = 0;

/** What is left at the end. @param disposes whether it may dispose of what it has made */
function run({ instructions }: Program, start: readonly tf.Tensor[], disposes: boolean): tf.Tensor[] {
  const live = [...start];
  for (const { what, a, b } of instructions) {
    const [first, second] = [live[a % live.length]!, live[b % live.length]!];
    const operation = operations[what];
    if (operation) live.push(tf.tidy(() => operation(first, second)));
    else if (what === "read") first.dataSync();
    else if (what === "grow") kernels.activate("linear", new Float32Array(1024 * ++grown));
    else if (disposes && !start.includes(first)) live.splice(live.indexOf(first), 1)[0]!.dispose();
  }
  return live;
}

/** −0 is 0 here: a product with 0 may have either sign. */
const read = (tensor: tf.Tensor): readonly number[] => [...tensor.dataSync()].map((v) => v + 0);

function inputs({ size, seed }: Program): [tf.Tensor, tf.Tensor] {
  const input = (i: number) => tf.randomUniform([size, size], -1, 1, "float32", seed + i);
  return [input(0), input(1)];
}

function forward(program: Program): readonly (readonly number[])[] {
  const start = inputs(program);
  const live = run(program, start, true);
  // Last to first, so that what is made late does not push the rest out before it is read.
  const values = live.toReversed().map(read);
  tf.dispose(live);
  return values;
}

function gradients(program: Program): readonly (readonly number[])[] {
  const loss = (...start: tf.Tensor[]): tf.Scalar =>
    tf.addN(run(program, start, false).map((t) => tf.sum<tf.Scalar>(t)));
  const found = tf.tidy(() => tf.grads(loss)(inputs(program)));
  const values = found.map(read);
  tf.dispose(found);
  return values;
}

function both(program: Program, values: (program: Program) => unknown): void {
  const { numTensors, numDataBuffers } = tf.memory();
  provideHolder(null);
  const expected = values(program);
  provideHolder(kernels.holder, { fewest: 1, budget: program.room * program.size ** 2 * 4 });
  expect(values(program)).toEqual(expected);
  expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
}

describe("tensors that stay in the kernels' memory", () => {
  it("hold what operations of any kind make of them", () => {
    fc.assert(
      fc.property(programs, (program) => both(program, forward)),
      { numRuns: budget(150, 10_000, 500) },
    );
  });

  it("have the same gradients", () => {
    fc.assert(
      fc.property(programs, (program) => both(program, gradients)),
      { numRuns: budget(60, 3000, 200) },
    );
  });

  it("are there after a product, also under another shape, and until the last of them is disposed of", () => {
    provideHolder(kernels.holder, { fewest: 1, budget: 1 << 20 });
    const x = tf.ones([4, 4]);
    const product = tf.matMul(x, x);
    expect([x, product].map(isHeld)).toEqual([true, true]);
    const reshaped = tf.reshape(product, [16]);
    product.dispose();
    expect(isHeld(reshaped)).toBe(true);
    expect(read(reshaped)).toEqual(Array.from({ length: 16 }, () => 4));
    tf.dispose([x, reshaped]);
    expect([x, reshaped].map(isHeld)).toEqual([false, false]);
  });

  it("go back to tfjs if the kernels give up their memory", () => {
    provideHolder(kernels.holder, { fewest: 1, budget: 1 << 20 });
    const x = tf.ones([4, 4]);
    const product = tf.matMul(x, x);
    provideHolder(null);
    expect(isHeld(product)).toBe(false);
    kernels.activate("linear", new Float32Array(1 << 16));
    expect(read(product)).toEqual(Array.from({ length: 16 }, () => 4));
    tf.dispose([x, product]);
  });

  it("take no more memory after a thousand steps", () => {
    provideHolder(kernels.holder, { fewest: 1, budget: 1 << 16 });
    const step = (): void => {
      const x = tf.ones([40, 40]);
      const product = tf.tidy(() => tf.relu(tf.matMul(tf.relu(tf.matMul(x, x)), x)));
      tf.dispose([x, product]);
    };
    step();
    const before = kernels.bytes;
    for (let i = 0; i < 1000; i++) step();
    expect(kernels.bytes).toBe(before);
  });

  it("keep a NaN on its way through relu and its gradient", () => {
    provideHolder(kernels.holder, { fewest: 1, budget: 1 << 20 });
    tf.tidy(() => {
      const x = tf.tensor2d([[Number.NaN, -1, 2, 0, 3]]);
      const one = tf.eye(5);
      const relu = (t: tf.Tensor): tf.Tensor => tf.relu(tf.matMul(t, one));
      // A NaN spreads in its row of a product.
      expect(read(relu(x))).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
      const finite = tf.tensor2d([[-1, 2, 0, 3, -0.5]]);
      expect(read(relu(finite))).toEqual([0, 2, 0, 3, 0]);
      const gradient = tf.grad((t) => tf.sum(relu(t)))(finite);
      expect(read(gradient)).toEqual([0, 1, 0, 1, 0]);
      // The second derivative exists.
      const twice = tf.grad((t) => tf.sum(tf.grad((u) => tf.sum(tf.square(relu(u))))(t)))(finite);
      expect(read(twice)).toEqual([0, 2, 0, 2, 0]);
    });
  });

  it("keep what is not finite in a gradient, as tfjs's own relu does", () => {
    const gradientOf = (x: readonly number[], dy: readonly number[], held: boolean): readonly number[] => {
      const one = tf.eye(x.length);
      const [row, factors] = [tf.tensor2d([[...x]]), tf.tensor2d([[...dy]])];
      // A product's result is one that is held; the factors are the gradient that arrives.
      const product = tf.matMul(row, one);
      expect(isHeld(product)).toBe(held);
      const gradient = tf.grad((t) => tf.sum(tf.mul(tf.relu(t), factors)))(product);
      const values = read(gradient);
      tf.dispose([one, row, factors, product, gradient]);
      return values;
    };
    const x = [-1, -1, -1, 1, 1, 1, 0, 0, -0, 2];
    const dy = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      3,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      3,
      Number.NaN,
      4,
      5,
      1e-42,
    ];
    provideHolder(null);
    const expected = gradientOf(x, dy, false);
    provideHolder(kernels.holder, { fewest: 1, budget: 1 << 20 });
    const found = gradientOf(x, dy, true);
    expect(found.map(Math.fround)).toEqual(expected.map(Math.fround));
    expect(found.filter(Number.isNaN)).toHaveLength(4);
  });

  it("hold no integers", () => {
    provideHolder(kernels.holder, { fewest: 1, budget: 1 << 20 });
    tf.tidy(() => {
      const [x, w] = [tf.ones([4, 4], "int32"), tf.ones([4, 4])];
      const gradient = tf.grad((t) => tf.sum(tf.matMul(tf.relu(t), w)))(x);
      expect(read(gradient)).toEqual(Array.from({ length: 16 }, () => 4));
    });
  });

  it("make room if the memory is full", () => {
    const full = {
      copy: () => {
        throw new RangeError("The memory is full.");
      },
      keep: (values: Float32Array) => kernels.holder.keep(values),
    };
    provideHolder(full as unknown as Holder, { fewest: 1, budget: 1 << 20 });
    tf.tidy(() => {
      const x = tf.ones([4, 4]);
      const product = tf.matMul(x, x);
      expect(isHeld(product)).toBe(true);
      expect(read(tf.matMul(product, x))).toEqual(Array.from({ length: 16 }, () => 16));
      // The second operand found no place, so the first one gave up its own.
      expect(isHeld(product)).toBe(false);
    });
  });
});
