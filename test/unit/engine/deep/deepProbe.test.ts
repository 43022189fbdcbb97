/** The probe of a layer of a config's model: its results, its refusals, and that it can be stopped. */

import { beforeAll, describe, expect, it } from "vitest";
import type { LayerEntry } from "../../../../src/config/resolved.ts";
import { deepProbe } from "../../../../src/engine/deep/deepProbe.ts";
import type { DeepOutcome, DeepRequest } from "../../../../src/engine/deep/examine.ts";
import { type DeepResult, deepResultSchema } from "../../../../src/protocol/deep.ts";
import { useBackend } from "../instrument/backends.ts";
import { entries, resolved, run } from "../training/support.ts";

const dense = ["dense", { units: 1 }] as const;

async function probe(
  layers: readonly LayerEntry[],
  changes: Partial<DeepRequest> = {},
  signal = new AbortController().signal,
): Promise<DeepOutcome> {
  const model = resolved(layers);
  return await deepProbe(
    { model, configPath: "/c/gradlens.json", layer: null, steps: 0, ...changes },
    () => {},
    signal,
  );
}

function result(outcome: DeepOutcome): DeepResult {
  if ("end" in outcome) throw new Error(JSON.stringify(outcome.end));
  return outcome.result;
}

function refusal(outcome: DeepOutcome): string {
  if (!("end" in outcome) || outcome.end.kind !== "refused") throw new Error("it was not refused");
  return outcome.end.problems.map((p) => p.message).join(" ");
}

describe("deepProbe", () => {
  beforeAll(() => useBackend("wasm"));

  it.each([
    ["simpleRNN", 1, 1],
    ["lstm", 4, 2],
    ["gru", 3, 1],
  ] as const)("analyses a %s", async (type, matrices, states) => {
    const stages: string[] = [];
    const outcome = await deepProbe(
      { model: resolved(entries([[type, { units: 6 }], dense])), configPath: "/c/g.json", layer: null, steps: 2 },
      (stage) => stages.push(stage),
      new AbortController().signal,
    );
    const found = deepResultSchema.parse(result(outcome));
    expect(found).toMatchObject({
      model: "m",
      layer: `${type}_0`,
      type,
      units: 6,
      timesteps: 10,
      sequences: 8,
      steps: 2,
    });
    expect(found.flow.lossTimesteps).toEqual(Float64Array.of(10));
    expect(found.flow.states).toHaveLength(states);
    expect(found.matrices).toHaveLength(matrices);
    expect(found.products?.spans).toEqual(Float64Array.of(1, 2, 4, 8, 9));
    expect(found.exponents?.mean).toHaveLength(6 * states);
    expect(found.readings.exponents).toMatch(/^A perturbation (shrinks by|grows by|keeps its size).*×[\d.]+/);
    expect(new Set(stages)).toEqual(
      new Set([
        "training",
        "states",
        "flow of the gradient",
        "Lyapunov exponents",
        "recurrent matrix",
        "products of Jacobians",
      ]),
    );
  });

  it("recognises an orthogonal recurrent matrix, and examines the same net every time", async () => {
    const layers = entries([["simpleRNN", { units: 8, recurrentInitializer: "orthogonal" }], dense]);
    const [one, other] = [result(await probe(layers)), result(await probe(layers))];
    const [u] = one.matrices;
    expect(u!.spectralRadius).toBeCloseTo(1, 5);
    for (const log of u!.logSingularValues) expect(log).toBeCloseTo(0, 5);
    expect({ ...other, milliseconds: 0 }).toEqual({ ...one, milliseconds: 0 });
  });

  it("examines the state that a run has after the same number of steps", async () => {
    const layers = entries([["lstm", { units: 4, returnSequences: true }], ["lstm", { units: 3 }], dense]);
    const last = 4;
    // Few samples, so that the run's own batch is the one that is examined. Everything else that affects a step counts.
    const changes = {
      training: {
        ...resolved(layers).training,
        batchSize: 2,
        accumulate: 2,
        optimizer: { ...resolved(layers).training.optimizer, learningRate: 0.05 },
        schedule: { type: "exponential", warmup: 0, every: 1, factor: 0.3 } as const,
      },
    };
    const model = resolved(layers, changes);
    const { frames, info } = await run(model, { steps: last });
    const frame = frames.at(-1)!;
    for (const layer of ["lstm_0", "lstm_1"]) {
      const request = { model, configPath: "/c/g.json", layer, steps: last - 1 };
      const { flow } = result(await deepProbe(request, () => {}, new AbortController().signal));
      const index = info!.layers.findIndex((l) => l.name === layer);
      for (const { name, logTotal } of flow.states) {
        const { values } = frame.profiles.find((p) => p.layer === index && p.channel === `${name}.logNorm`)!;
        values.forEach((v, t) => {
          expect(Math.abs(v - logTotal[t]!), `${layer} ${name} ${t}`).toBeLessThan(1e-4);
        });
      }
    }
  });

  it.each([
    ["lstm", { peepholes: true, recurrentActivation: "sigmoid" }],
    ["gru", { resetAfter: true }],
    ["gru", { resetAfter: true, useBias: false }],
    ["gru", { resetAfter: false }],
  ] as const)("finds in %s with %o the state gradient that training measures there", async (type, args) => {
    const layers = entries([
      [type, { units: 5, returnSequences: true, ...args }],
      [type, { units: 4, ...args }],
      dense,
    ]);
    const model = resolved(layers, { training: { ...resolved(layers).training, batchSize: 4 } });
    const { frames, info } = await run(model, { steps: 3 });
    for (const layer of [`${type}_0`, `${type}_1`]) {
      const request = { model, configPath: "/c/g.json", layer, steps: 2 };
      const { flow } = result(await deepProbe(request, () => {}, new AbortController().signal));
      const index = info!.layers.findIndex((l) => l.name === layer);
      for (const { name, logTotal } of flow.states) {
        const { values } = frames.at(-1)!.profiles.find((p) => p.layer === index && p.channel === `${name}.logNorm`)!;
        values.forEach((v, t) => {
          expect(Math.abs(v - logTotal[t]!), `${layer} ${name} ${t}`).toBeLessThan(1e-4);
        });
      }
    }
  });

  it("examines a bidirectional layer in both directions", async () => {
    const layers = entries([["bidirectional", { layer: { type: "gru", units: 3 }, mergeMode: "concat" }], dense]);
    for (const [layer, reversed] of [
      ["bidirectional_0/forward", false],
      ["bidirectional_0/backward", true],
    ] as const)
      expect(result(await probe(layers, { layer })).reversed).toBe(reversed);
  });

  it("says why a layer cannot be analysed", async () => {
    const stacked = {
      cell: [
        { type: "gruCell", units: 2 },
        { type: "gruCell", units: 2 },
      ],
    };
    expect(refusal(await probe(entries([["rnn", stacked], dense]), { layer: "rnn_0/cell_0" }))).toMatch(
      /cannot analyse "rnn_0\/cell_0" .*stacked cells/,
    );
    expect(refusal(await probe(entries([["simpleRNN", { units: 2, dropout: 0.5 }], dense])))).toMatch(/has dropout/);
    expect(refusal(await probe(entries([["flatten", {}], dense])))).toMatch(/no recurrent layer/);
    const two = entries([["gru", { units: 2, returnSequences: true }], ["gru", { units: 2 }], dense]);
    expect(refusal(await probe(two))).toMatch(/several.*"gru_0", "gru_1"/);
    expect(refusal(await probe(two, { layer: "gru_7" }))).toMatch(/no recurrent layer "gru_7"/);
    const images = entries([
      ["reshape", { targetShape: [5, 2, 2, 1] }],
      ["convLstm2d", { filters: 2, kernelSize: 2 }],
      ["flatten", {}],
      dense,
    ]);
    expect(refusal(await probe(images))).toMatch(/cannot analyse "convLstm2d_1"/);
  });

  it("stops when it is cancelled", async () => {
    const stop = new AbortController();
    const layers = entries([["lstm", { units: 48, returnSequences: true }], ["lstm", { units: 4 }], dense]);
    const begun = deepProbe(
      { model: resolved(layers), configPath: "/c/g.json", layer: "lstm_0", steps: 100000 },
      (stage, share) => {
        if (stage === "training" && share > 0) stop.abort();
      },
      stop.signal,
    );
    expect(await begun).toEqual({ end: { kind: "cancelled" } });
    expect(await probe(layers, {}, AbortSignal.abort())).toEqual({ end: { kind: "cancelled" } });
  });
});
