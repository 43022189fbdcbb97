import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { budget } from "../../budget.ts";
import { chain, type LayerSpec, type RunSpec, reaching, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

const rnn: LayerSpec = { type: "simpleRNN", args: { units: 4 } };
const T = 100;
const h = (horizon: number, loss = 0.167): StepSpec => ({ loss, states: [{ h: reaching(T, horizon) }] });

function vanishing(spec: RunSpec, steps: readonly StepSpec[]) {
  const { history, model } = syntheticRun(spec, steps);
  return diagnose(history, model).filter((f) => f.code === "vanishing-through-time");
}

const only = (spec: RunSpec, steps: readonly StepSpec[]) => {
  const found = vanishing(spec, steps);
  expect(found).toHaveLength(1);
  return found[0]!;
};

describe("vanishing-through-time: verdict", () => {
  it("warns about a horizon that stands still while the loss stays at the baseline", () => {
    const f = only(
      { layers: [rnn] },
      times(100, () => h(34)),
    );
    expect(f.severity).toBe("warning");
    expect(f.message).toContain("gradient reaches 34 of 99 timesteps · ×");
    expect(f.timesteps).toEqual([1, 65]);
    expect(f.step).toBe(1);
    expect(f.evidence).toMatchObject({ horizon: 34, requiredLag: 99, baselineLoss: 0.167, loss: 0.167, steps: 100 });
  });

  it("marks exactly the timesteps that get less than epsilon", () => {
    for (const gain of [0.3, 0.5, 0.87]) {
      const state = chain(T, gain);
      const f = only(
        { layers: [rnn] },
        times(100, () => ({ states: [{ h: state }] })),
      );
      const [from, to] = f.timesteps!;
      expect(from).toBe(1);
      state.logNorm.forEach((v, i) => {
        expect(v < -2 - 1e-9).toBe(i + 1 <= to);
      });
    }
  });

  it("says nothing once the gradient reaches the required lag", () => {
    expect(
      vanishing(
        { layers: [rnn] },
        times(100, () => h(99)),
      ),
    ).toEqual([]);
    expect(
      vanishing(
        { layers: [rnn], requiredLag: 20 },
        times(100, () => h(20)),
      ),
    ).toEqual([]);
    expect(
      vanishing(
        { layers: [rnn], requiredLag: 21 },
        times(100, () => h(20)),
      ),
    ).toHaveLength(1);
  });

  it("informs, not warns, after a single step", () => {
    expect(only({ layers: [rnn], kind: "probe" }, [h(3)]).severity).toBe("information");
  });

  it("informs while the horizon grows, as in nets that learn before their loss falls", () => {
    // Horizons of a GRU that went on to learn.
    const f = only(
      { layers: [rnn], plannedSteps: 200 },
      times(150, (i) => h(Math.round(8 * 1.015 ** i))),
    );
    expect(f.severity).toBe("information");
    expect(f.explanation).toMatch(/growing/);
  });

  it("sees growth that whole timesteps hide: a gain that creeps up, and not one that creeps down", () => {
    // Medians from ln 0.01 / ln 0.52 = 7.0 to ln 0.01 / ln 0.57 = 8.2 timesteps: one whole timestep more.
    const creeping = (from: number, to: number, plannedSteps = 2500) =>
      only(
        { layers: [rnn], plannedSteps },
        times(150, (i) => ({ loss: 0.167, states: [{ h: chain(T, from + ((to - from) * i) / 149) }] })),
      );
    expect(creeping(0.5, 0.58)).toMatchObject({ severity: "information" });
    expect(creeping(0.5, 0.58).explanation).toMatch(/growing/);
    expect(creeping(0.58, 0.5)).toMatchObject({ severity: "warning" });
  });

  it("warns about a horizon that doubled and then stood still for the rest of the run, however unsteadily", () => {
    const unsteady = [13, 17, 11, 15, 12, 16, 10, 14];
    const f = only(
      { layers: [rnn], plannedSteps: 800 },
      times(800, (i) => h(i < 320 ? 5 : i < 400 ? 9 : unsteady[i % 8]!)),
    );
    expect(f).toMatchObject({ severity: "warning" });
    expect(f.explanation).toContain("growing too slowly");
  });

  it("warns about growth that would not get there: by half over most of the run, a tenth of the way", () => {
    const run = (plannedSteps: number) =>
      only(
        { layers: [rnn], plannedSteps },
        times(200, (i) => h(i < 100 ? 8 : i < 150 ? 10 : 12)),
      );
    // 12 × 1.5^(2 · 200 / 125) = 44 of the 99 timesteps; with 800 steps to go 12 × 1.5^(2 · 800 / 125) = 2155.
    expect(run(200)).toMatchObject({ severity: "warning" });
    expect(run(200).explanation).toContain("growing too slowly to get there");
    expect(run(1000)).toMatchObject({ severity: "information" });
  });

  it("warns about a horizon that grew and then stood still, as in a net that failed", () => {
    const horizons = [21, 35, 34, 33, 37, 27, 34].flatMap((v) => new Array<number>(20).fill(v));
    expect(
      only(
        { layers: [rnn] },
        horizons.map((v) => h(v)),
      ).severity,
    ).toBe("warning");
  });

  it("is not moved by one spike up or down", () => {
    for (const at of [2, 50, 97, 98, 99]) {
      const up = times(100, (i) => h(i === at ? 99 : 34));
      expect(only({ layers: [rnn] }, up)).toMatchObject({ severity: "warning", evidence: { horizon: 34 } });
      expect(
        vanishing(
          { layers: [rnn] },
          times(100, (i) => h(i === at ? 1 : 99)),
        ),
      ).toEqual([]);
    }
  });

  it("informs as soon as the loss has left the baseline, even if only recently, and is silent once it has halved", () => {
    expect(
      vanishing(
        { layers: [rnn] },
        times(100, () => h(34, 0.05)),
      ),
    ).toEqual([]);
    expect(
      only(
        { layers: [rnn] },
        times(100, (i) => h(34, i < 88 ? 0.167 : 0.1)),
      ).severity,
    ).toBe("information");
    expect(
      only(
        { layers: [rnn] },
        times(100, () => h(34, 0.16)),
      ).severity,
    ).toBe("warning");
    expect(
      only(
        { layers: [rnn] },
        times(100, () => h(34, 0.3)),
      ).severity,
    ).toBe("warning");
  });

  it("waits while the loss is on its way down to the baseline, unless the gradient is beyond float32's range", () => {
    const falling = (i: number) => 1.2 * 0.97 ** i;
    const lstm = times(30, (i) => h(6, falling(i)));
    expect(only({ layers: [rnn], kind: "probe" }, lstm)).toMatchObject({ severity: "information" });
    const sigmoid = times(30, (i) => ({ loss: falling(i), states: [{ h: chain(T, 0.24) }] }));
    expect(only({ layers: [rnn], kind: "probe" }, sigmoid)).toMatchObject({ severity: "warning" });
    expect(only({ layers: [rnn], kind: "probe" }, sigmoid.slice(0, 5))).toMatchObject({ severity: "warning" });
    expect(only({ layers: [rnn], kind: "probe" }, sigmoid.slice(0, 4))).toMatchObject({ severity: "information" });
  });

  it("does not mistake the noise of single batches for learning", () => {
    // Sums of twelve uniform numbers: close to normal, spread 20 %, as a batch of 32 has.
    let seed = 1;
    const uniform = () => {
      seed = (Math.imul(seed, 48271) >>> 0) % 2147483647;
      return seed / 2147483647;
    };
    const noisy = (level: number) =>
      level * (1 + 0.2 * Array.from({ length: 12 }, uniform).reduce((a, b) => a + b, -6));
    const runs = budget(8, 50, 20);
    const verdicts = (level: number, steps: number) =>
      times(runs, () => ({})).filter(
        () =>
          vanishing(
            { layers: [rnn], kind: "probe" },
            times(steps, () => h(1, noisy(level))),
          )[0]?.severity === "warning",
      ).length;
    expect(verdicts(0.167, 30)).toBeGreaterThanOrEqual(0.94 * runs);
    expect(verdicts(0.167, 200)).toBeGreaterThanOrEqual(0.94 * runs);
    expect(verdicts(0.08, 30)).toBeLessThanOrEqual(0.06 * runs);
    expect(verdicts(0.12, 200)).toBeLessThanOrEqual(0.06 * runs);
  });

  it("does not warn in a probe about reach that existed at first, or before single batches have averaged out", () => {
    const losing = times(60, (i) => h(i < 30 ? 60 : 27));
    expect(only({ layers: [rnn], kind: "probe" }, losing)).toMatchObject({ severity: "information" });
    expect(only({ layers: [rnn] }, losing)).toMatchObject({ severity: "warning" });
    const short = only(
      { layers: [rnn], kind: "probe" },
      times(19, () => h(10)),
    );
    expect(short).toMatchObject({ severity: "information" });
    expect(short.explanation).toContain("the verdict waits for 20 steps");
  });

  it("warns in a probe only under a quarter of the required lag, and later the nearer the reach is to that", () => {
    const probe = { layers: [rnn], kind: "probe", plannedSteps: null } as const;
    const verdict = (horizon: number, steps: number) =>
      only(
        probe,
        times(steps, () => h(horizon)),
      ).severity;
    expect(verdict(3, 19)).toBe("information");
    expect([45, 60, 400].map((steps) => verdict(3, steps))).toEqual(["warning", "warning", "warning"]);
    // 20 × (1 + 10 × (20 / 99) / 0.25) = 181.6 steps.
    expect([24, 60, 181].map((steps) => verdict(20, steps))).toEqual(["information", "information", "information"]);
    expect([182, 400].map((steps) => verdict(20, steps))).toEqual(["warning", "warning"]);
    expect([24, 101, 400].map((steps) => verdict(25, steps))).toEqual(["information", "information", "information"]);
  });

  it("gives the same verdict in a probe whatever the number of steps, and none before noise is ruled out", () => {
    // The horizon grows by a twelfth in 100 steps, or stands still; both wobble by a tenth from batch to batch.
    const verdict = (steps: number, perStep: number) =>
      only(
        { layers: [rnn], kind: "probe", plannedSteps: null },
        times(steps, (i) => ({
          loss: 0.167,
          states: [{ h: chain(T, 0.01 ** (1 / (8 * (1 + perStep * i) * (1 + 0.1 * Math.sin(12.9898 * i * i))))) }],
        })),
      ).severity;
    const many = [20, 30, 45, 60, 100, 150, 250, 400];
    expect(many.map((n) => verdict(n, 0.0015))).toEqual(many.map(() => "information"));
    const still = many.map((n) => verdict(n, 0));
    expect(still[0]).toBe("information");
    expect(still.slice(-2)).toEqual(["warning", "warning"]);
    expect(still.lastIndexOf("information")).toBeLessThan(still.indexOf("warning"));
  });

  it("looks for a plateau of the loss itself if there is no baseline", () => {
    const spec = { layers: [rnn], baselineLoss: null } as const;
    expect(
      only(
        spec,
        times(100, () => h(34, 2)),
      ).severity,
    ).toBe("warning");
    expect(
      only(
        spec,
        times(100, (i) => h(34, 2 * 0.98 ** i)),
      ).severity,
    ).toBe("information");
    expect(
      only(
        spec,
        times(100, (i) => h(34, i < 10 ? 2 : 0.2)),
      ).severity,
    ).toBe("information");
  });

  it("is silent if switched off, before the first step, and without timesteps", () => {
    const { history, model } = syntheticRun({ layers: [rnn] }, []);
    expect(diagnose(history, model)).toEqual([]);
    const one = { h: { logNorm: Float64Array.of(0), gain: Float64Array.of(0.5) } };
    expect(
      vanishing(
        { layers: [{ ...rnn, timesteps: 1 }], requiredLag: 0 },
        times(50, () => ({ states: [one] })),
      ),
    ).toEqual([]);
    expect(
      vanishing(
        { layers: [{ type: "dense" }], requiredLag: null },
        times(50, () => ({})),
      ),
    ).toEqual([]);
  });

  it("waits if horizons are missing or NaN", () => {
    expect(
      vanishing(
        { layers: [rnn] },
        times(50, () => ({})),
      ),
    ).toEqual([]);
  });

  it("judges an LSTM by its least attenuated state", () => {
    const lstm: LayerSpec = { type: "lstm", states: ["h", "c"] };
    const step = (hh: number, c: number) => ({ states: [{ h: reaching(T, hh), c: reaching(T, c) }] });
    expect(
      vanishing(
        { layers: [lstm] },
        times(50, () => step(20, 99)),
      ),
    ).toEqual([]);
    expect(
      vanishing(
        { layers: [lstm] },
        times(50, () => step(99, 20)),
      ),
    ).toEqual([]);
    expect(
      only(
        { layers: [lstm] },
        times(50, () => step(20, 30)),
      ).evidence["horizon"],
    ).toBe(30);
  });

  it("judges a layer by its external memory if that is attenuated least, and names it", () => {
    const net: LayerSpec = { type: "externalMemory", states: ["h", "c", "m"] };
    const step = (m: number) => ({ states: [{ h: reaching(T, 10), c: reaching(T, 20), m: reaching(T, m) }] });
    expect(
      vanishing(
        { layers: [net] },
        times(50, () => step(99)),
      ),
    ).toEqual([]);
    const f = only(
      { layers: [net] },
      times(50, () => step(30)),
    );
    expect(f.evidence["horizon"]).toBe(30);
    expect(f.explanation).toContain("∂L/∂M (memory)");
  });

  it("does not judge an LSTM by a c that gradient enters only in the middle of the sequence", () => {
    const lstm: LayerSpec = { type: "lstm", states: ["h", "c"] };
    const kept = chain(T, 0.99);
    const c = { logNorm: kept.logNorm.map((v, i) => (i < 60 ? v - 30 : Number.NEGATIVE_INFINITY)), gain: kept.gain };
    const f = only(
      { layers: [lstm] },
      times(50, () => ({ states: [{ h: chain(T, 0.1), c }] })),
    );
    expect(f.evidence["horizon"]).toBe(2);
    expect(f.message).toMatch(/×0\.1 per timestep/);
  });

  it("only informs about a layer if another carries the gradient all the way", () => {
    const steps = times(100, () => ({ states: [{ h: reaching(T, 10) }, { h: reaching(T, 99) }] }));
    expect(only({ layers: [rnn, rnn] }, steps)).toMatchObject({ severity: "information", layer: "layer_0" });
  });

  it("measures a reversed layer whose output is taken at its first timestep as having nothing to carry", () => {
    const zero = Number.NEGATIVE_INFINITY;
    const logNorm = new Float64Array(T).fill(zero);
    logNorm[0] = -1;
    const state = { logNorm, gain: new Float64Array(T).fill(Number.NaN) };
    const spec: RunSpec = { layers: [{ ...rnn, reversed: true, inner: true }] };
    expect(
      vanishing(
        spec,
        times(100, () => ({ states: [{ h: state }] })),
      ),
    ).toEqual([]);
  });
});

describe("vanishing-through-time: place and fixes", () => {
  const at = (layer: LayerSpec) =>
    only(
      { layers: [layer] },
      times(100, () => h(5)),
    );
  const titles = (layer: LayerSpec) => at(layer).fixes.map((f) => f.id);
  const base = ["models", "net", "layers", 0];

  it("points at the value that causes it", () => {
    const initializer = { type: "randomNormal", stddev: 0.1 };
    expect(at({ type: "simpleRNN", args: { recurrentInitializer: initializer, activation: "tanh" } }).place).toEqual([
      ...base,
      "recurrentInitializer",
    ]);
    expect(at({ type: "simpleRNN", args: { activation: "sigmoid" } }).place).toEqual([...base, "activation"]);
    expect(at({ type: "simpleRNN", args: { activation: "tanh" } }).place).toEqual([...base, "activation"]);
    expect(
      at({ type: "simpleRNN", args: { recurrentInitializer: "orthogonal", activation: "sigmoid" } }).place,
    ).toEqual([...base, "activation"]);
    expect(at({ type: "gru", args: { units: 4 } }).place).toEqual([...base, "type"]);
    expect(at({ type: "lstm", args: { unitForgetBias: false } }).place).toEqual([...base, "unitForgetBias"]);
  });

  it("finds the inner layer of a wrapper", () => {
    const f = at({ type: "simpleRNN", args: { units: 4, activation: "sigmoid" }, inner: true, reversed: true });
    expect(f.place).toEqual([...base, "layer", "activation"]);
    expect(f.message).toMatch(/reads backward/);
    expect(f.fixes.find((x) => x.id === "swap-lstm")!.edits).toContainEqual({
      path: [...base, "layer", "type"],
      value: "lstm",
    });
  });

  it("offers only what would change something", { tags: "thorough" }, () => {
    expect(titles({ type: "simpleRNN", args: { activation: "sigmoid" } })).toEqual([
      "tanh",
      "swap-lstm",
      "swap-gru",
      "identity-relu",
      "gradient-norm-regularizer",
    ]);
    expect(titles({ type: "simpleRNN", args: { recurrentInitializer: "randomNormal" } })).toEqual([
      "orthogonal",
      "swap-lstm",
      "swap-gru",
      "identity-relu",
      "gradient-norm-regularizer",
    ]);
    expect(titles({ type: "simpleRNN", args: { recurrentInitializer: "identity", activation: "relu" } })).toEqual([
      "swap-lstm",
      "swap-gru",
      "gradient-norm-regularizer",
    ]);
    expect(titles({ type: "simpleRNN", args: { recurrentInitializer: { type: "orthogonal", gain: 0.5 } } })).toContain(
      "orthogonal",
    );
    expect(titles({ type: "gru", args: {} })).toEqual(["chrono", "swap-lstm"]);
    expect(titles({ type: "lstm", args: { unitForgetBias: false } })).toEqual(["chrono", "unit-forget-bias"]);
    expect(titles({ type: "lstm", args: {} })).toEqual(["chrono", "unit-forget-bias"]);
    expect(titles({ type: "lstm", args: { unitForgetBias: true } })).toEqual(["chrono"]);
    expect(titles({ type: "lstm", args: { biasInitializer: { type: "constant", value: 3 } } })).toEqual(["chrono"]);
    expect(titles({ type: "lstm", args: { biasInitializer: { type: "chrono", maxLag: 9 } } })).toEqual([]);
    expect(titles({ type: "lstm", args: { useBias: false } })).toEqual([]);
  });

  it("keeps the units when it swaps the cell and drops what would not fit it", () => {
    const args = {
      units: 4,
      activation: "sigmoid",
      recurrentInitializer: "identity",
      kernelInitializer: "glorotNormal",
    };
    const swap = at({ type: "simpleRNN", args }).fixes.find((f) => f.id === "swap-lstm")!;
    expect(swap.title).toContain("4 units");
    expect(swap.edits).toEqual([
      { path: [...base, "type"], value: "lstm" },
      { path: [...base, "activation"], value: undefined },
      { path: [...base, "recurrentInitializer"], value: undefined },
      { path: [...base, "recurrentActivation"], value: "sigmoid" },
      { path: [...base, "biasInitializer"], value: { type: "chrono", maxLag: 100 } },
    ]);
  });
});

describe("a bidirectional layer", () => {
  /** Both directions share an entry, so the second one has none of its own. */
  const both = (forward: number, backward: number, returnSequences: boolean) => {
    const args = { units: 4, returnSequences };
    const path = ["models", "net", "layers", 0, "layer"];
    const layers: LayerSpec[] = [
      { type: "simpleRNN", args, inner: true, path },
      { type: "simpleRNN", args, inner: true, reversed: true, path },
    ];
    const steps = times(200, () => ({
      loss: 0.167,
      states: [{ h: reaching(T, forward) }, { h: reaching(T, backward) }],
    }));
    return vanishing({ layers }, steps).map((f) => f.severity);
  };

  it("reaches all timesteps if its directions meet, each from its end of the sequence", () => {
    expect(both(60, 38, false)).toEqual(["information", "information"]);
    expect(both(60, 37, false)).toEqual(["warning", "warning"]);
    expect(both(60, 60, true)).toEqual(["warning", "warning"]);
  });
});

describe("attention over the states", () => {
  const steps = (first: number) => {
    const { gain } = reaching(T, 10);
    const logNorm = new Float64Array(T).map((_, t) => (first * (T - 1 - t)) / (T - 1));
    return times(200, () => ({ loss: 0.167, states: [{ h: { gain, logNorm } }] }));
  };
  const net = (...between: string[]): RunSpec => ({
    layers: [rnn, ...between.map((type): LayerSpec => ({ type, states: [] })), { type: "dense" }],
  });
  const severity = (spec: RunSpec, first: number) => only(spec, steps(first)).severity;

  it("gives the first timesteps their gradient directly, through layers that keep the sequence; so does pooling", () => {
    expect(severity(net("attention"), -0.5)).toBe("information");
    expect(severity(net("dropout", "globalAveragePooling1d"), -1.9)).toBe("information");
    expect(only(net("attention"), steps(-0.5)).explanation).toContain("Layer layer_1 hands every timestep its share");
  });

  it("does not count if the gradient does not arrive by it, or after another recurrent layer", () => {
    expect(severity(net("attention"), -3)).toBe("warning");
    expect(severity(net(), -0.5)).toBe("warning");
    expect(severity(net("gru", "attention"), -0.5)).toBe("warning");
  });
});

describe("a gradient that truncation stops", () => {
  /** Nothing passes the cut; next to nothing is lost before it. */
  const stopped = (gain: number): StepSpec => {
    const state = chain(T, gain);
    const at = T - 10;
    return {
      loss: 0.167,
      states: [
        {
          h: {
            gain: state.gain.map((g, i) => (i === at ? 0 : g)),
            logNorm: state.logNorm.map((v, i) => (i < at ? Number.NEGATIVE_INFINITY : v)),
          },
        },
      ],
    };
  };
  // ln 0.01 / ln γ grows from 458 to 917: but not past the cut.
  const steps = times(200, (i) => stopped(0.99 + (0.005 * i) / 199));

  it("is not a growing horizon; the finding names the cut, points at it and offers to move it", () => {
    const f = only({ layers: [rnn], truncate: 10, plannedSteps: 1000 }, steps);
    expect(f).toMatchObject({ severity: "warning", evidence: { horizon: 9 }, place: ["training", "truncate"] });
    expect(f.explanation).toContain("The config cuts the gradient every 10 timesteps");
    expect(f.fixes[0]).toMatchObject({
      id: "untruncate",
      edits: [{ path: ["training", "truncate"], value: 100 }],
    });
  });

  it("is certain in a probe, too, unless the lag is unknown", () => {
    const spec: RunSpec = { layers: [rnn], truncate: 10, kind: "probe", plannedSteps: null };
    expect(only(spec, steps.slice(0, 60)).severity).toBe("warning");
    const unknown = only({ ...spec, requiredLagSource: "sequence-length", requiredLag: 30 }, steps.slice(0, 60));
    expect(unknown.severity).toBe("information");
    const silent = only({ ...spec, requiredLagSource: null, requiredLag: null }, steps.slice(0, 60));
    expect(silent.explanation).toContain("assumed: the whole sequence, because nothing states what is needed");
    expect(only(spec, steps.slice(0, 10)).severity).toBe("information");
  });

  it("is not named if the gradient does not get as far as the cut", () => {
    const f = only(
      { layers: [rnn], truncate: 10 },
      times(200, () => h(4)),
    );
    expect(f.explanation).not.toContain("cuts");
    expect(f.place).not.toContain("truncate");
  });
});
