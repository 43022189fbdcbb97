/** A stop within a step ends the computation at its next look, and keeps everything before the step. */

import { Worker } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { JsonValue } from "../../../../src/config/resolved.ts";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { kernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import type { RunOptions } from "../../../../src/engine/training/runModel.ts";
import { inPieces, nowRuns, Stopped, stopBlock, stopWords } from "../../../../src/kernels/stop.ts";
import { budget, sampled } from "../../../budget.ts";
import { entries, type Run, resolved, run } from "./support.ts";

/** Number of the computation. */
const number = 7;

type Layers = readonly (readonly [string, { readonly [key: string]: JsonValue }])[];

const dense: Layers[number] = ["dense", { units: 1 }];
const nets: { readonly [name: string]: { readonly layers: Layers; readonly options?: RunOptions } } = {
  "kernels, masks of dropout and moving averages": {
    layers: [
      ["lstm", { units: 6, recurrentDropout: 0.2, returnSequences: true }],
      ["batchNormalization", {}],
      ["gru", { units: 4 }],
      dense,
    ],
  },
  taps: { layers: [["lstm", { units: 6 }], dense], options: { recurrent: "taps" } },
  "an external memory": {
    layers: [["externalMemory", { units: 6, slots: 5, width: 4 }], dense],
  },
  "convolutions and attention": {
    layers: [
      ["conv1d", { filters: 8, kernelSize: 3, padding: "same" }],
      ["transformerEncoder", { heads: 2 }],
      ["globalAveragePooling1d", {}],
      dense,
    ],
  },
  "tensors that stay in the kernels' memory": {
    layers: [
      ["dense", { units: 256, activation: "relu" }],
      ["dense", { units: 64, activation: "relu" }],
      ["globalAveragePooling1d", {}],
      dense,
    ],
  },
};

const task = { kind: "task", task: "addingProblem", length: 10, samples: 64, seed: 1, test: null } as const;

async function steps(
  { layers, options }: (typeof nets)[string],
  planned: number | null,
  length: number = task.length,
): Promise<Run> {
  const model = resolved(entries(layers), { data: { ...task, length } });
  return await run(model, { steps: planned ?? 1_000_000 }, { need: false, ...options });
}

/** Counts this thread's looks, and asks for a stop at the `n`-th one, where the thread that hears of stops would. */
function countLooks(n = Infinity): () => number {
  const add = Atomics.add.bind(Atomics);
  let looks = 0;
  vi.spyOn(Atomics, "add").mockImplementation((array, index, value) => {
    if (Object.is(array, stopBlock) && index === stopWords.looks && ++looks === n)
      Atomics.store(stopBlock, stopWords.asked, number);
    return add(array, index, value);
  });
  return () => looks;
}

async function held(): Promise<readonly number[]> {
  const source = await kernelSource();
  if ("reason" in source) throw new Error(source.reason);
  const { numTensors, numDataBuffers } = tf.memory();
  // What an operation makes belongs to no tensor before the operation ends.
  return [numTensors, numDataBuffers, tf.engine().backend.numDataIds(), source.kernels.bytes];
}

beforeAll(async () => {
  await initBackend("wasm");
});
beforeEach(() => nowRuns(number));
afterEach(() => {
  vi.restoreAllMocks();
  Atomics.store(stopBlock, stopWords.asked, 0);
  nowRuns(0);
});

describe("a stop at any look of a run", () => {
  it.each(sampled(Object.keys(nets), 4, 0, 1))(
    "keeps the steps before it and leaves nothing behind: %s",
    async (name) => {
      const net = nets[name]!;
      const whole = await steps(net, 3);
      const count = countLooks();
      await steps(net, 3);
      const all = count();
      vi.restoreAllMocks();
      expect(all).toBeGreaterThan(30);
      const before = await held();
      const ends = new Set<number>();
      for (let i = 0; i < budget(4, 60, 8); i++) {
        const at = 1 + Math.floor(((i + Math.random()) * all) / budget(4, 60, 8));
        const looks = countLooks(at);
        const { outcome, frames } = await steps(net, 3);
        vi.restoreAllMocks();
        Atomics.store(stopBlock, stopWords.asked, 0);
        // After the last step's update nothing is left to stop.
        if (outcome.kind === "completed") expect(frames).toHaveLength(3);
        else expect(outcome, `look ${at} of ${all}`).toEqual({ kind: "cancelled" });
        // Callers look once more each, however deep the calls are.
        if (outcome.kind === "cancelled") expect(looks() - at).toBeLessThan(12);
        expect(frames.map((frame) => frame.rows[0])).toEqual(
          whole.frames.slice(0, frames.length).map((frame) => frame.rows[0]),
        );
        expect(await held(), `look ${at} of ${all}`).toEqual(before);
        ends.add(frames.length);
      }
      expect(ends.size).toBeGreaterThan(1);
    },
  );
});

it("a stop within an operation leaves nothing of it behind", async () => {
  await held();
  const x = tf.ones([160, 160]);
  const kept = tf.matMul(x, x);
  const operations: readonly (() => tf.Tensor)[] = [
    () => tf.sum(kept, 0),
    () => tf.relu(kept),
    () => tf.add(kept, kept),
    () => tf.matMul(kept, x),
    () => tf.fused.matMul({ a: kept, b: x, activation: "relu" }),
    () => tf.grad((t) => tf.sum(tf.relu(t)))(kept),
  ];
  for (const [i, operation] of operations.entries()) {
    const before = await held();
    for (let at = 1, stopped = true; stopped; at++) {
      countLooks(at);
      try {
        tf.tidy(() => void operation());
        stopped = false;
      } catch (error) {
        expect(error).toBeInstanceOf(Stopped);
      }
      vi.restoreAllMocks();
      Atomics.store(stopBlock, stopWords.asked, 0);
      expect(await held(), `operation ${i}, look ${at}`).toEqual(before);
    }
  }
  tf.dispose([x, kept]);
});

it("a stop of another thread ends a step that takes long", { tags: "thorough" }, async () => {
  const worker = new Worker(
    `const { workerData: { block, words, number } } = require("node:worker_threads");
     const begun = Atomics.load(block, words.looks);
     while (Atomics.load(block, words.looks) - begun < 400);
     Atomics.store(block, words.asked, number);`,
    { eval: true, workerData: { block: stopBlock, words: stopWords, number } },
  );
  const { outcome, frames } = await steps({ layers: [["lstm", { units: budget(384, 1024) }], dense] }, null, 3000);
  expect(outcome).toEqual({ kind: "cancelled" });
  expect(frames).toHaveLength(0);
  await worker.terminate();
});

it("a stop of another computation changes nothing", async () => {
  Atomics.store(stopBlock, stopWords.asked, number + 2);
  expect((await steps(nets["taps"]!, 2)).outcome).toEqual({ kind: "completed" });
});

it("a stop ends what is computed of a long array after a piece of it", () => {
  const sizes: number[] = [];
  const compute = () => inPieces(1_000_000, (from, to) => sizes.push(to - from));
  const looks = countLooks();
  compute();
  expect(sizes.reduce((sum, size) => sum + size)).toBe(1_000_000);
  expect(looks()).toBe(sizes.length);
  vi.restoreAllMocks();
  sizes.length = 0;
  countLooks(2);
  expect(compute).toThrow(Stopped);
  expect(sizes).toHaveLength(2);
});
