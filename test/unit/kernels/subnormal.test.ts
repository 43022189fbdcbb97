/** Numbers below float32's normal range count as zero: products with them take up to forty times as long. */

import { expect, it } from "vitest";
import type { RecurrentSpec } from "../../../src/kernels/spec.ts";
import { gatesOf, someKernels } from "./helpers.ts";

const smallestNormal = 2 ** -126;

it.each([
  ["simpleRNN", 1],
  ["lstm", 0.5],
  ["gru", 1],
] as const)("%s halves a state until it is no normal number, and keeps zero from there on", async (kind, share) => {
  const kernels = await someKernels();
  const [T, B, H] = [140, 3, 4];
  const spec: RecurrentSpec = {
    kind,
    timesteps: T,
    batch: B,
    inputs: 1,
    units: H,
    activation: "linear",
    recurrentActivation: "sigmoid",
    useBias: false,
    sequences: true,
  };
  const gates = gatesOf(spec);
  // The gates of zero weights are ½; a simpleRNN halves by its recurrent kernel.
  const half = Float32Array.from({ length: H * gates }, (_, i) =>
    kind === "simpleRNN" && i % (H + 1) === 0 ? 0.5 : 0,
  );
  const ones = new Float32Array(B * H).fill(1);
  const plan = kernels.plan(spec);
  const { sequence } = plan.forward({
    x: new Float32Array(B * T),
    kernel: new Float32Array(gates),
    recurrentKernel: half,
    h0: ones,
    ...(kind === "lstm" && { c0: ones }),
  });
  const exact = Array.from({ length: B * T * H }, (_, i) => share * 0.5 ** (1 + (Math.floor(i / H) % T)));
  expect([...(sequence ?? [])]).toEqual(exact.map((state) => (state < smallestNormal ? 0 : state)));
  expect(exact.some((state) => state < smallestNormal && Math.fround(state) !== 0)).toBe(true);
  plan.release();
});

it.each(["relu", "relu6", "leakyRelu", "selu"] as const)(
  "a unit whose state is a subnormal number keeps the slope of %s",
  async (activation) => {
    const kernels = await someKernels();
    const plan = kernels.plan({
      kind: "simpleRNN",
      timesteps: 1,
      batch: 1,
      inputs: 1,
      units: 1,
      activation,
      inputGradient: true,
    });
    plan.forward({
      x: Float32Array.of(2 ** -130),
      kernel: Float32Array.of(1),
      recurrentKernel: Float32Array.of(0),
      bias: Float32Array.of(0),
    });
    const { x } = plan.backward({ h: Float32Array.of(1) });
    const slope = { relu: 1, relu6: 1, leakyRelu: 1, selu: Math.fround(1.0507009873554805) };
    expect(x?.[0]).toBe(slope[activation]);
    plan.release();
  },
);

it("a gradient that is small beside one that explodes keeps its way back", async () => {
  const kernels = await someKernels();
  const T = 58;
  const plan = kernels.plan({
    kind: "simpleRNN",
    timesteps: T,
    batch: 1,
    inputs: 1,
    units: 2,
    activation: "linear",
    inputGradient: false,
  });
  plan.forward({
    x: new Float32Array(T),
    kernel: new Float32Array(2),
    recurrentKernel: Float32Array.of(4, 0, 0, 1),
    bias: new Float32Array(2),
  });
  const { bias } = plan.backward({ h: Float32Array.of(1, 2 ** -30) });
  expect((bias?.[1] ?? 0) * 2 ** 30).toBe(T);
  plan.release();
});

it.each<[readonly number[], readonly number[], string]>([
  [[1, 2 ** -63], [1, 2 ** -63], "stay"],
  [[1, 2 ** -65], [1, 0], "are lost beside one of 1, as in every sum"],
  [[2 ** -65, 2 ** -90], [2 ** -65, 2 ** -90], "stay where all are small"],
  [[Number.POSITIVE_INFINITY, 2 ** -65], [Number.POSITIVE_INFINITY, 2 ** -65], "stay beside infinity"],
])("gradients of %j are %j: small ones %s", async (given, kept) => {
  const kernels = await someKernels();
  const plan = kernels.plan({ kind: "simpleRNN", timesteps: 1, batch: 1, inputs: 1, units: 2, activation: "linear" });
  plan.forward({
    x: Float32Array.of(0),
    kernel: new Float32Array(2),
    recurrentKernel: new Float32Array(4),
    bias: new Float32Array(2),
  });
  expect([...(plan.backward({ h: Float32Array.from(given) }).bias ?? [])]).toEqual(kept);
  plan.release();
});

it("a net of small weights alone keeps its gain", async () => {
  const kernels = await someKernels();
  const plan = kernels.plan({ kind: "simpleRNN", timesteps: 3, batch: 1, inputs: 1, units: 1, activation: "linear" });
  plan.forward({
    x: Float32Array.of(1, 1, 1),
    kernel: Float32Array.of(1e-31),
    recurrentKernel: Float32Array.of(1e-31),
    bias: Float32Array.of(0),
  });
  plan.backward({ h: Float32Array.of(1) });
  expect((plan.statistics().states[0]?.gain[2] ?? 0) / 1e-31).toBeCloseTo(1, 5);
  plan.release();
});

it("a gradient that leads through a nearly closed unit alone keeps its size", async () => {
  const kernels = await someKernels();
  const plan = kernels.plan({
    kind: "simpleRNN",
    timesteps: 2,
    batch: 1,
    inputs: 1,
    units: 2,
    activation: "sigmoid",
    inputGradient: false,
  });
  // One unit is closed, the other so far open that its slope is 0 in float32.
  plan.forward({
    x: Float32Array.of(1, 1),
    kernel: Float32Array.of(-60, 60),
    recurrentKernel: Float32Array.of(1, 0, 0, 1),
    bias: new Float32Array(2),
  });
  const { bias } = plan.backward({ h: Float32Array.of(1, 1) });
  expect((bias?.[0] ?? 0) / Math.exp(-60)).toBeCloseTo(1, 4);
  expect(plan.statistics().states[0]?.logNorm[0]).toBeCloseTo(Math.log10(Math.exp(-60)), 4);
  plan.release();
});
