/** Two plans in one call equal the same plans one after the other. */

import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import type { RecurrentPlan } from "../../../src/kernels/plan.ts";
import type { RecurrentSpec } from "../../../src/kernels/spec.ts";
import { budget } from "../../budget.ts";
import {
  random,
  randomArrays,
  randomSpec,
  relativeDifference,
  runningThreads,
  someKernels,
  twoThreads,
} from "./helpers.ts";
import type { Arrays } from "./reference.ts";

let alone: Kernels;
let threaded: Kernels;
beforeAll(async () => {
  alone = await someKernels();
  threaded = await twoThreads();
});
afterAll(() => Promise.all([alone.close(), threaded.close()]));

type Results = readonly (readonly [what: string, values: ArrayLike<number>])[];

function resultsOf(
  plan: RecurrentPlan,
  forward: ReturnType<RecurrentPlan["forward"]>,
  backward: ReturnType<RecurrentPlan["backward"]>,
): Results {
  const { states, logContribution, gates, timescale } = plan.statistics();
  const { x, bias, c0 } = backward;
  const all: readonly (readonly [what: string, values: ArrayLike<number> | null])[] = [
    ...Object.entries({ ...forward, x, bias, c0 }),
    ["kernel", backward.kernel],
    ["recurrentKernel", backward.recurrentKernel],
    ["h0", backward.h0],
    ...states.flatMap(({ name, ...figures }) => [
      [`norms of ${name}`, figures.logNorm.map((v) => 10 ** v)] as const,
      [`gains of ${name}`, figures.gain] as const,
      [`medians of ${name}`, figures.p50.map((v) => 10 ** v)] as const,
    ]),
    ["contributions", logContribution.map((v) => 10 ** v)],
    ...gates.map(({ name, low }) => [`low ${name}`, low] as const),
    ["timescale", timescale],
  ];
  return all.flatMap(([what, values]) => (values ? [[what, values] as const] : []));
}

const gradientsOf = ({ dSequence, dh, dc }: Arrays) => ({ sequence: dSequence, h: dh, c: dc });

function separately(kernels: Kernels, spec: RecurrentSpec, arrays: Arrays): Results {
  const plan = kernels.plan(spec);
  const results = resultsOf(plan, plan.forward(arrays), plan.backward(gradientsOf(arrays)));
  const kept = results.map(([what, values]) => [what, Array.from(values)] as const);
  plan.release();
  return kept;
}

it.each(["never", "always"] as const)("of any layers (at the same time: %s)", (use) => {
  const cases = fc.record({
    kind: fc.constantFrom<RecurrentSpec["kind"]>("simpleRNN", "lstm", "gru"),
    other: fc.constantFrom<RecurrentSpec["kind"]>("simpleRNN", "lstm", "gru"),
    seed: fc.nat(),
  });
  threaded.pairs.threads = use;
  fc.assert(
    fc.property(cases, ({ kind, other, seed }) => {
      const next = random(seed);
      const specs = [randomSpec(kind, next), randomSpec(other, next)] as const;
      const arrays = [randomArrays(specs[0], next), randomArrays(specs[1], next)] as const;
      const plans = [threaded.plan(specs[0]), threaded.plan(specs[1])] as const;
      const forward = threaded.pairs.forward(plans, arrays);
      const backward = threaded.pairs.backward(plans, [gradientsOf(arrays[0]), gradientsOf(arrays[1])]);
      for (const i of [0, 1] as const) {
        const expected = separately(alone, specs[i], arrays[i]);
        const found = resultsOf(plans[i], forward[i], backward[i]);
        expect(found.map(([what]) => what)).toEqual(expected.map(([what]) => what));
        for (const [k, [what, values]] of found.entries())
          expect(relativeDifference(values, expected[k]![1]), what).toBeLessThan(1e-6);
        plans[i].release();
      }
    }),
    { numRuns: budget(8, 60, 25) },
  );
});

it("of layers with fewer columns than half of the threads", async () => {
  const four = await runningThreads(4);
  four.pairs.threads = "always";
  // Whatever earlier passes left there must not count.
  four.activate("linear", new Float32Array(1 << 18).fill(3));
  for (const kind of ["simpleRNN", "lstm", "gru"] as const)
    for (const units of [1, 2, 8]) {
      const spec: RecurrentSpec = {
        kind,
        units,
        timesteps: 6,
        batch: 16,
        inputs: 3,
        activation: "tanh",
        recurrentActivation: "sigmoid",
      };
      const arrays = [randomArrays(spec, random(1)), randomArrays(spec, random(2))] as const;
      const plans = [four.plan(spec), four.plan(spec)] as const;
      const forward = four.pairs.forward(plans, arrays);
      const backward = four.pairs.backward(plans, [gradientsOf(arrays[0]), gradientsOf(arrays[1])]);
      for (const i of [0, 1] as const) {
        const expected = separately(alone, spec, arrays[i]);
        for (const [k, [what, values]] of resultsOf(plans[i], forward[i], backward[i]).entries())
          expect(relativeDifference(values, expected[k]![1]), `${what} of ${units} ${kind}`).toBeLessThan(1e-6);
        plans[i].release();
      }
    }
  await four.close();
});

it("statistics are the same however often they are read", () => {
  const spec: RecurrentSpec = {
    kind: "gru",
    units: 9,
    timesteps: 7,
    batch: 12,
    inputs: 3,
    activation: "tanh",
    recurrentActivation: "sigmoid",
  };
  const arrays = randomArrays(spec, random(3));
  for (const kernels of [alone, threaded]) {
    const plan = kernels.plan(spec);
    plan.threads = "always";
    plan.forward(arrays);
    plan.backward(gradientsOf(arrays));
    const [first, second] = [plan.statistics(), plan.statistics(false)];
    expect(second).toEqual(first);
    expect(second.logContribution).toHaveLength(7);
    expect(second.states[0]!.logSampleNorm).toEqual(first.states[0]!.logSampleNorm);
    plan.release();
  }
});
