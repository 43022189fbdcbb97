import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients.
import "@tensorflow/tfjs-layers";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { budget } from "../../../budget.ts";

const poolings = { maxPool: tf.maxPool, avgPool: tf.avgPool };

const cases = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 3, max: 7 }),
  width: fc.integer({ min: 3, max: 7 }),
  channels: fc.integer({ min: 1, max: 3 }),
  size: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 })),
  pad: fc.constantFrom("same" as const, "valid" as const),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

/** Whole numbers, all different, so that no kink lies within reach of the differences. */
function values(length: number, seed: number): Float32Array {
  const shuffled = tf.util.createShuffledIndices(length);
  return Float32Array.from(shuffled, (i) => ((i * 7919 + seed) % (4 * length)) / 16);
}

describe.each(["wasm", "cpu"] as const)("on the %s backend", (backend) => {
  beforeAll(async () => {
    await initBackend(backend);
  });

  it.each(["maxPool", "avgPool"] as const)("the gradient of %s matches its finite differences", (name) => {
    fc.assert(
      fc.property(cases, ({ batch, height, width, channels, size, strides, pad, seed }) => {
        tf.tidy(() => {
          const shape: [number, number, number, number] = [batch, height, width, channels];
          const pool = (x: tf.Tensor) => poolings[name](x as tf.Tensor4D, size, strides, pad);
          const x = values(batch * height * width * channels, seed);
          const weights = tf.randomUniform(pool(tf.tensor4d(x, shape)).shape, -1, 1, "float32", seed);
          const loss = (v: tf.Tensor): tf.Scalar => tf.sum(tf.mul(pool(v), weights));
          const gradient = tf.grad(loss)(tf.tensor4d(x, shape)).dataSync();
          for (let i = 0; i < x.length; i += 1 + (seed % 5)) {
            const moved = (by: number): number => {
              const copy = x.slice();
              copy[i]! += by;
              return loss(tf.tensor4d(copy, shape)).dataSync()[0]!;
            };
            expect((moved(1 / 64) - moved(-1 / 64)) * 32).toBeCloseTo(gradient[i]!, 2);
          }
        });
      }),
      { numRuns: budget(4, 25, 10) },
    );
  });

  it.each(["maxPool3d", "avgPool3d"] as const)("the gradient of %s matches its finite differences", (name) => {
    const pooling = { maxPool3d: tf.maxPool3d, avgPool3d: tf.avgPool3d }[name];
    fc.assert(
      fc.property(cases, ({ batch, height, width, channels, size, strides, pad, seed }) => {
        tf.tidy(() => {
          const shape: [number, number, number, number, number] = [batch, 4, height, width, channels];
          const pool = (x: tf.Tensor) =>
            pooling(x as tf.Tensor5D, [1 + (seed % 3), ...size], [1 + (seed % 2), ...strides], pad);
          // Below zero, where a maximum must not begin at 0.
          const x = values(4 * batch * height * width * channels, seed).map((v) => v - 1000);
          const weights = tf.randomUniform(pool(tf.tensor5d(x, shape)).shape, -1, 1, "float32", seed);
          const loss = (v: tf.Tensor): tf.Scalar => tf.sum(tf.mul(tf.add(pool(v), 1000), weights));
          const gradient = tf.grad(loss)(tf.tensor5d(x, shape)).dataSync();
          for (let i = 0; i < x.length; i += 7 + (seed % 5)) {
            const moved = (by: number): number => {
              const copy = x.slice();
              copy[i]! += by;
              return loss(tf.tensor5d(copy, shape)).dataSync()[0]!;
            };
            expect((moved(1 / 64) - moved(-1 / 64)) * 32).toBeCloseTo(gradient[i]!, 1);
          }
        });
      }),
      { numRuns: budget(2, 10, 4) },
    );
  });

  it("a NaN is in exactly those windows that cover it", () => {
    const x = new Float32Array(25).fill(1);
    x[12] = Number.NaN;
    for (const name of ["maxPool", "avgPool"] as const) {
      const pooled = tf.tidy(() => poolings[name](tf.tensor4d(x, [1, 5, 5, 1]), 3, 1, "same").dataSync());
      expect([...pooled].map(Number.isNaN)).toEqual(
        Array.from({ length: 25 }, (_, i) => Math.abs(Math.floor(i / 5) - 2) <= 1 && Math.abs((i % 5) - 2) <= 1),
      );
    }
  });

  it("the first of several largest values receives the gradient", () => {
    const gradient = tf.tidy(() =>
      tf
        .grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"))(tf.ones([1, 2, 2, 1]))
        .dataSync(),
    );
    expect([...gradient]).toEqual([1, 0, 0, 0]);
  });
});
