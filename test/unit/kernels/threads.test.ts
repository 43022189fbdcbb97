/** Kernels on several threads: the same results, failures of workers, and the choice between one thread and several. */

import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Calibration } from "../../../src/kernels/calibration.ts";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import type { RecurrentSpec } from "../../../src/kernels/spec.ts";
import { Threads } from "../../../src/kernels/threads.ts";
import { patience } from "../../../tools/patience.mts";
import { random, randomArrays, randomSpec, relativeDifference, someKernels } from "./helpers.ts";

const small: RecurrentSpec = {
  kind: "lstm",
  timesteps: 3,
  batch: 4,
  inputs: 2,
  units: 5,
  activation: "tanh",
  recurrentActivation: "sigmoid",
};

/** (module (func (export "forward") (param i32 i32 i32) unreachable)) */
const trapping = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 7, 1, 0x60, 3, 0x7f, 0x7f, 0x7f, 0],
  ...[3, 2, 1, 0],
  ...[7, 11, 1, 7, ...Buffer.from("forward"), 0, 0],
  ...[10, 5, 1, 3, 0, 0, 0x0b],
);

describe("threads", () => {
  let alone: Kernels;
  let together: Kernels;
  beforeAll(async () => {
    alone = await someKernels();
    together = await someKernels(3);
    while (together.threads < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  });
  afterAll(() => together.close());

  it.each(["simpleRNN", "lstm", "gru"] as const)(
    "change no gradient of a %s, and its figures only by rounding",
    { tags: "thorough" },
    (kind) => {
      const next = random(5);
      for (let i = 0; i < 10; i++) {
        // The last case is long enough for the statistics to be shared among threads, too.
        const long = i === 9 ? { timesteps: 500 } : {};
        const [masked, recurrentDropout] = [i % 2 === 1, i % 3 === 1];
        const chosen = { ...randomSpec(kind, next), batch: 17 + Math.floor(next() * 30), ...long };
        const spec: RecurrentSpec = { ...chosen, masked, recurrentDropout };
        const zerosAndOnes = (length: number) => Float32Array.from({ length }, () => Number(next() < 0.6));
        const arrays = {
          ...randomArrays(spec, next),
          mask: masked ? zerosAndOnes(spec.batch * spec.timesteps) : undefined,
          recurrentMask: recurrentDropout ? zerosAndOnes(spec.batch * spec.units) : undefined,
        };
        const gradients = { sequence: arrays.dSequence, h: arrays.dh, c: arrays.dc };
        const results = [alone, together].map((kernels) => {
          const plan = kernels.plan(spec);
          return (["never", "always", "measured"] as const).map((use) => {
            plan.threads = use;
            const { sequence } = plan.forward(arrays);
            const copy = sequence?.slice() ?? new Float32Array();
            const { kernel, recurrentKernel, bias, peepholes, x, h0, c0 } = plan.backward(gradients);
            const copies = [kernel, recurrentKernel, bias, peepholes, x, h0, c0].map((v) => v?.slice() ?? copy);
            const { states, logContribution } = plan.statistics();
            const measured = [
              ...states.flatMap((s) => [s.logNorm, s.gain, s.p90]),
              logContribution.map((v) => 10 ** v),
            ];
            return { exact: [copy, ...copies], measured };
          });
        });
        const [expected] = results[0]!;
        for (const { exact, measured } of results[1]!) {
          // On a machine, training is reproducible to the bit, however many threads the trials choose.
          expect(exact).toEqual(results[1]![0]!.exact);
          // Masked samples are shared out by their lengths, so that their order differs with the most threads there may be.
          for (const [k, values] of exact.entries())
            expect(relativeDifference(values, expected!.exact[k]!)).toBeLessThanOrEqual(masked ? 1e-6 : 0);
          for (const [k, values] of measured.entries())
            expect(relativeDifference(values, expected!.measured[k]!)).toBeLessThan(1e-6);
        }
      }
    },
  );

  it("are not used without shared memory", async () => {
    vi.stubGlobal("SharedArrayBuffer", undefined);
    try {
      const kernels = await someKernels(4);
      const arrays = randomArrays(small, random(6));
      const { h } = kernels.plan(small).forward(arrays);
      expect(kernels.threads).toBe(1);
      expect(h).toEqual(alone.plan(small).forward(arrays).h);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("do each share once, however late a call is announced: they may have found it by themselves", async () => {
    const threaded = await someKernels(2);
    await vi.waitFor(() => expect(threaded.threads).toBe(2), patience.wait);
    const spec: RecurrentSpec = { ...small, timesteps: 20, batch: 32, units: 16 };
    const next = random(8);
    const two = [randomArrays(spec, next), randomArrays(spec, next)];
    const expected = two.map((arrays) => alone.plan(spec).forward(arrays).h.slice());
    const plan = threaded.plan(spec);
    plan.threads = "always";
    const notify = Atomics.notify.bind(Atomics);
    const idle = new Int32Array(new SharedArrayBuffer(4));
    let announce = (): unknown => undefined;
    const late = vi.spyOn(Atomics, "notify").mockImplementation((...args) => {
      announce = () => notify(...args);
      return notify(...args);
    });
    try {
      for (let i = 0; i < 100; i++) {
        expect(plan.forward(two[i % 2]!).h).toEqual(expected[i % 2]);
        // Simulates that the calling thread was interrupted before it announced the call, while the worker waits again.
        Atomics.wait(idle, 0, 0, 2);
        announce();
      }
    } finally {
      late.mockRestore();
      await threaded.close();
    }
  });

  const someThreads = () => {
    const module = new WebAssembly.Module(trapping);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const threads = new Threads(1, module, memory);
    while (!threads.ready) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    return threads;
  };

  it("pass on an error in a worker instead of waiting for it", () => {
    const threads = someThreads();
    expect(() => threads.run("forward", 0, 4, () => undefined)).toThrow("A share of forward failed");
    expect(threads.ready).toBe(false);
    return threads.close();
  });

  it("are not ready after they were closed, and nobody waits for them", async () => {
    const threads = someThreads();
    await threads.close();
    expect(threads.ready).toBe(false);
    let own = 0;
    expect(() =>
      threads.run("forward", 0, 4, () => {
        own++;
      }),
    ).toThrow("No worker thread is left");
    expect(own).toBe(0);
  });

  it("are not used after one of them has ended", async () => {
    const workers: Worker[] = [];
    const seen = (worker: Worker): void => {
      workers.push(worker);
    };
    process.on("worker", seen);
    const orphaned = await someKernels(2);
    await vi.waitFor(() => expect(orphaned.threads).toBe(2), patience.wait);
    process.off("worker", seen);
    const arrays = randomArrays(small, random(6));
    const plan = orphaned.plan(small);
    plan.threads = "always";
    plan.forward(arrays);
    expect(workers).toHaveLength(1);
    await workers[0]?.terminate();
    expect(orphaned.threads).toBe(1);
    // The calling thread computes everything, as without threads.
    expect(plan.forward(arrays).h).toEqual(alone.plan(small).forward(arrays).h);
    await orphaned.close();
  });

  it("are used only if they were faster in the trials", () => {
    const decide = (several: number, one: number): boolean | null => {
      const calibration = new Calibration();
      for (let i = 0; i < 100; i++) {
        const next = calibration.next();
        calibration.record(next, next ? several : one);
      }
      return calibration.chosen;
    };
    expect(decide(1, 2)).toBe(true);
    expect(decide(2, 1)).toBe(false);
  });

  it("are tried again soon, and then ever more rarely", () => {
    const calibration = new Calibration();
    const open: number[] = [];
    for (let pass = 0; pass < 10_000; pass++) {
      if (calibration.chosen === null) open.push(pass);
      const next = calibration.next();
      // The threads are slow at first.
      calibration.record(next, next && pass < 30 ? 2 : 1.5);
    }
    expect(open.filter((pass) => pass >= 14 && pass < 60)).not.toEqual([]);
    expect(open.filter((pass) => pass >= 1000).length).toBeLessThan(110);
  });
});
