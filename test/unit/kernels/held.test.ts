/** What stays in the kernels' memory: functions read it there, leave it as it is, and give the same results. */

import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { l2, provideSums, shiftedSums } from "../../../src/engine/recording/norms.ts";
import { Arena } from "../../../src/kernels/arena.ts";
import { cachedKernels } from "../../../src/kernels/build.mjs";
import { ceil32, floor32 } from "../../../src/kernels/float32.ts";
import type { Held } from "../../../src/kernels/held.ts";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import type { ConvolutionSpec } from "../../../src/kernels/products.ts";
import { loadSums, type Sums } from "../../../src/kernels/sums.ts";
import { budget } from "../../budget.ts";
import { random, someKernels, twoThreads, uniform } from "./helpers.ts";

const image: ConvolutionSpec = {
  batch: 3,
  height: 9,
  width: 7,
  channels: 4,
  outHeight: 9,
  outWidth: 7,
  filters: 4,
  filterHeight: 3,
  filterWidth: 3,
  strideY: 1,
  strideX: 1,
  dilationY: 1,
  dilationX: 1,
  padTop: 1,
  padLeft: 1,
};
const pixels = 3 * 9 * 7 * 4;
const heads = { samples: 3, timesteps: 11, heads: 2, size: 6, later: -1e9 };
const sequence = 3 * 11 * 12;
const rows = { rows: 70, width: 9, epsilon: 1e-3 };

type Values = readonly Float32Array[];
interface Function {
  /** Lengths of what it reads. */
  readonly lengths: readonly number[];
  readonly call: (kernels: Kernels, values: Values) => readonly Float32Array[];
}

/** A product of 13 × 18 and 18 × 21, each operand as it is or transposed. */
function product(turnLeft: boolean, turnRight: boolean): Function {
  return {
    lengths: [2 * 13 * 18, 2 * 18 * 21, 21],
    call: ({ products }, [left, right, bias]) => [
      products.multiply({
        items: 2,
        rows: 13,
        columns: 21,
        inner: 18,
        left: { values: left!, row: turnLeft ? 1 : 18, column: turnLeft ? 13 : 1, item: 13 * 18 },
        right: { values: right!, row: turnRight ? 1 : 21, column: turnRight ? 18 : 1, item: 18 * 21 },
        bias: bias!,
      }),
    ],
  };
}

const functions: { readonly [name: string]: Function } = {
  "a product": product(false, false),
  "a product with its left operand transposed": product(true, false),
  "a product with its right operand transposed": product(false, true),
  "a convolution": {
    lengths: [pixels, 9 * 16, 4],
    call: ({ products }, [x, w, bias]) => [products.convolve(image, x!, w!, bias)],
  },
  "the gradient of a convolution's filter": {
    lengths: [pixels, pixels],
    call: ({ products }, [x, dy]) => [products.filterGradient(image, x!, dy!)],
  },
  "the gradient of a convolution's image": {
    lengths: [pixels, 9 * 16],
    call: ({ products }, [dy, w]) => [products.imageGradient(image, dy!, w!)],
  },
  "a depthwise convolution": {
    lengths: [pixels, 9 * 4],
    call: ({ depthwises }, [x, w]) => [depthwises.convolve(image, x!, w!)],
  },
  "the gradient of a depthwise convolution's image": {
    lengths: [pixels, 9 * 4],
    call: ({ depthwises }, [dy, w]) => [depthwises.imageGradient(image, dy!, w!)],
  },
  "the gradient of a depthwise convolution's filter": {
    lengths: [pixels, pixels],
    call: ({ depthwises }, [x, dy]) => [depthwises.filterGradient(image, x!, dy!)],
  },
  "layer normalization": {
    lengths: [630, 9, 9],
    call: ({ normalizations }, [x, gamma, beta]) => [normalizations.forward(rows, x!, gamma!, beta!)],
  },
  "the gradients of layer normalization": {
    lengths: [630, 9, 630],
    call: ({ normalizations }, [x, gamma, dy]) => Object.values(normalizations.backward(rows, x!, gamma!, dy!)),
  },
  "batch normalization": {
    lengths: [630, 9, 9],
    call: ({ batchNormalizations }, [x, gamma, beta]) =>
      Object.values(batchNormalizations.forward(rows, x!, gamma!, beta!)),
  },
  "the gradients of batch normalization": {
    lengths: [630, 9, 27, 630],
    call: ({ batchNormalizations }, [x, gamma, moments, dy]) =>
      Object.values(batchNormalizations.backward(rows, x!, gamma!, moments!, dy!)),
  },
  attention: {
    lengths: [sequence, sequence, sequence, 33],
    call: ({ attentions }, [query, key, value, added]) => [
      attentions.forward(heads, { query: query!, key: key!, value: value! }, added!),
    ],
  },
  "the gradients of attention": {
    lengths: [sequence, sequence, sequence, 33, sequence],
    call: ({ attentions }, [query, key, value, added, dy]) =>
      Object.values(attentions.backward(heads, { query: query!, key: key!, value: value! }, added!, dy!)),
  },
  "a sum": { lengths: [9001, 9001], call: ({ elementwise }, [x, y]) => [elementwise.add(x!, y!)] },
  relu: { lengths: [9001], call: ({ elementwise }, [x]) => [elementwise.relu(x!)] },
  "the gradient of relu": {
    lengths: [9001, 9001],
    call: ({ elementwise }, [x, dy]) => [elementwise.reluGradient(x!, dy!)],
  },
  "sums of columns": { lengths: [37 * 29], call: ({ elementwise }, [x]) => [elementwise.columnSums(x!, 37)] },
};

describe.each([1, 2])("on %i threads", (threads) => {
  let kernels: Kernels;
  let sums: Sums;
  beforeAll(async () => {
    kernels = threads === 1 ? await someKernels() : await twoThreads();
    sums = await loadSums(await cachedKernels());
    kernels.lendTo(sums);
    return () => kernels.close();
  });

  it.each(Object.entries(functions))("%s", (_, { lengths, call }) => {
    const values = lengths.map((length, i) => uniform(random(i + 1), length, 1));
    const expected = call(kernels, values).map((v) => v.slice());
    // Each alone, and all together.
    for (const held of [...lengths.map((_, i) => [i]), lengths.map((_, i) => i)]) {
      const blocks = new Map<number, Held>(held.map((i) => [i, kernels.holder.copy(values[i]!)]));
      const given = values.map((v, i) => blocks.get(i)?.values ?? v);
      expect(call(kernels, given).map((v) => v.slice())).toEqual(expected);
      for (const [i, block] of blocks) {
        expect(block.values).toEqual(values[i]);
        block.release();
      }
    }
  });

  it("a result stays where it is kept, and nothing else is kept", () => {
    const [x, y] = [uniform(random(1), 5000, 1), uniform(random(2), 5000, 1)];
    const result = kernels.elementwise.add(x, y);
    const expected = result.slice();
    const kept = kernels.holder.keep(result)!;
    for (let i = 0; i < 3; i++) kernels.elementwise.relu(x);
    kernels.activate("linear", new Float32Array(3_000_000 * threads));
    expect(kept.values).toEqual(expected);
    expect(kernels.holder.keep(kept.values)).toBeNull();
    expect(kernels.holder.keep(x)).toBeNull();
    kept.release();
  });

  it("sums and counts of values are those of plain loops, wherever they lie", () => {
    const next = random(5);
    for (const length of [1, 5000, 262_144, 300_003]) {
      const values = Float32Array.from({ length }, () => Math.round(40 * next() - 20) / 10);
      values[length >> 1] = 0.30000001192092896;
      const figures = (v: Float32Array) => ({ norm: l2(v), ...shiftedSums(v, values[0]!, -0.9, 0.3) });
      const expected = figures(values);
      const held = kernels.holder.copy(values);
      provideSums(sums);
      const found = figures(held.values);
      provideSums(null);
      held.release();
      expect(found.outside).toBe(expected.outside);
      for (const name of ["norm", "sum", "squares"] as const)
        expect(Math.abs(found[name] - expected[name])).toBeLessThanOrEqual(1e-10 * (expected.squares + 1));
    }
  });

  it("sums of rows of any length", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 40 }), (width, count) => {
        const x = Float32Array.from({ length: width * count }, (_, i) => i % 101);
        const expected = new Float32Array(width);
        for (const [i, v] of x.entries()) expected[i % width]! += v;
        expect(kernels.elementwise.columnSums(x, width).slice()).toEqual(expected);
      }),
      { numRuns: budget(30, 500) },
    );
  });
});

it("a range of the memory is claimed only if it is free", () => {
  const action = fc.record({
    what: fc.constantFrom("allocate", "claim", "release"),
    start: fc.integer({ min: 0, max: 40 }),
    size: fc.integer({ min: 1, max: 8 }),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const unit = 64;
      const arena = new Arena(new WebAssembly.Memory({ initial: 1, maximum: 10 }), 0);
      const taken: { start: number; size: number }[] = [];
      const overlaps = (start: number, size: number) =>
        taken.some((block) => block.start < start + size && start < block.start + block.size);
      for (const { what, start, size } of actions) {
        if (what === "allocate") {
          const at = arena.allocate(size * unit) / unit;
          expect(overlaps(at, size)).toBe(false);
          taken.push({ start: at, size });
        } else if (what === "claim") {
          expect(arena.claim(start * unit, size * unit)).toBe(!overlaps(start, size));
          if (!overlaps(start, size)) taken.push({ start, size });
          expect(arena.claim(start * unit + 4, 4)).toBe(false);
        } else if (taken.length > 0) {
          const [block] = taken.splice(start % taken.length, 1);
          arena.release(block!.start * unit, block!.size * unit);
        }
      }
      for (const { start, size } of taken) arena.release(start * unit, size * unit);
      // All of it is one free block again.
      expect(arena.allocate(100 * unit)).toBe(0);
    }),
    { numRuns: budget(200, 5000) },
  );
});

it("a number lies between its float32 neighbours", () => {
  const numbers = fc.oneof(fc.double(), fc.float(), fc.constantFrom(0, -0, 1e-50, -1e-50, 3.5e38, -3.5e38));
  fc.assert(
    fc.property(numbers, (x) => {
      const [low, high] = [floor32(x), ceil32(x)];
      if (Number.isNaN(x)) {
        expect([low, high]).toEqual([Number.NaN, Number.NaN]);
        return;
      }
      expect([Math.fround(low), Math.fround(high)]).toEqual([low, high]);
      expect(low <= x && x <= high).toBe(true);
      // There is no float32 between them.
      const between = Math.fround(x);
      expect(between === low || between === high).toBe(true);
      if (between === x) expect(low === high).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
