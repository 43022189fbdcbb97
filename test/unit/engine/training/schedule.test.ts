/** The learning rate over the steps against the published formulas. */

import { describe, expect, it } from "vitest";
import type { ScheduleConfig } from "../../../../src/config/resolved.ts";
import { createSchedule } from "../../../../src/engine/training/schedule.ts";
import { entries, resolved, run, series } from "./support.ts";

const base = 0.2;
const whole = 50;

function rates(config: ScheduleConfig, steps: readonly number[]): number[] {
  const schedule = createSchedule(config, base, whole);
  return steps.map((step) => schedule.rate(step));
}

function close(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i], `entry ${i}`).toBeCloseTo(value, 12);
}

describe("a schedule", () => {
  it("constant: does nothing", () => {
    close(rates({ type: "constant", warmup: 0 }, [1, 2, 1000]), [base, base, base]);
  });

  it("warms up linearly and begins after that", () => {
    close(rates({ type: "constant", warmup: 4 }, [1, 2, 3, 4, 5, 9]), [0.05, 0.1, 0.15, 0.2, 0.2, 0.2]);
    close(
      rates({ type: "exponential", factor: 0.5, every: 1, warmup: 2 }, [1, 2, 3, 4, 5]),
      [0.1, 0.2, 0.2, 0.1, 0.05],
    );
  });

  it("step: falls all at once", () => {
    close(rates({ type: "step", factor: 0.1, every: 3, warmup: 0 }, [1, 3, 4, 6, 7]), [0.2, 0.2, 0.02, 0.02, 0.002]);
  });

  it("exponential: falls smoothly", () => {
    close(rates({ type: "exponential", factor: 0.25, every: 2, warmup: 0 }, [1, 2, 3, 5]), [0.2, 0.1, 0.05, 0.0125]);
  });

  it("inverse time", () => {
    close(rates({ type: "inverseTime", factor: 3, every: 2, warmup: 0 }, [1, 2, 3, 5]), [0.2, 0.08, 0.05, 0.2 / 7]);
  });

  it("cosine: half a period, then its final value; over the whole run if no length is given", () => {
    const at = (done: number) => base * (0.1 + 0.9 * 0.5 * (1 + Math.cos(Math.PI * done)));
    const steps = [1, 11, 21, 41, 99];
    close(
      rates({ type: "cosine", steps: 40, final: 0.1, warmup: 0 }, steps),
      [0, 0.25, 0.5, 1, 1].map((done) => at(done)),
    );
    // 10 of the 50 steps are the warm-up's.
    close(
      rates(
        { type: "cosine", steps: null, final: 0.1, warmup: 10 },
        steps.map((step) => step + 10),
      ),
      [0, 0.25, 0.5, 1, 1].map((done) => at(done)),
    );
  });

  it("polynomial", () => {
    close(rates({ type: "polynomial", steps: 10, power: 2, final: 0, warmup: 0 }, [1, 6, 11, 12]), [0.2, 0.05, 0, 0]);
    close(rates({ type: "polynomial", steps: 10, power: 1, final: 0.5, warmup: 0 }, [1, 6, 11]), [0.2, 0.15, 0.1]);
  });

  it("reduceOnPlateau: falls after `patience` epochs without improvement, waits `cooldown`, stops at the minimum", () => {
    const schedule = createSchedule(
      { type: "reduceOnPlateau", factor: 0.5, patience: 2, minDelta: 0.1, cooldown: 1, minimum: 0.06, warmup: 0 },
      base,
      whole,
    );
    const seen = [1, 0.95, 0.8, 0.75, 0.75, 0.75, 0.75, 0.75, Number.NaN, 0.75].map((loss) => {
      schedule.epochEnded(loss);
      return schedule.rate(1);
    });
    // 1 best; 0.95 no better (1); 0.8 best; 0.75 (1); 0.75 (2): halved, cooling; (0.75: cooled, 1); (2): to the minimum …
    close(seen, [0.2, 0.2, 0.2, 0.2, 0.1, 0.1, 0.06, 0.06, 0.06, 0.06]);
  });

  it("reduceOnPlateau: never raises the rate, not even to a minimum above it", () => {
    const schedule = createSchedule(
      { type: "reduceOnPlateau", factor: 0.5, patience: 1, minDelta: 0, cooldown: 0, minimum: 2 * base, warmup: 0 },
      base,
      whole,
    );
    for (const loss of [1, 1, 1]) schedule.epochEnded(loss);
    expect(schedule.rate(1)).toBe(base);
  });
});

describe("a run with a schedule", () => {
  const training = resolved([]).training;
  const layers = entries([
    ["simpleRNN", { units: 3 }],
    ["dense", { units: 1 }],
  ]);

  it("reports the current learning rate, and updates in proportion to it", async () => {
    const sgd = { type: "sgd", learningRate: base } as const;
    const result = await run(
      resolved(layers, {
        training: { ...training, optimizer: sgd, schedule: { type: "step", every: 2, factor: 0.1, warmup: 2 } },
      }),
      { steps: 6 },
    );
    close(series(result, "learningRate"), [0.1, 0.2, 0.2, 0.2, 0.02, 0.02]);
    const norms = series(result, "weightNorm", 0, "recurrent_kernel");
    const gradients = series(result, "weightGradientNorm", 0, "recurrent_kernel");
    const ratios = series(result, "weightUpdateRatio", 0, "recurrent_kernel");
    for (const [i, rate] of series(result, "learningRate").entries())
      expect((ratios[i]! * norms[i]!) / (rate * gradients[i]!)).toBeCloseTo(1, 3);
  });

  it("receives each epoch's loss", async () => {
    // 64 samples, batches of 8: a minimum improvement of 10 makes every epoch a plateau.
    const result = await run(
      resolved(layers, {
        training: {
          ...training,
          schedule: {
            type: "reduceOnPlateau",
            factor: 0.1,
            patience: 1,
            minDelta: 10,
            cooldown: 0,
            minimum: 0,
            warmup: 0,
          },
        },
      }),
      { steps: 25 },
    );
    const rates = series(result, "learningRate");
    // The first epoch is the best so far by definition.
    close([rates[7]!, rates[8]!, rates[15]!, rates[16]!, rates[24]!], [1e-3, 1e-3, 1e-3, 1e-4, 1e-5]);
  });
});
