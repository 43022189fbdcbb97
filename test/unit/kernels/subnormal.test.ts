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
