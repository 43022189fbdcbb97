import { describe, expect, it } from "vitest";
import { restingLoss } from "../../../src/diagnosis/restingLoss.ts";

const steps = Float64Array.from({ length: 60 }, (_, i) => i + 1);

describe("the resting level of a loss", () => {
  it("is the limit of an exponential decay, exactly", () => {
    for (const [limit, rate] of [
      [0.3, 0.97],
      [2, 0.9],
      [-1, 0.99],
    ] as const) {
      const losses = steps.map((step) => limit + 5 * rate ** step);
      expect(restingLoss(steps, losses)).toBeCloseTo(limit, 1);
    }
  });

  it("does not exist for a loss that falls faster and faster, or at the same pace", () => {
    expect(
      restingLoss(
        steps,
        steps.map((step) => 10 - step ** 2 / 1000),
      ),
    ).toBe(Number.NEGATIVE_INFINITY);
    expect(
      restingLoss(
        steps,
        steps.map((step) => 10 - 2 ** -3 * step),
      ),
    ).toBeLessThan(-100);
  });

  it("is the newest loss if the fall is over", () => {
    expect(
      restingLoss(
        steps,
        steps.map((step) => (step < 20 ? 5 : 1)),
      ),
    ).toBe(1);
  });

  it("compares stretches of equally many steps, even if older losses are thinned out", () => {
    const losses = steps.map((step) => 0.3 + 5 * 0.97 ** step);
    const isKept = (step: number): boolean => step > 40 || step % 5 === 1;
    const kept = steps.filter(isKept);
    const thinned = losses.filter((_, i) => isKept(steps[i]!));
    expect(Math.abs(restingLoss(kept, thinned) - 0.3)).toBeLessThan(0.4);
    // Counted by rows instead of steps, the thirds would not form a geometric series.
    const rows = kept.map((_, i) => i + 1);
    expect(Math.abs(restingLoss(rows, thinned) - 0.3)).toBeGreaterThan(0.5);
  });

  it("is unknown for few losses", () => {
    expect(restingLoss(steps.subarray(0, 14), steps.subarray(0, 14))).toBeNaN();
  });
});
