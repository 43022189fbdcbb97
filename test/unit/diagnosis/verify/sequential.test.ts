import { describe, expect, it } from "vitest";
import { upperQuantile, upperTail } from "../../../../src/diagnosis/studentT.ts";
import { differenceOf, errorRate, mostPairs, powerText } from "../../../../src/diagnosis/verify/sequential.ts";

describe("Student's t", () => {
  it("has the tabulated quantiles", () => {
    // Abramowitz & Stegun 1964, table 26.10.
    const table = [
      [1, 0.025, 12.706],
      [2, 0.05, 2.92],
      [2, 0.025, 4.303],
      [3, 0.005, 5.841],
      [4, 0.025, 2.776],
      [7, 0.005, 3.499],
      [30, 0.05, 1.697],
    ] as const;
    for (const [degrees, level, t] of table) {
      expect(upperQuantile(level, degrees)).toBeCloseTo(t, 3);
      expect(upperTail(t, degrees)).toBeCloseTo(level, 4);
    }
    expect(upperTail(0, 5)).toBe(0.5);
    expect(upperTail(-1, 3)).toBeCloseTo(1 - upperTail(1, 3), 12);
    expect(upperTail(Number.POSITIVE_INFINITY, 2)).toBe(0);
  });
});

/** Normally distributed numbers, the same in every run (mulberry32, Box & Muller 1958). */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 1) / 4294967297;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Looks at 3, 4, … 8 pairs until there is a direction. */
function claimed(mean: number, next: () => number): number {
  const differences = [next() + mean, next() + mean];
  while (differences.length < mostPairs) {
    differences.push(next() + mean);
    const { direction } = differenceOf(differences, 3);
    if (direction !== 0) return direction;
  }
  return 0;
}

describe("the sequential test of paired losses", () => {
  it("claims a lower, or higher, loss for no more useless fixes than its error rate", () => {
    const next = normals(7);
    const trials = 4000;
    const claims = Array.from({ length: trials }, () => claimed(0, next));
    // Three standard errors of the share beyond the rate.
    const most = errorRate + 3 * Math.sqrt((errorRate * (1 - errorRate)) / trials);
    for (const direction of [-1, 1] as const)
      expect(claims.filter((claim) => claim === direction).length / trials).toBeLessThan(most);
  });

  it("finds an effect that is large compared with the spread", () => {
    const next = normals(8);
    const claims = Array.from({ length: 500 }, () => claimed(-2.5, next));
    expect(claims.filter((claim) => claim === -1).length).toBeGreaterThan(480);
    expect(claims).not.toContain(1);
  });

  it("sees, with its power, the effect that it says would have shown", () => {
    const next = normals(9);
    const spread = 0.2;
    let seen = 0;
    const trials = 2000;
    for (let i = 0; i < trials; i++) {
      const noise = [next(), next(), next()].map((z) => spread * z);
      const { detectable } = differenceOf(noise, 3);
      if (
        differenceOf(
          noise.map((d) => d - detectable),
          3,
        ).direction === -1
      )
        seen++;
    }
    expect(seen / trials).toBeGreaterThan(0.7);
  });

  it("distinguishes undecided effects from surely small ones", () => {
    expect(differenceOf([0.01, -0.01, 0.005], 3)).toMatchObject({ direction: 0, open: false });
    expect(differenceOf([-1, 0.4, -0.9], 3)).toMatchObject({ direction: 0, open: true });
    expect(differenceOf([-0.7, -0.69, -0.71], 3)).toMatchObject({ direction: -1, open: false });
    expect(differenceOf([0.7, 0.69, 0.71], 3).direction).toBe(1);
  });

  it("claims nothing from two pairs, or if runs cannot be compared", () => {
    expect(differenceOf([], 3)).toMatchObject({ direction: 0, open: true });
    expect(differenceOf([-3], 3)).toMatchObject({ direction: 0, detectable: Number.POSITIVE_INFINITY });
    expect(differenceOf([-3, -3], 3)).toMatchObject({ direction: 0, open: true });
    expect(differenceOf([-3, Number.NaN, -3], 3)).toMatchObject({ direction: 0, open: false });
  });

  it("counts a run that diverged as a thousand times the loss", () => {
    const lost = Number.POSITIVE_INFINITY;
    expect(differenceOf([-lost, -lost, -lost], 3).direction).toBe(-1);
    expect(differenceOf([lost, lost, lost], 3).direction).toBe(1);
    expect(differenceOf([-lost, 0.1, -lost], 3)).toMatchObject({ direction: 0, open: true });
  });
});

describe("powerText", () => {
  it("states in words which effect would have shown", () => {
    expect(powerText(Math.log(1 / 0.6), 3)).toBe("with 3 seeds a loss lower by 40 % or more would have shown");
    expect(powerText(Math.log(2000), 4)).toBe("with 4 seeds a loss 2000 times lower would have shown");
    expect(powerText(Number.POSITIVE_INFINITY, 1)).toMatch(/says nothing/);
    expect(powerText(Number.NaN, 3)).toBe("");
  });
});
