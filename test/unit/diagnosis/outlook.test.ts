import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { predictsFailure } from "../../../src/diagnosis/outlook.ts";
import { chain, reaching, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

function fails(steps: readonly StepSpec[], plannedSteps = 1000): boolean {
  const { history, model } = syntheticRun({ layers: [{ type: "simpleRNN", args: { units: 4 } }], plannedSteps }, steps);
  return predictsFailure(history, model, diagnose(history, model));
}

const step = (horizon: number, loss = 0.167): StepSpec => ({ loss, states: [{ h: reaching(100, horizon) }] });

describe("the outlook of a run", () => {
  it("is bad at the baseline with a short reach that stands still", () => {
    expect(fails(times(60, () => step(30)))).toBe(true);
  });

  it("is good if the gradient gets most of the way, for the first half of the run", () => {
    expect(fails(times(60, () => step(70)))).toBe(false);
    expect(fails(times(600, () => step(70)))).toBe(true);
  });

  it("is good if the reach grows and is on its way, but not while it is short", () => {
    expect(fails(times(100, (i) => step(20 + Math.round(i / 3))))).toBe(false);
    expect(fails(times(100, (i) => step(3 + Math.round(i / 20))))).toBe(true);
  });

  it("is good for a loss that falls or has left its baseline, unless the gradient explodes", () => {
    expect(fails(times(60, () => step(10, 0.05)))).toBe(false);
    expect(fails(times(100, (i) => step(10, 0.5 - 0.003 * i)))).toBe(false);
    const explodes = times(100, (i) => ({ loss: 0.5 - 0.003 * i, states: [{ h: chain(100, 1.4) }] }));
    expect(fails(explodes)).toBe(true);
  });

  it("is bad for a loss that slows down on its way to the baseline, good for one that slows down below it", () => {
    const dense = (rest: number): boolean => {
      const { history, model } = syntheticRun(
        { layers: [{ type: "dense", args: { units: 4 } }], plannedSteps: 1000 },
        times(100, (i) => ({ loss: rest + 0.5 * 0.97 ** i })),
      );
      return predictsFailure(history, model, diagnose(history, model));
    };
    expect(dense(0.16)).toBe(true);
    expect(dense(0.1)).toBe(false);
  });

  it("is bad for a run that has diverged, and for weights that hardly move", () => {
    expect(fails(times(60, (i) => step(99, i < 50 ? 0.167 : 1e9)))).toBe(true);
    expect(fails(times(60, () => ({ ...step(99), updateRatio: [1e-6] })))).toBe(true);
  });
});
