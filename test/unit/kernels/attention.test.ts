import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
// Registers the gradients of all operations.
import "@tensorflow/tfjs-layers";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AttentionSpec, Sequences } from "../../../src/kernels/attention.ts";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import { budget } from "../../budget.ts";
import { random, relativeDifference, someKernels, twoThreads, uniform } from "./helpers.ts";

let kernels: Kernels;
let threaded: Kernels;
beforeAll(async () => {
  await tf.setBackend("cpu");
  kernels = await someKernels();
  threaded = await twoThreads();
});
afterAll(() => Promise.all([kernels.close(), threaded.close()]));

const specs: fc.Arbitrary<AttentionSpec & { readonly masked: boolean; readonly seed: number }> = fc.record({
  samples: fc.integer({ min: 1, max: 3 }),
  // Around the multiples of 5, 8 and of the 64 queries that the backward pass takes together.
  timesteps: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(63, 64, 65, 130)),
  heads: fc.integer({ min: 1, max: 3 }),
  size: fc.integer({ min: 1, max: 19 }),
  later: fc.constantFrom(null, -1e9),
  masked: fc.boolean(),
  seed: fc.nat(),
});

interface Found {
  readonly output: Float32Array;
  readonly gradients: Sequences;
}

/** Attention by definition, in tfjs's operations. */
function defined(
  { samples, timesteps, heads, size, later }: AttentionSpec,
  { query, key, value }: Sequences,
  added: Float32Array | null,
  dy: Float32Array,
): Found {
  return tf.tidy(() => {
    const shape = [samples, timesteps, heads, size];
    const attended = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor): tf.Tensor => {
      const [a, b, c] = [q, k, v].map((x) => tf.transpose(x, [0, 2, 1, 3]));
      let scores = tf.mul(tf.matMul(a!, b!, false, true), 1 / Math.sqrt(size));
      if (later !== null) {
        const ones = tf.ones([timesteps, timesteps]);
        scores = tf.add(scores, tf.mul(tf.sub(ones, tf.linalg.bandPart(ones as tf.Tensor2D, -1, 0)), later));
      }
      if (added) scores = tf.add(scores, tf.tensor(added, [samples, 1, 1, timesteps]));
      return tf.transpose(tf.matMul(tf.softmax(scores), c!), [0, 2, 1, 3]);
    };
    const inputs = [query, key, value].map((x) => tf.tensor(x, shape));
    const output = attended(inputs[0]!, inputs[1]!, inputs[2]!);
    const gradients = tf.grads((...x: tf.Tensor[]) => attended(x[0]!, x[1]!, x[2]!))(inputs, tf.tensor(dy, shape));
    const values = [output, ...gradients].map((x) => x.dataSync<"float32">().slice());
    return { output: values[0]!, gradients: { query: values[1]!, key: values[2]!, value: values[3]! } };
  });
}

function found(
  { attentions }: Kernels,
  spec: AttentionSpec,
  x: Sequences,
  added: Float32Array | null,
  dy: Float32Array,
): Found {
  const output = attentions.forward(spec, x, added).slice();
  const { query, key, value } = attentions.backward(spec, x, added, dy);
  return { output, gradients: { query: query.slice(), key: key.slice(), value: value.slice() } };
}

it("equals its definition, with gradients, and is the same on several threads", () => {
  fc.assert(
    fc.property(specs, ({ masked, seed, ...spec }) => {
      const next = random(seed);
      const length = spec.samples * spec.timesteps * spec.heads * spec.size;
      const [query, key, value, dy] = Array.from({ length: 4 }, () => uniform(next, length, 2));
      const sequences = { query: query!, key: key!, value: value! };
      const added = masked
        ? Float32Array.from({ length: spec.samples * spec.timesteps }, () => (next() < 0.3 ? -1e9 : 0))
        : null;
      const expected = defined(spec, sequences, added, dy!);
      const one = found(kernels, spec, sequences, added, dy!);
      expect(relativeDifference(one.output, expected.output)).toBeLessThan(1e-4);
      for (const name of ["query", "key", "value"] as const) {
        // If a query sees a single key, the gradients of the scores are zero except for rounding.
        const scale = Math.hypot(...expected.gradients.value) / Math.sqrt(length);
        const difference = one.gradients[name].map((v, i) => v - expected.gradients[name][i]!);
        expect(Math.hypot(...difference) / Math.sqrt(length)).toBeLessThan(1e-4 * scale);
      }
      expect(found(threaded, spec, sequences, added, dy!)).toEqual(one);
    }),
    { numRuns: budget(4, 60, 8) },
  );
});

it("shares are computed from scores of any size", () => {
  const spec = { samples: 1, timesteps: 2, heads: 1, size: 1, later: null };
  const run = (query: number[], key: number[]): number[] => [
    ...kernels.attentions.forward(
      spec,
      { query: Float32Array.from(query), key: Float32Array.from(key), value: Float32Array.of(1, 2) },
      null,
    ),
  ];
  expect(run([1e3, -1e3], [1e3, 0])).toEqual([1, 2]);
  expect(run([Number.NaN, 0], [1, 1])).toEqual([Number.NaN, 1.5]);
});
