import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import type { RecurrentSpec } from "../../../src/kernels/spec.ts";
import { budget } from "../../budget.ts";
import { kernelsForTest, random, randomArrays, randomSpec, relativeDifference } from "./helpers.ts";
import { reference } from "./reference.ts";

const cases = budget(6, 200, 16);

interface Difference {
  readonly what: string;
  readonly by: number;
  readonly allowed: number;
}

/** Compares everything that the kernels return with the float64 truth. */
function comparePass(kernels: Kernels, spec: RecurrentSpec, seed: number): Difference[] {
  const arrays = randomArrays(spec, random(seed));
  const truth = reference(spec, arrays);
  const plan = kernels.plan(spec);
  const forward = plan.forward(arrays);
  const results: Difference[] = [];
  const compare = (
    what: string,
    found: ArrayLike<number> | null,
    expected: ArrayLike<number>,
    allowed = 1e-4,
  ): void => {
    if (found) results.push({ what, by: relativeDifference(found, expected), allowed });
  };
  compare("h", forward.h, truth.forward.h);
  compare("c", forward.c, truth.forward.c);
  compare("sequence", forward.sequence, truth.forward.sequence);
  const gradients = plan.backward({ sequence: arrays.dSequence, h: arrays.dh, c: arrays.dc });
  for (const what of ["x", "kernel", "recurrentKernel", "bias", "peepholes", "h0", "c0"] as const)
    compare(`gradient of ${what}`, gradients[what], truth.gradients[what]);

  const { measured } = truth;
  const statistics = plan.statistics();
  const [h, c] = statistics.states;
  const linear = (logs: Float64Array | undefined): Float64Array | null => logs?.map((v) => 10 ** v) ?? null;
  compare("norms of h", linear(h?.logNorm), measured.normH);
  compare("gains of h", h?.gain ?? null, measured.gainH);
  compare("sample norms of h", linear(h?.logSampleNorm), measured.sampleNormH);
  compare("norms of c", linear(c?.logNorm), measured.normC);
  compare("gains of c", c?.gain ?? null, measured.gainC);
  compare("contributions", linear(statistics.logContribution), measured.contribution);
  // 1 − f has few digits left in float32 if f is near 1, and is 0 for a gate with tanh that reaches it.
  const rates = (times: Float64Array | null): Float64Array | null => times?.map((time) => 1 / time) ?? null;
  compare("time-scale", rates(statistics.timescale), rates(measured.timescale) ?? [], 1e-2);
  for (const [i, { low, high }] of statistics.gates.entries()) {
    compare(`low share of gate ${i}`, low, measured.gates[i]!.low);
    compare(`high share of gate ${i}`, high, measured.gates[i]!.high);
  }
  plan.release();
  return results;
}

describe.each(["simd", "relaxed"] as const)("%s", (variant) => {
  let kernels: Kernels | null;
  beforeAll(async () => {
    kernels = await kernelsForTest({ threads: 1, variant });
  });

  it.for(["simpleRNN", "lstm", "gru"] as const)(
    "%s agrees with float64 for random shapes and settings",
    (kind, { skip }) => {
      if (!kernels) return skip(`this engine has no ${variant}`);
      const next = random(kind.length);
      for (let i = 0; i < cases; i++) {
        const spec = randomSpec(kind, next);
        for (const { what, by, allowed } of comparePass(kernels, spec, i))
          if (!(by < allowed)) expect.fail(`${what} is off by ${by} in case ${i}: ${JSON.stringify(spec)}`);
      }
    },
  );
});
