import { describe, expect, it } from "vitest";
import { lossProgress, trainingSteps } from "../../../../src/diagnosis/verify/lossProgress.ts";
import { dataFacts } from "../dataFacts.ts";
import { type RunSpec, syntheticRun, times } from "../syntheticRun.ts";

/** Training of the synthetic model is 1000 steps; the baseline is 0.167. */
function progressOf(loss: (step: number) => number, spec: Partial<RunSpec> = {}, steps = 200): string {
  const { history, model } = syntheticRun(
    { layers: [{ type: "dense" }], plannedSteps: steps, ...spec },
    times(steps, (i) => ({ loss: loss(i) })),
  );
  return lossProgress(history, model, false);
}

/** Deterministic noise between −1 and 1. */
const noise = (i: number): number => Math.sin(i * 12.9898) * Math.cos(i * 78.233);

describe("the progress of a loss", () => {
  it("is below if the baseline is surely left behind", () => {
    expect(progressOf((i) => 0.167 * Math.exp(-i / 50))).toBe("below");
  });

  it("is standing at a plateau, noisy or not, at the baseline or far above", () => {
    expect(progressOf(() => 0.167)).toBe("standing");
    expect(progressOf((i) => 0.167 * (1 + 0.2 * noise(i)))).toBe("standing");
    expect(progressOf((i) => 42 * 0.167 * (1 + 0.1 * noise(i)))).toBe("standing");
    // It fell at first, and then no more.
    expect(progressOf((i) => 7 * (1 + 0.05 * noise(i)) + 100 * Math.exp(-i / 5))).toBe("standing");
  });

  it("is arriving if the fall, continued, gets there within full training", () => {
    expect(progressOf((i) => 5 * Math.exp(-i / 150) * (1 + 0.05 * noise(i)))).toBe("arriving");
  });

  it("is merely falling if it is too slow, or slows down too soon", () => {
    expect(progressOf((i) => 500 * Math.exp(-i / 400))).toBe("falling");
    // Towards 3, eighteen times the baseline: a straight line from here would get there.
    expect(progressOf((i) => 3 + 20 * Math.exp(-i / 60))).toBe("falling");
  });

  it("is never arriving without a baseline, or if the length of full training is not known", () => {
    const falls = (i: number): number => 5 * Math.exp(-i / 150);
    expect(progressOf(falls, { baselineLoss: null })).toBe("falling");
    const { history, model } = syntheticRun(
      { layers: [{ type: "dense" }] },
      times(200, (i) => ({ loss: falls(i) })),
    );
    const epochs = { ...model, training: { ...model.training, length: { epochs: 10 } } };
    expect(trainingSteps(history, epochs)).toBeNull();
    expect(lossProgress(history, epochs, false)).toBe("falling");
    expect(trainingSteps(history, model)).toBe(1000);
  });

  it("counts an epoch as the engine does, without the last, short batch", () => {
    const stepsOf = (samples: number) => {
      const { history, model } = syntheticRun(
        { layers: [{ type: "dense" }], batchSize: 32, data: dataFacts({ samples }) },
        [{ loss: 1 }],
      );
      return trainingSteps(history, { ...model, training: { ...model.training, length: { epochs: 10 } } });
    };
    expect(stepsOf(127)).toBe(30);
    expect(stepsOf(128)).toBe(40);
    expect(stepsOf(20)).toBe(10);
  });

  it("is standing if the run diverged, or was too short to tell", () => {
    const { history, model } = syntheticRun(
      { layers: [{ type: "dense" }] },
      times(30, (i) => ({ loss: 5 - i * 0.1 })),
    );
    expect(lossProgress(history, model, true)).toBe("standing");
    expect(progressOf((i) => 5 - i, {}, 4)).toBe("standing");
  });
});
