import { beforeAll, describe, expect, it, vi } from "vitest";
import { Arena } from "../../../src/kernels/arena.ts";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import type { RecurrentPlan } from "../../../src/kernels/plan.ts";
import { PlanPool } from "../../../src/kernels/planPool.ts";
import type { RecurrentSpec } from "../../../src/kernels/spec.ts";
import { budget } from "../../budget.ts";
import { random, randomArrays, randomSpec, someKernels } from "./helpers.ts";
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

describe("memory", () => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await someKernels();
  });

  it("does not grow over many steps, nor by making and releasing plans", { tags: "thorough" }, () => {
    const arrays = randomArrays(small, random(1));
    const plan = kernels.plan(small);
    plan.forward(arrays);
    const before = kernels.bytes;
    for (let step = 0; step < budget(150, 10_000, 400); step++) {
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
    for (let i = 0; i < budget(10, 60); i++) {
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
    for (let i = 0; i < budget(12, 80); i++) {
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
    for (let i = 0; i < budget(15, 60); i++) {
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

describe("the pool", () => {
  it("reuses idle plans with the same spec, and keeps few", { tags: "thorough" }, async () => {
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

  it("gives the memory of idle plans back where a new one has no room", async () => {
    const kernels = await someKernels();
    let room = 2;
    const pool = new PlanPool((spec) => {
      if (room === 0) throw new RangeError("No room.");
      room--;
      const plan = kernels.plan(spec);
      vi.spyOn(plan, "release").mockImplementation(() => void room++);
      return plan;
    });
    const held = pool.acquire(small);
    pool.giveBack(pool.acquire({ ...small, units: 6 }));
    expect(pool.acquire({ ...small, units: 7 })).not.toBe(held);
    expect(() => pool.acquire({ ...small, units: 8 })).toThrow("No room.");
  });

  it("keeps all plans of a deep model's steps and tests, until other models have run", async () => {
    const kernels = await someKernels();
    let made = 0;
    const pool = new PlanPool((spec) => {
      made++;
      return kernels.plan(spec);
    });
    const step = (layers: number, training: boolean): void => {
      for (let i = 0; i < layers; i++) pool.acquire({ ...small, units: 1 + i, training });
      pool.giveAllBack();
    };
    for (let i = 0; i < 3; i++) {
      step(12, true);
      step(12, false);
    }
    expect(made).toBe(24);
    for (let i = 0; i < 200; i++) step(1, true);
    expect(made).toBe(24);
    step(12, true);
    expect(made).toBeGreaterThan(28);
    pool.clear();
  });
});
