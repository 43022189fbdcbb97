import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Arena } from "../../../src/kernels/arena.ts";
import { Calibration } from "../../../src/kernels/calibration.ts";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import type { RecurrentPlan } from "../../../src/kernels/plan.ts";
import { PlanPool } from "../../../src/kernels/planPool.ts";
import type { RecurrentSpec } from "../../../src/kernels/spec.ts";
import { Threads } from "../../../src/kernels/threads.ts";
import { budget } from "../../budget.ts";
import { compileTime, random, randomArrays, randomSpec, relativeDifference, someKernels } from "./helpers.ts";
import type { Arrays } from "./reference.ts";

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

describe("memory", () => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await someKernels();
  }, compileTime);

  it("does not grow over thousands of steps, nor by making and releasing plans", () => {
    const arrays = randomArrays(small, random(1));
    const plan = kernels.plan(small);
    plan.forward(arrays);
    const before = kernels.bytes;
    for (let step = 0; step < budget(2000, 10_000); step++) {
      plan.forward(arrays);
      plan.backward({ h: arrays.dh });
    }
    plan.release();
    for (let i = 0; i < 1000; i++) kernels.plan({ ...small, timesteps: 1 + (i % 7) }).release();
    expect(kernels.bytes).toBe(before);
  });

  it("serves 10,000 timesteps", () => {
    const spec: RecurrentSpec = { ...small, kind: "simpleRNN", timesteps: 10_000 };
    const arrays = randomArrays(spec, random(2));
    const plan = kernels.plan(spec);
    plan.forward(arrays);
    const { kernel } = plan.backward({ h: arrays.dh });
    expect(kernel.every(Number.isFinite)).toBe(true);
    expect(plan.statistics().states[0]!.logNorm.every((v) => !Number.isNaN(v))).toBe(true);
    plan.release();
  });

  it.each(["simpleRNN", "lstm", "gru"] as const)("may contain anything before a %s gets it", async (kind) => {
    const clean = await someKernels();
    const next = random(3);
    for (let i = 0; i < 60; i++) {
      const spec = randomSpec(kind, next);
      const arrays = randomArrays(spec, next);
      const [expected, found] = [clean, kernels].map((k) => {
        if (k === kernels) k.activate("linear", new Float32Array(1 << 20).fill(i % 2 ? Number.NaN : 1e38));
        const plan = k.plan(spec);
        const forward = plan.forward(arrays);
        const results = [forward.h, forward.c, forward.sequence].map((a) => a?.slice());
        const backward = plan.backward({ h: arrays.dh, c: arrays.dc, sequence: arrays.dSequence });
        results.push(...Object.values(backward).map((a) => a?.slice()));
        const statistics = JSON.stringify(plan.statistics(), (_, v) =>
          ArrayBuffer.isView(v) ? [...(v as Float64Array)].map(String) : v,
        );
        plan.release();
        return { results, statistics };
      });
      expect(found, JSON.stringify(spec)).toEqual(expected);
    }
  });

  it.each(["simpleRNN", "lstm", "gru"] as const)("keeps nothing from a %s plan's earlier uses", (kind) => {
    const next = random(4);
    for (let i = 0; i < 80; i++) {
      const spec = randomSpec(kind, next);
      const arrays = randomArrays(spec, next);
      const pass = (plan: RecurrentPlan, given: Arrays) => {
        const forward = plan.forward(given);
        const results = [forward.h, forward.c, forward.sequence].map((a) => a?.slice());
        const backward = plan.backward({ h: given.dh, c: given.dc, sequence: given.dSequence });
        results.push(...Object.values(backward).map((a) => a?.slice()));
        return { results, statistics: plan.statistics() };
      };
      const plan = kernels.plan(spec);
      const expected = pass(plan, arrays);
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e38]) {
        const broken = Object.entries(arrays).map(([key, a]) => [key, a && new Float32Array(a.length).fill(value)]);
        for (const [key, a] of broken) pass(plan, { ...arrays, [key as string]: a });
        pass(plan, Object.fromEntries(broken));
        expect(pass(plan, arrays), JSON.stringify(spec)).toEqual(expected);
      }
      plan.release();
    }
  });

  it("gives the same outputs without keeping anything for a backward pass", () => {
    const next = random(3);
    for (let i = 0; i < 60; i++) {
      const spec = randomSpec((["simpleRNN", "lstm", "gru"] as const)[i % 3]!, next);
      const arrays = randomArrays(spec, next);
      const plan = kernels.plan(spec);
      const inference = kernels.plan({ ...spec, training: false });
      const a = plan.forward(arrays);
      const b = inference.forward(arrays);
      for (const name of ["h", "c", "sequence"] as const) expect(b[name]).toEqual(a[name]);
      expect(inference.bytes).toBeLessThan(plan.bytes);
      expect(() => inference.backward({})).toThrow();
      plan.release();
      inference.release();
    }
  });

  it("refuses arrays of the wrong length and released plans", () => {
    const arrays = randomArrays(small, random(4));
    const plan = kernels.plan(small);
    expect(() => plan.forward({ ...arrays, x: new Float32Array(3) })).toThrow(RangeError);
    expect(() => plan.forward({ ...arrays, bias: undefined })).toThrow(RangeError);
    plan.release();
    expect(() => plan.forward(arrays)).toThrow("released");
    expect(() => kernels.plan({ ...small, units: 0 })).toThrow(RangeError);
  });
});

describe("the arena", () => {
  it("reuses released blocks and joins neighbours", () => {
    const arena = new Arena(new WebAssembly.Memory({ initial: 1, maximum: 10, shared: false }), 100);
    const [a, b, c] = [arena.allocate(100), arena.allocate(200), arena.allocate(300)];
    expect(a % 64).toBe(0);
    expect(b).toBeGreaterThanOrEqual(a + 100);
    arena.release(a, 100);
    arena.release(c, 300);
    arena.release(b, 200);
    expect(arena.allocate(600)).toBe(a);
    expect(arena.size).toBe(65536);
    arena.allocate(65536);
    expect(arena.size).toBe(2 * 65536);
    expect(() => arena.allocate(2 ** 30)).toThrow(RangeError);
  });
});

describe("threads", () => {
  let alone: Kernels;
  let together: Kernels;
  beforeAll(async () => {
    alone = await someKernels();
    together = await someKernels(3);
    while (together.threads < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  }, compileTime);
  afterAll(() => together.close());

  it.each(["simpleRNN", "lstm", "gru"] as const)(
    "change no gradient of a %s, and its figures only by rounding",
    (kind) => {
      const next = random(5);
      for (let i = 0; i < 10; i++) {
        // The last case is long enough for the statistics to be shared among threads, too.
        const long = i === 9 ? { timesteps: 500 } : {};
        const spec: RecurrentSpec = { ...randomSpec(kind, next), batch: 17 + Math.floor(next() * 30), ...long };
        const arrays = randomArrays(spec, next);
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
          // Training is reproducible to the bit with any number of threads.
          expect(exact).toEqual(expected!.exact);
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
    await vi.waitFor(() => expect(threaded.threads).toBe(2), 10_000);
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

  it("pass on an error in a worker instead of waiting for it", () => {
    const module = new WebAssembly.Module(trapping);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const threads = new Threads(1, module, memory);
    while (!threads.ready) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    expect(() => threads.run("forward", 0, 4, () => undefined)).toThrow("forward");
    return threads.close();
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
});

describe("the pool", () => {
  it("reuses idle plans with the same spec, and keeps few", async () => {
    const kernels = await someKernels();
    const pool = new PlanPool((spec) => kernels.plan(spec));
    const a = pool.acquire(small);
    const b = pool.acquire({ ...small });
    expect(b).not.toBe(a);
    pool.giveBack(a);
    expect(pool.acquire(small)).toBe(a);
    expect(pool.acquire({ ...small, units: 6 })).not.toBe(a);
    pool.giveAllBack();
    const bytes = kernels.bytes;
    for (let i = 0; i < 2000; i++) pool.giveBack(pool.acquire({ ...small, timesteps: 1 + (i % 50) }));
    expect(kernels.bytes - bytes).toBeLessThan(2 ** 20);
    pool.clear();
    expect(() => a.forward(randomArrays(small, random(1)))).toThrow("released");
  });
});
