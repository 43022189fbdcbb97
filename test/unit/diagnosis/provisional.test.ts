import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { probeMinimum } from "../../../src/diagnosis/probeMinimum.ts";
import { provisional } from "../../../src/diagnosis/provisional.ts";
import { chain, type RunSpec, reaching, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

const rnn: RunSpec = { layers: [{ type: "simpleRNN", args: { units: 4 } }], kind: "probe", plannedSteps: null };

function open(spec: RunSpec, steps: readonly StepSpec[]): string | null {
  const { history, model } = syntheticRun(spec, steps);
  return provisional(history, diagnose(history, model));
}

const step = (loss: number, horizon = 99): StepSpec => ({ loss, states: [{ h: reaching(100, horizon) }] });

describe("a probe's verdict", () => {
  it("is provisional before its minimum of steps, whatever it is", () => {
    expect(
      open(
        rnn,
        times(19, () => step(0.01)),
      ),
    ).toBe("after 19 of 20 steps");
    expect(open(rnn, [{ states: [{ h: chain(100, 2) }] }])).toBe("after 1 of 20 steps");
  });

  it("stands if the net has left its baseline, or if there is a warning", () => {
    expect(
      open(
        rnn,
        times(60, () => step(0.01)),
      ),
    ).toBeNull();
    expect(
      open(
        rnn,
        times(60, () => step(0.167, 1)),
      ),
    ).toBeNull();
  });

  it("is not an all-clear for a net that does not learn yet", () => {
    expect(
      open(
        rnn,
        times(600, () => step(0.167)),
      ),
    ).toBe("not learning yet");
  });

  it("stands on a growth that stays, and not on one that recedes and soon ends", () => {
    const grown = (gainAt: (step: number) => number): readonly StepSpec[] =>
      times(60, (i) => ({ loss: 1, states: [{ h: chain(100, gainAt(i)) }] }));
    expect(
      open(
        rnn,
        grown(() => 1.15),
      ),
    ).toBeNull();
    expect(
      open(
        rnn,
        grown((i) => 1.15 - 0.0008 * i),
      ),
    ).toBe("it may pass by itself");
    // At this pace it lasts for more than 500 steps.
    expect(
      open(
        rnn,
        grown((i) => 1.2 - 0.00008 * i),
      ),
    ).toBeNull();
    // It is over and has left its damage.
    expect(
      open(
        rnn,
        grown((i) => 1.15 - 0.002 * i),
      ),
    ).toBeNull();
  });

  it("does not stand on units that large updates saturated", () => {
    const saturated = (updateRatio: number): readonly StepSpec[] =>
      times(60, () => ({
        loss: 0.2,
        saturated: [0.95],
        updateRatio: [updateRatio],
        states: [{ h: reaching(100, 99) }],
      }));
    expect(open(rnn, saturated(0.01))).toBeNull();
    expect(open(rnn, saturated(0.3))).toBe("it may pass by itself");
  });

  it("is provisional only in probes", () => {
    expect(
      open(
        { ...rnn, kind: "train" },
        times(5, () => step(0.167)),
      ),
    ).toBeNull();
  });
});

describe("the minimum of steps of a probe", () => {
  it("is twenty, or three epochs of small data", () => {
    expect(probeMinimum(null, 32)).toBe(20);
    expect(probeMinimum(10_000, 32)).toBe(20);
    expect(probeMinimum(64, 32)).toBe(20);
    expect(probeMinimum(320, 32)).toBe(30);
    // An epoch of the engine omits the last, short batch.
    expect(probeMinimum(330, 32)).toBe(30);
    expect(probeMinimum(20, 1)).toBe(60);
    expect(probeMinimum(21, 1)).toBe(20);
  });
});
