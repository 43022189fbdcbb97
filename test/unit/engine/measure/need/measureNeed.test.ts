import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Dataset } from "../../../../../src/engine/data/dataset.ts";
import { createRandom } from "../../../../../src/engine/data/random.ts";
import { donors, exchanged } from "../../../../../src/engine/measure/need/exchange.ts";
import type { NeedQuestion } from "../../../../../src/engine/measure/need/exchangedAnswers.ts";
import { rise } from "../../../../../src/engine/measure/need/groupLosses.ts";
import { measureNeed } from "../../../../../src/engine/measure/need/measureNeed.ts";
import { smallestHarmless } from "../../../../../src/engine/measure/need/search.ts";
import { budget } from "../../../../budget.ts";
import { datasetOf, everywhere, sequences } from "../../data/lag/sequences.ts";
import { useBackend } from "../../instrument/backends.ts";

const squares = (targets: tf.Tensor, outputs: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(outputs, targets)));
const normal = (random: { normal(): number }) => random.normal();

/** A known net: a function of its whole inputs. */
function question(dataset: Dataset, predict: NeedQuestion["predict"], changes: Partial<NeedQuestion> = {}) {
  const [timesteps = 1, width = 1] = dataset.inputShape;
  return {
    dataset,
    axis: { timesteps, width },
    masked: false,
    predict,
    loss: squares,
    batchSize: 32,
    worthwhile: null,
    limit: Number.POSITIVE_INFINITY,
    ...changes,
  };
}

const never = new AbortController().signal;

/** Σ weight × x_{T − 1 − lag}. */
function linear(timesteps: number, weights: Readonly<Record<number, number>>): NeedQuestion["predict"] {
  return (x) => {
    const kernel = new Float32Array(timesteps);
    for (const [lag, weight] of Object.entries(weights)) kernel[timesteps - 1 - Number(lag)] = weight;
    return tf.matMul(tf.reshape(x, [-1, timesteps]), tf.tensor(kernel, [timesteps, 1]));
  };
}

describe("measured need", () => {
  beforeAll(() => useBackend("cpu"));

  it.each([
    ["the last value", { 0: 1 }, 0],
    ["the last three", { 0: 1, 1: -0.5, 2: 0.7 }, 2],
    ["one of the middle, and the last", { 0: 1, 37: 1 }, 37],
    ["the first", { 95: 1 }, 95],
  ] as const)("of a linear net that uses %s is found", async (_, weights, lag) => {
    const target = (x: (t: number) => number): number =>
      Object.entries(weights).reduce((sum, [k, w]) => sum + w * x(95 - Number(k)), 0);
    const dataset = sequences(300, [96, 1], normal, target, 1);
    const found = await measureNeed(question(dataset, linear(96, weights)), never);
    expect(found).toMatchObject({ lag, timesteps: 96, samples: 256, held: false });
    expect(found?.loss).toBeCloseTo(0, 5);
    expect(found?.lossWithout).toBeGreaterThan(0.5);
  });

  it("is what the net uses, not what the targets require", async () => {
    const dataset = sequences(300, [40, 1], normal, (x) => x(39) + x(5), 2);
    expect((await measureNeed(question(dataset, linear(40, { 0: 1 })), never))?.lag).toBe(0);
  });

  it("of several inputs counts the timesteps of all sequences; an input without timesteps belongs to the last one", async () => {
    const timesteps = 20;
    const one = sequences(300, [timesteps, 1], normal, (x) => x(timesteps - 1 - 6), 2);
    // Two sequences and a vector of two, one after the other; the targets are x_(T − 7) of the second and the vector's last.
    const size = 2 * timesteps + 2;
    const random = createRandom(8);
    const inputs = Float32Array.from({ length: 300 * size }, () => random.normal());
    const targets = Float32Array.from(
      { length: 300 },
      (_, i) => inputs[i * size + 2 * timesteps - 7]! + inputs[i * size + size - 1]!,
    );
    const dataset = { ...one, inputs, targets, inputShape: [size] };
    const blocks = [
      { offset: 0, width: 1, sequence: true },
      { offset: timesteps, width: 1, sequence: true },
      { offset: 2 * timesteps, width: 2, sequence: false },
    ];
    const kernel = new Float32Array(size);
    kernel[2 * timesteps - 7] = 1;
    kernel[size - 1] = 1;
    const predict = (x: tf.Tensor): tf.Tensor => tf.matMul(x, tf.tensor(kernel, [size, 1]));
    const axis = { timesteps, width: 4 };
    expect(await measureNeed(question(dataset, predict, { axis, blocks }), never)).toMatchObject({ lag: 6, timesteps });
  });

  it("ignores differences that do not matter", async () => {
    const dataset = sequences(300, [40, 1], normal, (x) => x(39), 2);
    expect((await measureNeed(question(dataset, linear(40, { 0: 1, 30: 0.02 })), never))?.lag).toBe(0);
  });

  it("is the distance of an echo in a net that answers at every timestep", { tags: "thorough" }, async () => {
    const dataset = everywhere(budget(120, 300), 50, normal, (x, t) => x(t - 10), 3);
    const echo = (x: tf.Tensor): tf.Tensor =>
      tf.concat([tf.zeros([x.shape[0]!, 10, 1]), tf.slice(x, [0, 0, 0], [-1, 40, 1])], 1);
    const found = await measureNeed(question(dataset, echo), never);
    expect(found?.lag).toBe(10);
  });

  it("does not exist for a net that ignores its inputs, or has learnt nothing", async () => {
    const dataset = sequences(300, [20, 1], normal, (x) => x(19), 4);
    const mean = (x: tf.Tensor): tf.Tensor => tf.zeros([x.shape[0]!, 1]);
    expect((await measureNeed(question(dataset, mean), never))?.lag).toBeNull();
    expect(await measureNeed(question(dataset, mean, { worthwhile: 0.9 }), never)).toBeNull();
  });

  it("is measured on samples kept for testing, and on those without padding if rows are masked", async () => {
    const dataset = sequences(100, [20, 1], normal, (x) => x(19), 5);
    const test = sequences(80, [20, 1], normal, (x) => x(19), 6);
    const padded = test.inputs.slice();
    for (let s = 0; s < 40; s++) padded.fill(0, s * 20 + 10, s * 20 + 20);
    const held = { ...dataset, test };
    expect(await measureNeed(question(held, linear(20, { 0: 1 })), never)).toMatchObject({ held: true, samples: 80 });
    const masked = question({ ...held, test: { ...test, inputs: padded } }, linear(20, { 0: 1 }), { masked: true });
    expect(await measureNeed(masked, never)).toMatchObject({ held: true, samples: 40, lag: 0 });
  });

  it("is not reported with too few samples, beyond its time limit, or when cancelled; and leaves no tensor behind", async () => {
    const dataset = sequences(300, [20, 1], normal, (x) => x(19), 7);
    const before = tf.memory().numTensors;
    expect(
      await measureNeed(
        question(
          sequences(20, [20, 1], normal, (x) => x(19), 7),
          linear(20, { 0: 1 }),
        ),
        never,
      ),
    ).toBeNull();
    expect(await measureNeed(question(dataset, linear(20, { 0: 1 }), { limit: 0 }), never)).toBeNull();
    expect(await measureNeed(question(dataset, linear(20, { 0: 1 })), AbortSignal.abort())).toBeNull();
    await measureNeed(question(dataset, linear(20, { 0: 1 })), never);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("the parts of it", () => {
  it("give each sample the beginning of another one", () => {
    for (const samples of [2, 7, 64]) {
      const from = donors(samples, 0);
      expect([...from].sort((a, b) => a - b)).toEqual(Array.from({ length: samples }, (_, i) => i));
      expect([...from].some((donor, i) => donor === i)).toBe(false);
    }
    const inputs = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    expect([...exchanged(inputs, Uint32Array.of(1, 0), 1, { timesteps: 2, width: 2 })]).toEqual([
      5, 6, 3, 4, 1, 2, 7, 8,
    ]);
  });

  it("distinguish a rise from chance", () => {
    const random = createRandom(1);
    const before = Float64Array.from({ length: 16 }, () => random.normal());
    expect(rise(before, [before.map((l) => l + 0.1)], 1)).toMatchObject({ sure: true });
    expect(rise(before, [before.map((l) => l + 0.01)], 1).sure).toBe(false);
    expect(rise(before, [before.map((l) => l + 0.1 + random.normal())], 1).sure).toBe(false);
  });

  it.each([0, 1, 2, 5, 31, 62, 63])("find the smallest lag beyond which nothing matters: %i", async (need) => {
    let tests = 0;
    const { lag } = await smallestHarmless(64, async (k) => {
      tests++;
      return { loss: 0, harmful: k < need };
    });
    expect(lag).toBe(need);
    expect(tests).toBeLessThan(14);
  });

  it("do not stop at a gap that does not matter", async () => {
    const { lag } = await smallestHarmless(64, async (k) => ({ loss: 0, harmful: k === 0 || (k > 12 && k < 40) }));
    expect(lag).toBe(40);
  });
});

describe("a data set without a time axis of its own", () => {
  beforeAll(() => useBackend("cpu"));

  it("is exchanged token by token", async () => {
    const random = createRandom(9);
    const inputs = Float32Array.from({ length: 300 * 12 }, () => random.integer(5));
    const targets = Float32Array.from({ length: 300 }, (_, s) => inputs[s * 12 + 7]!);
    const dataset = datasetOf({ inputs, targets, inputShape: [12], targetShape: [1] });
    const found = await measureNeed(question(dataset, linear(12, { 4: 1 })), never);
    expect(found?.lag).toBe(4);
  });
});
