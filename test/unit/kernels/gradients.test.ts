import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import type { RecurrentSpec } from "../../../src/kernels/plan.ts";
import { kernelsForTest, random, randomArrays, relativeDifference } from "./helpers.ts";
import { reference } from "./reference.ts";

const cases = 200;

const activations = ["tanh", "relu", "sigmoid", "linear", "hardSigmoid"] as const;
const gateActivations = ["sigmoid", "hardSigmoid"] as const;

/** Sizes around the multiples of 4, 6 and 8 that the kernels work in. */
function randomSpec(kind: RecurrentSpec["kind"], next: () => number): RecurrentSpec {
  const upTo = (n: number): number => 1 + Math.floor(next() * n);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)]!;
  const coin = (): boolean => next() < 0.5;
  return {
    kind,
    timesteps: upTo(7),
    batch: next() < 0.2 ? 1 : upTo(35),
    inputs: upTo(11),
    units: upTo(15),
    activation: pick(activations),
    recurrentActivation: pick(gateActivations),
    resetAfter: kind === "gru" && coin(),
    peepholes: kind === "lstm" && coin(),
    useBias: next() < 0.8,
    goBackwards: next() < 0.2,
    sequences: coin(),
    inputGradient: next() < 0.8,
  };
}

/** Everything the kernels return beside the float64 truth. */
function comparePass(kernels: Kernels, spec: RecurrentSpec, seed: number, scale: number): { what: string; by: number }[] {
  const arrays = randomArrays(spec, random(seed), scale);
  const truth = reference(spec, arrays);
  const plan = kernels.plan(spec);
  const forward = plan.forward(arrays);
  const results = [{ what: "h", by: relativeDifference(forward.h, truth.forward.h) }];
  if (forward.c) results.push({ what: "c", by: relativeDifference(forward.c, truth.forward.c) });
  if (forward.sequence)
    results.push({ what: "sequence", by: relativeDifference(forward.sequence, truth.forward.sequence) });
  const gradients = plan.backward({ sequence: arrays.dSequence, h: arrays.dh, c: arrays.dc });
  for (const what of ["x", "kernel", "recurrentKernel", "bias", "peepholes", "h0", "c0"] as const) {
    const found = gradients[what];
    if (found) results.push({ what: `gradient of ${what}`, by: relativeDifference(found, truth.gradients[what]) });
  }
  const { measured } = truth;
  const statistics = plan.statistics();
  const [h, c] = statistics.states;
  results.push({ what: "norms of h", by: relativeDifference(h!.logNorm.map((v) => 10 ** v), measured.normH) });
  results.push({ what: "gains of h", by: relativeDifference(h!.gain, measured.gainH) });
  if (c) {
    results.push({ what: "norms of c", by: relativeDifference(c.logNorm.map((v) => 10 ** v), measured.normC) });
    results.push({ what: "gains of c", by: relativeDifference(c.gain, measured.gainC) });
  }
  const contributions = statistics.logContribution.map((v) => 10 ** v);
  results.push({ what: "contributions", by: relativeDifference(contributions, measured.contribution) });
  plan.release();
  return results;
}

describe.each(["simd", "relaxed"] as const)("%s", (variant) => {
  let kernels: Kernels | null;
  beforeAll(async () => {
    kernels = await kernelsForTest({ threads: 1, variant }).catch(() => null);
  });

  it.each(["simpleRNN", "lstm", "gru"] as const)("%s agrees with float64 for random shapes and settings", (kind, context?: unknown) => {
    if (!kernels) return;
    const next = random(kind.length);
    for (let i = 0; i < cases; i++) {
      const spec = randomSpec(kind, next);
      for (const { what, by } of comparePass(kernels, spec, i, 1)) {
        if (!(by < 1e-4)) expect.fail(`${what} off by ${by} in case ${i}: ${JSON.stringify(spec)}`);
      }
    }
  });
});
