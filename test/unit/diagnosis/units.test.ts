import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { jumpsOf } from "../../../src/diagnosis/rules/gradientJumps.ts";
import { chain, type LayerSpec, type RunSpec, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

const relu: LayerSpec = { type: "dense", args: { units: 8, activation: "relu" } };
const tanh: LayerSpec = { type: "dense", args: { units: 8, activation: "tanh" } };
const out: LayerSpec = { type: "dense", args: { units: 1 } };

function findings(spec: RunSpec, steps: readonly StepSpec[]) {
  const { history, model } = syntheticRun({ requiredLag: null, ...spec }, steps);
  return diagnose(history, model);
}
const found = (code: string, spec: RunSpec, steps: readonly StepSpec[]) =>
  findings(spec, steps).filter((f) => f.code === code);

describe("dead-units", () => {
  const code = "dead-units";
  const steps = (dead: number, n = 60, loss = 0.167) => times(n, () => ({ dead: [dead, 0], loss }));

  it("flags a majority of rectified units that are zero for every sample", () => {
    const [f] = found(code, { layers: [relu, out] }, steps(0.8));
    expect(f).toMatchObject({ severity: "warning", place: ["models", "net", "layers", 0, "activation"] });
    // (0.8 − 0.9³²) / (1 − 0.9³²)
    expect(f!.evidence["share"]).toBeCloseTo(0.7929, 4);
    expect(f!.fixes.map((x) => x.id)).toEqual(["elu"]);
    // Units that died during training may survive at a lower rate.
    const died = times(60, (i) => ({ dead: [i < 30 ? 0.1 : 0.8, 0] }));
    expect(found(code, { layers: [relu, out] }, died)[0]?.fixes.map((x) => x.id)).toEqual([
      "elu",
      "lower-learning-rate",
    ]);
    expect(found(code, { layers: [relu, out] }, steps(0.5))).toEqual([]);
  });

  it("does not mistake the quiet units of a small batch for dead ones", () => {
    // With one sample, half of all healthy ReLU units are zero; if each were active for one sample in ten, 0.9 of them
    // would be.
    expect(found(code, { layers: [relu, out], batchSize: 1 }, steps(0.6))).toEqual([]);
    expect(found(code, { layers: [relu, out], batchSize: 1 }, steps(0.94))).toEqual([]);
    expect(found(code, { layers: [relu, out], batchSize: 1 }, steps(1))).toHaveLength(1);
  });

  it("skips layers that do not rectify, such as those that hand zeros on", () => {
    for (const type of ["dropout", "flatten", "masking", "embedding"])
      expect(found(code, { layers: [{ type }, out] }, steps(1)), type).toEqual([]);
    expect(found(code, { layers: [{ type: "reLU" }, out] }, steps(1))).toHaveLength(1);
  });

  it("warns about a wholly dead layer at once, about others once the loss stands still, and not about a net that learns", () => {
    const severity = (dead: number, n: number, loss?: number) =>
      found(code, { layers: [relu, out] }, steps(dead, n, loss)).map((f) => f.severity);
    expect(severity(1, 4)).toEqual([]);
    expect(severity(1, 5)).toEqual(["warning"]);
    expect(severity(0.8, 5)).toEqual(["information"]);
    expect(severity(1, 60, 0.01)).toEqual([]);
  });

  it("only informs while units come back to life, and is not moved by one batch or missing ones", () => {
    const back = times(60, (i) => ({ dead: [0.95 - 0.005 * i, 0] }));
    expect(found(code, { layers: [relu, out] }, back)).toMatchObject([{ severity: "information" }]);
    const spike = times(60, (i) => ({ dead: [i === 58 ? 1 : 0.1, 0] }));
    expect(found(code, { layers: [relu, out] }, spike)).toEqual([]);
    expect(
      found(
        code,
        { layers: [relu, out] },
        times(60, () => ({})),
      ),
    ).toEqual([]);
  });

  it("is the cause if the gradient ends at it", () => {
    const dead = times(60, () => ({ dead: [0, 1, 0], outputGradient: [0, 0.5, 1] }));
    expect(findings({ layers: [tanh, relu, out] }, dead).map((f) => [f.code, f.severity, f.layer])).toEqual([
      ["dead-units", "warning", "layer_1"],
      ["vanishing-through-depth", "information", "layer_0"],
    ]);
  });
});

describe("saturated-units", () => {
  const code = "saturated-units";
  const steps = (saturated: readonly number[], loss = 0.167) => times(60, () => ({ saturated, loss }));

  it("flags a majority of outputs at the ends of the range, while the net does not learn", () => {
    const large: LayerSpec = { type: "dense", args: { units: 8, activation: "tanh", kernelInitializer: "ones" } };
    const [f] = found(code, { layers: [large, tanh, out] }, steps([0.9, 0.2, Number.NaN]));
    expect(f).toMatchObject({ severity: "warning", place: ["models", "net", "layers", 0, "kernelInitializer"] });
    expect(f!.fixes.map((x) => x.id)).toEqual(["glorot", "max-norm-kernel", "l2-kernel", "lower-learning-rate"]);
    expect(found(code, { layers: [large, out] }, steps([0.5, 0]))).toEqual([]);
    expect(found(code, { layers: [large, out] }, steps([0.9, 0], 0.01))).toEqual([]);
  });

  it("ignores a confident output layer", () => {
    const layers = [tanh, { type: "dense", args: { units: 1, activation: "sigmoid" } }];
    expect(found(code, { layers }, steps([0.1, 0.9], 0.01))).toEqual([]);
    expect(found(code, { layers }, steps([0.1, 0.9]))).toHaveLength(1);
  });

  it("informs if the same layer vanishes through time, which is reported instead", () => {
    const rnn: LayerSpec = { type: "simpleRNN", args: { units: 4 } };
    const both = times(100, () => ({ saturated: [0.9], states: [{ h: chain(100, 0.2) }] }));
    expect(findings({ layers: [rnn], requiredLag: 99 }, both).map((f) => [f.code, f.severity])).toEqual([
      ["vanishing-through-time", "warning"],
      [code, "information"],
    ]);
  });
});

describe("saturated-gates", () => {
  const code = "saturated-gates";
  const lstm: LayerSpec = {
    type: "lstm",
    args: { units: 4, biasInitializer: { type: "constant", value: -6 } },
    states: ["h", "c"],
    gates: ["input", "forget", "output"],
  };
  const open = { input: [0, 0], forget: [0, 0], output: [0, 0] } as const;
  type Gates = NonNullable<StepSpec["gates"]>;
  const of = (gates: Gates, layer = lstm, n = 60) =>
    found(
      code,
      { layers: [layer] },
      times(n, () => ({ gates })),
    );

  it("flags gates that are shut, worst first, and offers biases that open them", () => {
    const [f] = of({ ...open, forget: [0.9, 0], output: [0.7, 0] });
    expect(f).toMatchObject({ severity: "warning", place: ["models", "net", "layers", 0, "biasInitializer"] });
    expect(f!.message).toBe("the forget gate is shut: 90 % of its values are below 0.1");
    expect(f!.evidence["forgetLow"]).toBeCloseTo(0.9, 12);
    expect(f!.evidence["outputLow"]).toBeCloseTo(0.7, 12);
    expect(f!.fixes[0]).toMatchObject({ id: "zero-bias" });
    expect(of({ ...open, forget: [0.5, 0] })).toEqual([]);
    expect(of({ ...open, forget: [0.9, 0] }, lstm, 4)).toEqual([]);
  });

  it("reports neither an open gate nor a slow integrator", () => {
    expect(of({ ...open, forget: [0, 1], output: [0, 1], input: [0, 1] })).toEqual([]);
    expect(of({ ...open, forget: [0, 0.91], input: [0.91, 0] })).toEqual([]);
    expect(of({ ...open, input: [0.91, 0] })).toHaveLength(1);
    const gru: LayerSpec = { type: "gru", gates: ["update", "reset"] };
    expect(of({ update: [0, 1], reset: [0, 0] }, gru)).toEqual([]);
    expect(of({ update: [0.8, 0], reset: [0, 0] }, gru)).toHaveLength(1);
  });

  it("flags gates stuck at both ends, even if neither end has half of the values", () => {
    expect(of({ ...open, output: [0.4, 0.4] })[0]!.message).toBe(
      "the output gate is stuck at its ends: 80 % of its values are below 0.1 or above 0.9",
    );
    expect(of({ ...open, output: [0.09, 0.8] })).toEqual([]);
  });

  it("is not moved by one step, nor by the maxima that a long run's heat map keeps", () => {
    const spikes = times(2000, (i) => ({
      gates: { ...open, forget: i % 3 === 0 ? [0.9, 0] : [0.1, 0] } satisfies Gates,
    }));
    expect(found(code, { layers: [lstm] }, spikes)).toEqual([]);
  });
});

describe("update-ratio", () => {
  const code = "update-ratio";
  const of = (ratio: number, loss = 0.167, n = 60) =>
    found(
      code,
      { layers: [tanh, out] },
      times(n, () => ({ updateRatio: [1e-3, ratio], loss })),
    );

  it("informs outside its limits, and proposes the usual rate", () => {
    expect(of(1e-6)).toMatchObject([{ severity: "information", layer: "layer_1", weight: "kernel" }]);
    const rateOf = (ratio: number) =>
      of(ratio)[0]!.fixes[0]!.edits.find((edit) => edit.path.at(-1) === "learningRate")?.value;
    expect([rateOf(0.2)]).toEqual([1e-5]);
    // Adam at 0.001: a thousandth of the usual pace, and no rate beyond the optimizer's usual ones.
    expect([rateOf(1e-6), rateOf(5)]).toEqual([0.01, 1e-5]);
    for (const fine of [1.01e-5, 1e-3, 0.099, Number.NaN]) expect(of(fine)).toEqual([]);
    expect(of(1e-6, 0.167, 19)).toEqual([]);
  });

  it("is silent about a net that learns", () => {
    expect(of(1e-6, 0.01)).toEqual([]);
    expect(of(0.5, 0.01)).toEqual([]);
  });

  it("warns if no weight moves by a tenth of itself over the whole run, whatever else is wrong", () => {
    const run = (ratio: number, more: object = {}) =>
      findings(
        { layers: [tanh, out], plannedSteps: 1000 },
        times(300, () => ({ updateRatio: [ratio, ratio], ...more })),
      ).map((f) => [f.code, f.severity]);
    expect(run(9e-5)).toEqual([[code, "warning"]]);
    expect(run(1.1e-4)).not.toContainEqual([code, "warning"]);
    expect(run(1e-6, { dead: [1, 0], outputGradient: [0, 1] })).toContainEqual([code, "warning"]);
  });

  it("judges kernels, not the biases of attention", () => {
    const attention: LayerSpec = { type: "selfAttention", args: { heads: 1 }, states: [], weight: "key_bias" };
    const steps = times(60, () => ({ updateRatio: [0.9, 1e-3] }));
    expect(found(code, { layers: [attention, out] }, steps)).toEqual([]);
    const kernel = { ...attention, weight: "key_kernel" };
    expect(found(code, { layers: [kernel, out] }, steps)).toMatchObject([{ weight: "key_kernel" }]);
  });

  it("is dropped if something graver explains it", () => {
    const steps = times(60, () => ({ updateRatio: [0, 1e-3, 1e-3], dead: [0, 1, 0], outputGradient: [0, 0.5, 1] }));
    expect(found(code, { layers: [tanh, relu, out] }, steps)).toEqual([]);
  });
});

describe("loss-plateau", () => {
  const code = "loss-plateau";
  const of = (n: number, loss: number, spec: Partial<RunSpec> = {}) =>
    found(
      code,
      { layers: [tanh, out], plannedSteps: 400, ...spec },
      times(n, () => ({ loss })),
    );

  it("gives the loss as a multiple of its baseline, and warns at once above twice the baseline", () => {
    const [f] = of(60, 1644, { baselineLoss: 24 });
    expect(f).toMatchObject({ severity: "warning" });
    expect(f!.message).toBe("loss 1644 is 69 times the trivial baseline, 24, after 60 steps");
    expect(of(60, 30, { baselineLoss: 24 })).toEqual([]);
  });

  it("reports a loss that was still falling when the run ended", () => {
    const falling = (n: number) =>
      found(
        code,
        { layers: [tanh, out], plannedSteps: 200, baselineLoss: 24 },
        times(n, (i) => ({ loss: 1644 - 5 * i })),
      );
    expect(falling(199)).toEqual([]);
    const [f] = falling(200);
    expect(f).toMatchObject({ severity: "warning" });
    expect(f!.explanation).toContain("still falling when the run ended");
    expect(f!.fixes.slice(0, 2).map((x) => x.id)).toEqual(["raise-learning-rate", "train-longer"]);
  });

  it("informs after a quarter of a training run, warns after half, and is silent in a probe", () => {
    expect(of(99, 0.167)).toEqual([]);
    expect(of(100, 0.167)).toMatchObject([{ severity: "information" }]);
    expect(of(200, 0.16)).toMatchObject([{ severity: "warning" }]);
    expect(of(200, 0.167, { kind: "probe" })).toEqual([]);
    expect(of(200, 0.167, { baselineLoss: null })).toEqual([]);
    expect(of(200, 0.15)).toEqual([]);
  });

  it("is dropped if the gradient vanishes, which is the reason", () => {
    const rnn: LayerSpec = { type: "simpleRNN", args: { units: 4 } };
    const steps = times(300, () => ({ states: [{ h: chain(100, 0.3) }] }));
    const told = findings({ layers: [rnn], requiredLag: 99, plannedSteps: 400 }, steps);
    expect(told.map((f) => [f.code, f.severity])).toEqual([["vanishing-through-time", "warning"]]);
  });

  it("is explained by small updates", () => {
    const steps = times(300, () => ({ updateRatio: [1e-6, 1e-6] }));
    const told = findings({ layers: [tanh, out], plannedSteps: 400 }, steps);
    expect(told.map((f) => [f.code, f.severity])).toEqual([["update-ratio", "warning"]]);
  });
});

describe("loss-diverging", () => {
  const code = "loss-diverging";
  const of = (loss: (i: number) => number, n = 40) =>
    found(
      code,
      { layers: [tanh, out] },
      times(n, (i) => ({ loss: loss(i) })),
    );

  it("warns about a sustained loss of ten times the first, and informs once it has come back", () => {
    expect(of((i) => (i < 10 ? 1 : 11))).toMatchObject([{ severity: "warning", step: 11 }]);
    expect(of((i) => (i < 10 ? 1 : 9.9))).toEqual([]);
    const back = found(
      code,
      { layers: [tanh, out], baselineLoss: 1 },
      times(40, (i) => ({ loss: i > 10 && i < 20 ? 50 : 1 })),
    );
    expect(back).toMatchObject([{ severity: "information", evidence: { worstLoss: 50 } }]);
  });

  it("is not moved by two unlucky batches, by a run of one step, or by a first loss far below the baseline", () => {
    expect(of((i) => (i === 10 || i === 12 ? 1e6 : 1))).toEqual([]);
    expect(of(() => 1, 1)).toEqual([]);
    expect(of((i) => (i === 0 ? 0.001 : 0.1))).toEqual([]);
  });

  it("leaves a non-finite first step to non-finite", () => {
    expect(of(() => Number.NaN)).toEqual([]);
  });
});

describe("one explosion", () => {
  it("is reported at the layer where it came first", () => {
    const steps = times(40, (i) => ({ kernel: i < 20 ? 0.1 : 5, loss: i < 21 ? 0.167 : 0.4 }));
    const severities = findings({ layers: [tanh, tanh, out] }, steps)
      .filter((f) => f.code === "exploding-gradient")
      .map((f) => f.severity);
    expect(severities).toEqual(["warning", "information", "information"]);
  });

  it("is not reported for a net that has learnt, whose loss stays a small share of its baseline", () => {
    const kinds = (after: number, baselineLoss: number | null = Math.LN2) => {
      const steps = times(27, (i) => ({ kernel: i === 20 ? 5 : 0.1, loss: i < 21 ? 0.008 : after }));
      const { history } = syntheticRun({ layers: [tanh, out], baselineLoss }, steps);
      return jumpsOf(history, 0, "kernel", { factor: 10, norm: 1e4 }).map(({ effect }) => effect.kind);
    };
    expect(kinds(0.043)).toEqual([]);
    expect(kinds(0.3)).toEqual(["loss"]);
    expect(kinds(0.043, null)).toEqual(["loss"]);
  });

  it("is not reported if the jump stays below the usual norm of all gradients", () => {
    const steps = times(40, (i) => ({ kernel: i === 20 ? 4e-4 : 1e-5, norm: 5 }));
    expect(found("exploding-gradient", { layers: [tanh, out] }, steps)).toEqual([]);
  });
});

describe("a learning rate that overshoots", () => {
  const run = (rates: readonly number[], learningRate: number) =>
    findings(
      { layers: [tanh, out], learningRate },
      times(60, (i) => ({ loss: i < 20 ? 1 : 40, stableRate: rates[i] ?? Number.NaN })),
    ).find((f) => f.code === "loss-diverging")!;

  it("is reported with the rate that the curvature allows, and lowered to less than half of it", () => {
    const f = run([4.7e-4, 5e-4, Number.NaN, 6e-4], 0.001);
    expect(f.explanation).toContain("at 3 steps, rates above 5.13e−4 overshoot here; 0.001 is in force");
    expect(f.evidence["stableRate"]).toBeCloseTo(5.1256e-4, 7);
    expect(f.fixes[0]!.edits).toContainEqual({ path: ["training", "optimizer", "learningRate"], value: 2e-4 });
  });

  it("is not reported if the curvature allows it, or was not measured", () => {
    for (const rates of [[0.1, 0.2], []]) expect(run(rates, 0.001).explanation).not.toContain("overshoot here");
  });
});

describe("a rare class", () => {
  it("makes losses vary too much for a sure plateau", () => {
    // A batch in eight has a sample of the class: mean 0.13 of a baseline of 0.135, deviation 0.1.
    const steps = times(300, (i) => ({ loss: i % 8 === 0 ? 0.39 : 0.093 }));
    const [f] = found("loss-plateau", { layers: [tanh, out], plannedSteps: 300, baselineLoss: 0.135 }, steps);
    expect(f).toMatchObject({ severity: "information" });
    expect(f!.explanation).toContain("vary too much to tell");
  });
});

describe("updates under a schedule", () => {
  it("are judged at the schedule's full rate, over the whole run", () => {
    // Cosine decay: the last updates are next to nothing on purpose.
    const share = (i: number) => (1 + Math.cos((Math.PI * i) / 300)) / 2;
    const steps = times(300, (i) => ({ updateRatio: [1e-3 * share(i), 1e-3 * share(i)], scheduled: 0.001 * share(i) }));
    expect(found("update-ratio", { layers: [tanh, out], plannedSteps: 300 }, steps)).toEqual([]);
  });

  it("are not called small because the run is short", () => {
    const steps = times(60, () => ({ updateRatio: [1e-3, 1e-3] }));
    expect(found("update-ratio", { layers: [tanh, out], plannedSteps: 60 }, steps)).toEqual([]);
  });
});

describe("targets that are all the same", () => {
  it("give no plateau", () => {
    const steps = times(300, () => ({ loss: 1e-7 }));
    expect(found("loss-plateau", { layers: [tanh, out], plannedSteps: 300, baselineLoss: 0 }, steps)).toEqual([]);
  });
});

describe("a loss that falls without a known baseline", () => {
  it("is described without one", () => {
    const steps = times(100, (i) => ({ loss: 2 * 0.996 ** i, saturated: [0.9] }));
    const [f] = found("saturated-units", { layers: [tanh, out], baselineLoss: null }, steps);
    expect(f!.explanation).toContain("is falling");
    expect(f!.explanation).not.toContain("NaN");
  });
});
