import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { chain, type LayerSpec, type RunSpec, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

const T = 100;
const gaussian: LayerSpec = {
  type: "simpleRNN",
  args: { units: 4, recurrentInitializer: { type: "randomNormal", stddev: 3 } },
};
const healthy = { states: [{ h: chain(T, 1) }] };

function found(code: string, spec: RunSpec, steps: readonly StepSpec[]) {
  const { history, model } = syntheticRun(spec, steps);
  return diagnose(history, model).filter((f) => f.code === code);
}

describe("exploding-through-time", () => {
  const grow = (gain: number) => ({ states: [{ h: chain(T, gain) }] });
  const code = "exploding-through-time";

  it("warns at the first step, where the recurrent kernel is initialized", () => {
    const [f] = found(code, { layers: [gaussian] }, [grow(1.38)]);
    expect(f).toMatchObject({
      severity: "warning",
      step: 1,
      place: ["models", "net", "layers", 0, "recurrentInitializer"],
    });
    expect(f!.message).toBe("gradient grows by 13.8 decades over 99 timesteps · ×1.38 per timestep");
    expect(f!.fixes.map((x) => x.id)).toEqual([
      "orthogonal",
      "clip-global-norm",
      "max-norm-recurrent",
      "l2-recurrent",
      "swap-lstm",
      "swap-gru",
    ]);
    expect(f!.fixes[1]!.edits).toEqual([{ path: ["training", "clip"], value: { globalNorm: 1 } }]);
  });

  it("marks the timesteps that are beyond the limit", () => {
    const [f] = found(code, { layers: [gaussian] }, [grow(10)]);
    // ‖d_t‖ = 10^(100 − t) is above 10³ for t < 97.
    expect(f!.timesteps).toEqual([1, 96]);
  });

  it("compares with the limit exactly", () => {
    expect(found(code, { layers: [gaussian] }, [grow(10 ** (2.99 / 99))])).toEqual([]);
    expect(found(code, { layers: [gaussian] }, [grow(10 ** (3.01 / 99))])).toHaveLength(1);
  });

  it("blames no layer that shrinks the gradient for getting more of it at its first timesteps", () => {
    // The backward half of a bidirectional layer below a GRU: its timestep 1 is the position the GRU's loss is nearest to.
    const state = { logNorm: chain(T, 1.2).logNorm, gain: new Float64Array(T).fill(0.5) };
    expect(found(code, { layers: [gaussian] }, [{ states: [{ h: state }] }])).toEqual([]);
  });

  it("describes the norm if it differs from the gains", () => {
    const state = { logNorm: chain(T, 2).logNorm, gain: new Float64Array(T).fill(1.2) };
    const [f] = found(code, { layers: [gaussian] }, [{ states: [{ h: state }] }]);
    expect(f!.message).toMatch(/by 7\.8 decades/);
    expect(f!.explanation).toContain(
      "The norm itself changes by +29.8 decades, because more gradient enters on the way.",
    );
  });

  it("sees growth that shows only in the gains, and growth of either state", () => {
    const state = { logNorm: new Float64Array(T), gain: new Float64Array(T).fill(1.2) };
    expect(found(code, { layers: [gaussian] }, [{ states: [{ h: state }] }])).toHaveLength(1);
    const lstm: LayerSpec = { type: "lstm", states: ["h", "c"] };
    expect(found(code, { layers: [lstm] }, [{ states: [{ h: chain(T, 0.5), c: chain(T, 1.2) }] }])[0]!.place).toEqual([
      "models",
      "net",
      "layers",
      0,
      "type",
    ]);
  });

  it("stays after the net was blown up and saturated, and marks the rest as its consequences", () => {
    const dead = { states: [{ h: chain(T, 0.01) }], loss: 8000 };
    const { history, model } = syntheticRun({ layers: [gaussian], kind: "probe" }, [
      grow(1.38),
      ...times(30, () => dead),
    ]);
    expect(diagnose(history, model).map((f) => [f.code, f.severity])).toEqual([
      [code, "warning"],
      ["vanishing-through-time", "information"],
      ["loss-diverging", "information"],
    ]);
  });

  it("is over once the net has recovered and learns", () => {
    const steps = [grow(1.38), ...times(99, () => ({ ...healthy, loss: 0.01 }))];
    expect(found(code, { layers: [gaussian] }, steps)).toEqual([]);
  });

  it("is not moved by one unlucky batch among five", () => {
    expect(
      found(
        code,
        { layers: [gaussian] },
        times(20, (i) => (i === 18 ? grow(2) : healthy)),
      ),
    ).toEqual([]);
    expect(
      found(
        code,
        { layers: [gaussian] },
        times(20, (i) => (i >= 15 ? grow(2) : healthy)),
      )[0]!.step,
    ).toBe(16);
  });

  it("survives overflow", () => {
    const inf = Number.POSITIVE_INFINITY;
    const state = {
      logNorm: Float64Array.of(Number.NaN, inf, 30, 0),
      gain: Float64Array.of(Number.NaN, Number.NaN, inf, 1e30),
    };
    const layer = { ...gaussian, timesteps: 4 };
    const [f] = found(code, { layers: [layer], requiredLag: 3 }, [{ states: [{ h: state }] }]);
    expect(f!.message).toMatch(/grows beyond all numbers/);
    expect(f!.timesteps).toEqual([1, 3]);
  });

  it("offers a bounded activation if there is none, and no clipping below the present limit", () => {
    const relu: LayerSpec = { type: "simpleRNN", args: { activation: "relu" } };
    const [f] = found(code, { layers: [relu], clip: { globalNorm: 0.5 } }, [grow(2)]);
    expect(f!.fixes.map((x) => x.id)).toEqual(["tanh", "max-norm-recurrent", "l2-recurrent", "swap-lstm", "swap-gru"]);
  });
});

describe("exploding-gradient", () => {
  const code = "exploding-gradient";
  const dense: RunSpec = { layers: [{ type: "dense" }], requiredLag: null };

  /** Sets gradient norms; the loss doubles after each step in `hurt` and stays there. */
  const norms = (n: number, kernel: (i: number) => number, hurt: readonly number[], more: StepSpec = {}) =>
    times(n, (i) => ({ kernel: kernel(i), loss: 0.167 * 2 ** hurt.filter((at) => i > at).length, ...more }));

  it("finds first and worst jump over the running median", () => {
    const steps = norms(60, (i) => (i === 20 ? 1.5 : i === 40 ? 4 : 0.1), [20, 40]);
    const [f, ...more] = found(code, dense, steps);
    expect(more).toEqual([]);
    expect(f).toMatchObject({ severity: "warning", step: 21, weight: "kernel", layer: "layer_0" });
    expect(f!.evidence).toMatchObject({ gradientNorm: 4, median: 0.1, firstStep: 21, worstStep: 41, occurrences: 2 });
    expect(f!.evidence).toMatchObject({ lossBefore: 0.334, lossAfter: 0.668 });
    expect(f!.message).toBe("gradient of kernel was 40 times its median at step 41 (norm 4)");
    expect(f!.fixes[0]).toMatchObject({ title: "Clip gradients by global norm 0.5" });
  });

  it("counts a jump only with an effect: on the losses after it, or on the weight", () => {
    const jump = (i: number) => (i === 40 ? 5 : 0.1);
    expect(found(code, dense, norms(60, jump, []))).toEqual([]);
    expect(found(code, dense, norms(60, jump, [40]))).toHaveLength(1);
    const updates = (ratio: number) => times(60, (i) => ({ kernel: jump(i), updateRatio: [i === 40 ? ratio : 1e-3] }));
    expect(found(code, dense, updates(0.01))).toEqual([]);
    const [f] = found(code, dense, updates(0.3));
    expect(f!.explanation).toContain("Its update changed 0.3 of the weight, where 0.001 was usual.");
  });

  it("lets norms drift: only a jump over what was usual just before counts", () => {
    expect(
      found(
        code,
        dense,
        norms(400, (i) => 0.01 * 1.02 ** i, []),
      ),
    ).toEqual([]);
  });

  it("ignores a return to the size at the initial weights", () => {
    const plateau = (peak: number) => norms(60, (i) => (i === 0 ? 1 : i === 40 ? peak : 0.02), [40]);
    expect(found(code, dense, plateau(0.9))).toEqual([]);
    expect(found(code, dense, plateau(1.1))).toHaveLength(1);
  });

  it("needs five steps for a median, but none for the absolute limit", () => {
    expect(
      found(
        code,
        dense,
        norms(20, (i) => (i === 4 ? 5 : 0.1), [4]),
      ),
    ).toEqual([]);
    expect(
      found(
        code,
        dense,
        norms(20, (i) => (i === 5 ? 5 : 0.1), [5]),
      ),
    ).toHaveLength(1);
    const [f] = found(
      code,
      dense,
      norms(10, (i) => (i === 0 ? 2e4 : 0.1), [0]),
    );
    expect(f).toMatchObject({ step: 1, message: "gradient norm of kernel was 20000 at step 1 (limit 10000)" });
    expect(f!.evidence).not.toHaveProperty("median");
    // 7 times its median is within the limit of 10: it is the norm that is not.
    const [large] = found(
      code,
      dense,
      norms(20, (i) => (i === 5 ? 7e4 : 1e4), [5]),
    );
    expect(large!.message).toBe("gradient norm of kernel was 70000 at step 6 (limit 10000)");
  });

  it("gives no ratio to a median of zero", () => {
    const [f] = found(
      code,
      dense,
      norms(30, (i) => (i === 10 ? 2e5 : 0), [10]),
    );
    expect(f!.message).toBe("gradient norm of kernel was 2e5 at step 11 (limit 10000)");
    expect(f!.message + f!.explanation).not.toContain("Infinity");
  });

  it("is silent if clipping removed the jump, and points at a clip that did not", () => {
    const spike = (i: number) => (i === 30 ? 50 : 0.5);
    expect(found(code, { ...dense, clip: { globalNorm: 1 } }, norms(40, spike, []))).toEqual([]);
    const [loud] = found(code, { ...dense, clip: { globalNorm: 40 } }, norms(40, spike, [30]));
    expect(loud).toMatchObject({ severity: "warning", place: ["training", "clip"] });
    expect(loud!.fixes[0]).toMatchObject({ title: "Clip gradients by global norm 1" });
  });

  it("is over if the loss came back long ago, unless jumps recur", () => {
    const back = (at: readonly number[]) =>
      times(300, (i) => ({
        kernel: at.includes(i) ? 5 : 0.1,
        loss: at.some((a) => i > a && i <= a + 8) ? 0.5 : 0.167,
      }));
    expect(found(code, dense, back([9]))).toEqual([]);
    expect(found(code, dense, back([9, 100, 290]))).toMatchObject([{ severity: "warning" }]);
  });

  it("is silent about a single jump of a net that learns, informs if they recur, but not for a net that diverges", () => {
    const steps = (loss: (i: number) => number, at: readonly number[]) =>
      times(300, (i) => ({
        kernel: at.includes(i) ? 0.5 : 0.02,
        updateRatio: [at.includes(i) ? 0.5 : 1e-3],
        loss: loss(i),
      }));
    expect(
      found(
        code,
        dense,
        steps(() => 0.01, [290]),
      ),
    ).toEqual([]);
    const [calm] = found(
      code,
      dense,
      steps(() => 0.01, [250, 270, 290]),
    );
    expect(calm).toMatchObject({ severity: "information" });
    expect(calm!.explanation).toContain("the net learns all the same");
    const [lost] = found(
      code,
      dense,
      steps((i) => (i > 293 ? 8e36 : 0.01), [250, 270, 290]),
    );
    expect(lost).toMatchObject({ severity: "warning" });
  });

  it("leaves NaN and Infinity to the other rule and is not confused by missing or zero gradients", () => {
    expect(
      found(
        code,
        dense,
        times(30, (i) => ({ kernel: i === 20 ? Number.POSITIVE_INFINITY : Number.NaN })),
      ),
    ).toEqual([]);
    expect(
      found(
        code,
        dense,
        times(30, (i) => ({ kernel: i === 20 ? 1e-9 : 0 })),
      ),
    ).toEqual([]);
  });
});

describe("non-finite", () => {
  const code = "non-finite";
  const nan = Number.NaN;
  const rnn: LayerSpec = { type: "simpleRNN", args: { units: 4 } };

  it("names the timestep a state gradient broke at: the last one, where the backward pass met it first", () => {
    const logNorm = new Float64Array(T).map((_, i) => (i < 40 ? nan : 0));
    const nonFinite = new Float64Array(T).map((_, i) => (i < 40 ? 3 : 0));
    const bad = { h: { logNorm, gain: new Float64Array(T).fill(1), nonFinite } };
    const steps = times(12, (i) =>
      i === 10
        ? { states: [bad], kernelNonFinite: 16, kernel: nan }
        : i === 11
          ? { loss: nan }
          : { ...healthy, kernel: i + 1 },
    );
    const [f] = found(code, { layers: [rnn] }, steps);
    expect(f).toMatchObject({ severity: "error", step: 11, layer: "layer_0", weight: null, timesteps: [1, 40] });
    expect(f!.evidence).toMatchObject({ timestep: 40, entries: 120, gradientNormBefore1: 10, gradientNormBefore3: 8 });
    expect(f!.message).toBe("first NaN or Infinity: the state gradient ∂L/∂h of layer_0, at step 11, timestep 40");
  });

  it("names the timestep at which a state overflowed: the first one, as states are computed forward", () => {
    const steps = times(4, (i) => (i === 3 ? { activationNonFinite: 8, nonFiniteFrom: 22, loss: nan } : healthy));
    const [f] = found(code, { layers: [rnn] }, steps);
    expect(f).toMatchObject({ step: 4, layer: "layer_0", timesteps: [22, T], evidence: { timestep: 22 } });
    expect(f!.message).toBe("first NaN or Infinity: the output of layer_0, at step 4, timestep 22");
    expect(f!.explanation).toContain("computed forward");
  });

  it("finds the timestep in a heat map column of several steps", () => {
    const nonFinite = new Float64Array(T).map((_, i) => (i < 7 ? 1 : 0));
    const bad = { h: { ...chain(T, 1), nonFinite } };
    const { history, model } = syntheticRun(
      { layers: [rnn] },
      times(900, (i) => (i === 500 ? { states: [bad] } : healthy)),
    );
    expect(diagnose(history, model).find((f) => f.code === code)).toMatchObject({ step: 501, timesteps: [1, 7] });
  });

  it("follows the order of computation within a step", () => {
    const all = { loss: nan, kernelNonFinite: 1, activationNonFinite: 2 };
    const two: RunSpec = { layers: [rnn, { type: "dense" }] };
    expect(found(code, two, [healthy, all])[0]).toMatchObject({ layer: "layer_0", step: 2 });
    expect(found(code, two, [healthy, { loss: Number.POSITIVE_INFINITY, kernelNonFinite: 1 }])[0]).toMatchObject({
      layer: null,
      place: ["training", "loss"],
      message: "loss is Infinity at step 2",
    });
    expect(found(code, two, [healthy, { kernelNonFinite: 1 }])[0]).toMatchObject({
      layer: "layer_1",
      weight: "kernel",
    });
  });

  it("treats a missing count as no evidence", () => {
    expect(
      found(
        code,
        { layers: [rnn] },
        times(9, () => ({ ...healthy, kernelNonFinite: nan, kernel: nan })),
      ),
    ).toEqual([]);
  });

  it("suspects the data when the very first step is not finite", () => {
    for (const step of [{ loss: nan }, { activationNonFinite: 1, loss: nan }]) {
      const [f] = found(code, { layers: [rnn] }, [step]);
      expect(f).toMatchObject({ place: ["data"], step: 1, fixes: [] });
    }
  });

  it("also suspects initial weights whose scale does not follow from the layer's size, and offers others", () => {
    const huge = { type: "dense", args: { units: 4, kernelInitializer: { type: "constant", value: 1e25 } } };
    const [f] = found(code, { layers: [gaussian, huge] }, [{ loss: nan }]);
    expect(f!.place).toEqual(["models", "net", "layers", 0, "recurrentInitializer"]);
    expect(f!.explanation).toContain("their scale, or the data,");
    expect(f!.fixes.map((x) => x.edits)).toEqual([
      [
        { path: ["models", "net", "layers", 0, "recurrentInitializer"], value: "orthogonal" },
        { path: ["models", "net", "layers", 1, "kernelInitializer"], value: "glorotUniform" },
      ],
    ]);
  });

  it("lowers a learning rate far above the usual one to the usual one", () => {
    const spec: RunSpec = { layers: [rnn], learningRate: 1e6 };
    const [f] = found(code, spec, [healthy, { loss: nan }]);
    const rate = f!.fixes.find(({ id }) => id === "lower-learning-rate");
    expect(rate?.title).toBe("Lower the learning rate to 0.001, the usual one");
    expect(rate?.edits).toContainEqual({ path: ["training", "optimizer", "learningRate"], value: 0.001 });
  });

  it("offers clipping at a multiple of the norms before, and a lower learning rate", () => {
    const [f] = found(code, { layers: [rnn] }, [...times(20, () => ({ ...healthy, kernel: 0.04 })), { loss: nan }]);
    expect(f!.fixes.map((x) => x.title)).toEqual([
      "Clip gradients by global norm 0.2",
      "Lower the learning rate to 0.0001",
    ]);
    expect(f!.fixes[1]!.edits).toContainEqual({ path: ["training", "optimizer", "learningRate"], value: 0.0001 });
  });

  it("sorts before everything but its cause, which is equally grave, and has a stable id", () => {
    const steps = [{ states: [{ h: chain(T, 2) }], loss: 1 }, { loss: nan }];
    const of = (kind: "train" | "probe") => {
      const { history, model } = syntheticRun({ layers: [gaussian], kind }, steps);
      return diagnose(history, model).map((f) => [f.id, f.severity]);
    };
    expect(of("train")).toEqual([
      ["exploding-through-time|net|layer_0|", "error"],
      ["non-finite|net||", "information"],
    ]);
    // How far a probe gets depends on the machine, so the cause does not become graver.
    expect(of("probe")[0]).toEqual(["exploding-through-time|net|layer_0|", "warning"]);
    const { history, model } = syntheticRun({ layers: [gaussian] }, [{ loss: 1 }, { loss: nan }]);
    expect(diagnose(history, model)[0]).toMatchObject({ code: "non-finite", severity: "error" });
  });
});
