import { describe, expect, it } from "vitest";
import { type EndToEnd, fails, firstLearns, rankCorrelation } from "../../zoo/endToEnd.ts";
import { kendallTau } from "../../zoo/kendall.ts";

describe("kendallTau", () => {
  it("is 1 for the same order, −1 for the reverse one, and in between as Kendall defines it", () => {
    const of = (...order: number[]): number => kendallTau(order.map((value, i) => [i, value]));
    expect(of(1, 2, 3, 4)).toBe(1);
    expect(of(4, 3, 2, 1)).toBe(-1);
    // One of six pairs is turned round.
    expect(of(1, 3, 2, 4)).toBeCloseTo(4 / 6, 12);
    // τ-b: a tie takes its pair out of one side. Five pairs agree; √(6 · 5).
    expect(of(1, 2, 2, 3)).toBeCloseTo(5 / Math.sqrt(30), 12);
    const lost = Number.POSITIVE_INFINITY;
    expect(of(1, lost, lost)).toBeCloseTo(2 / Math.sqrt(6), 12);
    expect(of(2, 2, 2)).toBeNaN();
    expect(of(2)).toBeNaN();
  });
});

describe("what came of a verification in full training", () => {
  const result = (without: number | null, ...shares: (number | null)[]): EndToEnd => ({
    code: "data-scale",
    conclusion: "",
    lossShare: without,
    fixes: shares.map((lossShare, i) => ({ title: `${i}`, verdict: "better", lossShare })),
  });

  it("asks of the first fix alone that the net learns, and more than without it", () => {
    expect(firstLearns(result(1, 0.2, 5))).toBe(true);
    expect(firstLearns(result(null, 0.2))).toBe(true);
    expect(firstLearns(result(1, 0.9, 0.1))).toBe(false);
    expect(firstLearns(result(1, null))).toBe(false);
    expect(firstLearns(result(0.5, 0.49))).toBe(false);
    expect(firstLearns(result(1))).toBe(false);
    expect(fails(result(1))).toBe(true);
    expect(fails(result(0.3))).toBe(false);
  });

  it("holds the order of the fixes against the losses, a run that diverged last", () => {
    expect(rankCorrelation(result(1, 0.1, 0.5, null))).toBe(1);
    expect(rankCorrelation(result(1, null, 0.1))).toBe(-1);
    expect(rankCorrelation(result(1, 0.003, 0.001, 0.5), 0.02)).toBeCloseTo(2 / Math.sqrt(6), 12);
  });
});
