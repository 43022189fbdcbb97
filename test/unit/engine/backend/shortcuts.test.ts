/** Kernels and gradients that are replaced only for speed: the values must equal tfjs's. */

import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients.
import "@tensorflow/tfjs-layers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";

const size = fc.integer({ min: 1, max: 5 });
const shapes = fc.array(size, { minLength: 2, maxLength: 4 });

/** Numbers that show where an entry comes from. */
function counted(shape: readonly number[], from = 0): tf.Tensor {
  const length = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length }, (_, i) => from + i),
    [...shape],
  );
}

describe.each(["wasm", "cpu"] as const)("on %s", (backend) => {
  it("sums over the first axes are correct", async () => {
    await initBackend(backend);
    const cases = fc
      .tuple(shapes, fc.nat(3), fc.boolean())
      .map(([shape, n, keepDims]) => ({ shape, axes: 1 + (n % (shape.length - 1)), keepDims }));
    const { numTensors } = tf.memory();
    fc.assert(
      fc.property(cases, ({ shape, axes, keepDims }) => {
        tf.tidy(() => {
          const x = counted(shape);
          const list = Array.from({ length: axes }, (_, axis) => axis);
          const found = tf.sum(x, list, keepDims);
          const rest = shape.slice(axes);
          expect(found.shape).toEqual(keepDims ? [...list.map(() => 1), ...rest] : rest);
          const width = rest.reduce((product, n) => product * n, 1);
          const expected = Array.from({ length: width }, () => 0);
          x.dataSync().forEach((v, i) => {
            expected[i % width]! += v;
          });
          expect([...found.dataSync()]).toEqual(expected);
          // The same axes in another order, counted from the end.
          const reversed = list.map((axis) => axis - shape.length).reverse();
          expect([...tf.sum(x, reversed).dataSync()]).toEqual(expected);
        });
      }),
    );
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it("gradients of sums and means over any axes are correct", async () => {
    await initBackend(backend);
    const cases = fc
      .tuple(fc.array(size, { minLength: 1, maxLength: 4 }), fc.nat(15), fc.boolean(), fc.boolean())
      .map(([shape, chosen, keepDims, all]) => ({
        shape,
        keepDims,
        axes: all
          ? undefined
          : shape.flatMap((_, axis) => ((chosen >> axis) & 1 ? [axis - (axis % 2) * shape.length] : [])),
      }))
      .filter(({ axes }) => axes === undefined || axes.length > 0);
    const { numTensors } = tf.memory();
    fc.assert(
      fc.property(cases, ({ shape, axes, keepDims }) => {
        const summed = (axes ?? shape.map((_, axis) => axis)).map((axis) => (axis + shape.length) % shape.length);
        const kept = shape.map((n, axis) => (summed.includes(axis) ? 1 : n));
        const terms = summed.reduce((product, axis) => product * shape[axis]!, 1);
        tf.tidy(() => {
          for (const [reduce, divisor] of [[tf.sum, 1] as const, [tf.mean, terms] as const]) {
            const x = counted(shape);
            const weights = counted(reduce(x, axes, keepDims).shape, 1);
            const found = tf.grad((input: tf.Tensor) => tf.sum(tf.mul(reduce(input, axes, keepDims), weights)))(x);
            const expected = tf.div(tf.mul(tf.reshape(weights, kept), tf.ones(shape)), divisor);
            expect(found.shape).toEqual(shape);
            const close = Array.from(expected.dataSync(), (v) => expect.closeTo(v, 5));
            expect([...found.dataSync()]).toEqual(close);
          }
        });
      }),
    );
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it("slices and single places along any axis are correct", async () => {
    await initBackend(backend);
    const cases = fc
      .tuple(fc.array(size, { minLength: 1, maxLength: 5 }), fc.infiniteStream(fc.nat(4)))
      .map(([shape, random]) => {
        const next = (n: number): number => (random.next().value ?? 0) % n;
        const begin = shape.map((n) => next(n));
        return { shape, begin, sizes: shape.map((n, axis) => 1 + next(n - begin[axis]!)), axis: next(shape.length) };
      });
    const { numTensors } = tf.memory();
    fc.assert(
      fc.property(cases, ({ shape, begin, sizes, axis }) => {
        tf.tidy(() => {
          const x = counted(shape);
          const strides = shape.map((_, i) => shape.slice(i + 1).reduce((product, n) => product * n, 1));
          const block = (from: readonly number[], of: readonly number[]): number[] =>
            of.reduce<number[]>(
              (places, n, i) =>
                places.flatMap((at) => Array.from({ length: n }, (_, k) => at + (from[i]! + k) * strides[i]!)),
              [0],
            );
          const part = tf.slice(x, begin, sizes);
          expect(part.shape).toEqual(sizes);
          expect([...part.dataSync()]).toEqual(block(begin, sizes));
          for (const [place, one] of tf.unstack(x, axis).entries()) {
            expect(one.shape).toEqual(shape.toSpliced(axis, 1));
            expect([...one.dataSync()]).toEqual(
              block(
                shape.map((_, i) => (i === axis ? place : 0)),
                shape.with(axis, 1),
              ),
            );
          }
        });
      }),
    );
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it("sums of integers and of booleans are unchanged", async () => {
    await initBackend(backend);
    const sum = tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2], "int32"), 0);
    expect([sum.dtype, ...sum.dataSync()]).toEqual(["int32", 4, 6]);
    expect([...tf.sum(tf.tensor2d([true, true, false, true], [2, 2], "bool"), 0).dataSync()]).toEqual([1, 2]);
  });

  it("parts that are split along any axis are correct, and joined again give the whole", async () => {
    await initBackend(backend);
    const cases = fc
      .tuple(shapes, fc.nat(3), fc.array(size, { minLength: 1, maxLength: 4 }))
      .map(([shape, n, parts]) => {
        const axis = n % shape.length;
        return {
          axis,
          parts,
          shape: shape.with(
            axis,
            parts.reduce((sum, part) => sum + part, 0),
          ),
        };
      });
    const { numTensors } = tf.memory();
    fc.assert(
      fc.property(cases, ({ shape, axis, parts }) => {
        tf.tidy(() => {
          const x = counted(shape);
          const apart = tf.split(x, parts, axis);
          let begin = 0;
          for (const [i, part] of apart.entries()) {
            const from = shape.map((_, k) => (k === axis ? begin : 0));
            expect(part.shape).toEqual(shape.with(axis, parts[i]!));
            expect([...part.dataSync()]).toEqual([...tf.slice(x, from, part.shape).dataSync()]);
            begin += parts[i]!;
          }
          const joined = tf.concat(apart, axis);
          expect(joined.shape).toEqual(shape);
          expect([...joined.dataSync()]).toEqual([...x.dataSync()]);
        });
      }),
    );
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it("a clipped value passes its gradient inside the limits and on them", async () => {
    await initBackend(backend);
    const found = tf.tidy(() => {
      const x = tf.tensor1d([-2, -1, 0, 1, 2, Number.NaN, Number.POSITIVE_INFINITY]);
      const dy = tf.tensor1d([1, 2, 3, 4, 5, 6, Number.NaN]);
      return tf
        .grad((v: tf.Tensor) => tf.clipByValue(v, -1, 1))(x, dy)
        .dataSync();
    });
    expect([...found]).toEqual([0, 2, 3, 4, 0, 0, 0]);
  });
});
