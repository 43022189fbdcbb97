import { beforeAll, describe, expect, it } from "vitest";
import { activationNames } from "../../../src/config/schema/names.ts";
import { activationFunctions } from "../../../src/engine/deep/cells/activation.ts";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import { isActivation } from "../../../src/kernels/layout.ts";
import { kernelsForTest } from "./helpers.ts";

/** Distance in units of the last place of a float32 near `truth`. */
function ulps(found: number, truth: number): number {
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(truth))));
  return Math.abs(found - truth) / 2 ** (exponent - 23);
}

/** Float32 values of every size from `low` to `high`, both signs. */
function sweep(low: number, high: number, count: number): Float32Array {
  const ratio = (high / low) ** (2 / count);
  return Float32Array.from({ length: count }, (_, i) => (i % 2 ? -1 : 1) * low * ratio ** Math.floor(i / 2));
}

describe.each(["simd", "relaxed"] as const)("%s", (variant) => {
  let kernels: Kernels | null;
  beforeAll(async () => {
    kernels = await kernelsForTest({ threads: 1, variant });
  });

  it("computes tanh within 3 units of the last place", ({ skip }) => {
    if (!kernels) return skip(`this engine has no ${variant}`);
    const x = sweep(1e-30, 50, 200_000);
    const y = kernels.activate("tanh", x);
    let worst = 0;
    for (let i = 0; i < x.length; i++) worst = Math.max(worst, ulps(y[i]!, Math.tanh(x[i]!)));
    expect(worst).toBeLessThan(3);
  });

  it("computes the logistic function within 4 units of the last place, small values included", ({ skip }) => {
    if (!kernels) return skip(`this engine has no ${variant}`);
    const x = sweep(1e-30, 86, 200_000);
    const y = kernels.activate("sigmoid", x);
    let worst = 0;
    for (let i = 0; i < x.length; i++) worst = Math.max(worst, ulps(y[i]!, 1 / (1 + Math.exp(-x[i]!))));
    expect(worst).toBeLessThan(4);
  });

  it.each([
    ["elu", (x: number) => (x > 0 ? x : Math.expm1(x))],
    ["selu", (x: number) => (x > 0 ? 1.0507009873554805 * x : 1.7580993408473766 * Math.expm1(x))],
    ["softsign", (x: number) => x / (1 + Math.abs(x))],
    ["softplus", (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))],
    ["exponential", Math.exp],
    ["relu6", (x: number) => Math.min(6, Math.max(0, x))],
    ["leakyRelu", (x: number) => Math.max(x, x / 5)],
  ] as const)("computes %s within 4 units of the last place", (name, truth) => {
    if (!kernels) return;
    const x = sweep(1e-30, 86, 100_000);
    const y = kernels.activate(name, x);
    let worst = 0;
    for (let i = 0; i < x.length; i++) worst = Math.max(worst, ulps(y[i]!, truth(x[i]!)));
    expect(worst).toBeLessThan(4);
    const [nan, zero, up, down] = kernels.activate(name, Float32Array.of(Number.NaN, 0, Infinity, -Infinity));
    expect(nan).toBeNaN();
    expect(zero).toBeCloseTo(truth(0), 6);
    // Infinity over Infinity.
    if (name === "softsign") return;
    expect(up).toBe(truth(Infinity));
    expect(down).toBeCloseTo(truth(-Infinity), 5);
  });

  it.each([
    ["swish", (x: number) => x / (1 + Math.exp(-x)), 6],
    ["mish", (x: number) => x * Math.tanh(Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))), 8],
    ["gelu_new", (x: number) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))), null],
    ["hardSwish", (x: number) => x * Math.min(1, Math.max(0, x / 6 + 0.5)), null],
    ["hardSigmoid6", (x: number) => Math.min(1, Math.max(0, x / 6 + 0.5)), null],
    // A function of deep's float64 cells, which its own test integrates.
    ["gelu", activationFunctions.gelu.value, null],
  ] as const)("computes %s, its smallest values included", (name, truth, units) => {
    if (!kernels) return;
    const x = sweep(1e-30, 80, 100_000);
    const y = kernels.activate(name, x);
    let worst = 0;
    for (let i = 0; i < x.length; i++) {
      const expected = truth(x[i]!);
      // Where 1 + tanh or 1 + erf cancels, only the absolute error is bounded.
      worst = Math.max(
        worst,
        units ? ulps(y[i]!, expected) / units : Math.abs(y[i]! - expected) / (4e-7 * (1 + Math.abs(expected))),
      );
    }
    expect(worst).toBeLessThan(1);
    expect(kernels.activate(name, Float32Array.of(Number.NaN))[0]).toBeNaN();
  });

  it("has the limits of each function and hides no NaN", ({ skip }) => {
    if (!kernels) return skip(`this engine has no ${variant}`);
    const x = Float32Array.of(Infinity, -Infinity, NaN, 0, 1000, -1000, 2, -2, 3);
    const plain = (kind: Parameters<Kernels["activate"]>[0]): number[] => [...kernels!.activate(kind, x)];
    const close = (values: number[], expected: number[]): void => {
      for (const [i, value] of expected.entries()) {
        if (Number.isNaN(value)) expect(values[i]).toBeNaN();
        else expect(values[i]).toBeCloseTo(value, 6);
      }
    };
    close(plain("tanh"), [1, -1, NaN, 0, 1, -1, Math.tanh(2), Math.tanh(-2), Math.tanh(3)]);
    close(plain("sigmoid"), [
      1,
      0,
      NaN,
      0.5,
      1,
      0,
      1 / (1 + Math.exp(-2)),
      1 / (1 + Math.exp(2)),
      1 / (1 + Math.exp(-3)),
    ]);
    close(plain("hardSigmoid"), [1, 0, NaN, 0.5, 1, 0, 0.9, 0.1, 1]);
    expect(plain("relu")).toEqual([Infinity, 0, NaN, 0, 1000, 0, 2, 0, 3]);
    expect(plain("linear")).toEqual([...x]);
  });
});

it("are all those that a config may name, except those of several values together", () => {
  const together = ["softmax", "logSoftmax"];
  expect(activationNames.filter((name) => !isActivation(name)).sort()).toEqual(together.sort());
});
