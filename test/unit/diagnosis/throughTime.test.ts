import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reduceState } from "../../../src/diagnosis/throughTime.ts";
import { lastWithSignal } from "../../../src/protocol/history/reach.ts";

const zero = Number.NEGATIVE_INFINITY;

/** A chain of T timesteps with constant gain, ‖d_T‖ = 1. */
function geometric(timesteps: number, gamma: number) {
  const logNorm = Float64Array.from({ length: timesteps }, (_, i) => (timesteps - 1 - i) * Math.log10(gamma));
  return { logNorm, gain: new Float64Array(timesteps).fill(gamma) };
}

describe("reduceState", () => {
  it("gives the closed form for a constant gain", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.double({ min: 0.05, max: 2, noNaN: true }), (T, gamma) => {
        const { logNorm, gain } = geometric(T, gamma);
        const r = reduceState(logNorm, gain, 0.01);
        const reach = gamma >= 1 ? T - 1 : Math.min(T - 1, Math.floor(-2 / Math.log10(gamma) + 1e-6));
        expect(Math.abs(r.horizon - reach)).toBeLessThanOrEqual(gamma < 1 ? 1e-9 : 0);
        expect(r.survival).toBeCloseTo((T - 1) * Math.log10(gamma), 6);
        expect(r.attenuation).toBeCloseTo((T - 1) * Math.log10(gamma), 6);
        expect(r.meanGain).toBeCloseTo(gamma, 9);
      }),
    );
  });

  it("counts a transport that keeps exactly epsilon", () => {
    const { logNorm, gain } = geometric(12, 0.1);
    expect(reduceState(logNorm, gain, 0.01).horizon).toBe(2);
    expect(reduceState(logNorm, gain, 0.001).horizon).toBe(3);
  });

  it("ignores the gain into the initial state", () => {
    const { logNorm, gain } = geometric(5, 0.9);
    const before = reduceState(logNorm, gain, 0.01);
    gain[0] = 1e-30;
    expect(reduceState(logNorm, gain, 0.01)).toEqual(before);
  });

  it("takes the largest reach when survival dips below epsilon and recovers", () => {
    // Backward: ×0.001, then ×100 twice, then ×1e-9.
    const gain = Float64Array.from([1, 1e-9, 100, 100, 0.001]);
    expect(reduceState(new Float64Array(5), gain, 0.01).horizon).toBe(3);
  });

  it("measures transport, not norms that fresh losses sustain", () => {
    const r = reduceState(new Float64Array(10), new Float64Array(10).fill(0.1), 0.01);
    expect(r.horizon).toBe(2);
    expect(r.survival).toBeCloseTo(-9, 9);
    expect(r.attenuation).toBe(0);
  });

  it("reports an underflow as no survival, with the mean of the gains before it", () => {
    const logNorm = Float64Array.from([zero, zero, -4, -2, 0]);
    const gain = Float64Array.from([Number.NaN, Number.NaN, 0, 0.01, 0.01]);
    const r = reduceState(logNorm, gain, 0.01);
    expect(r.survival).toBe(zero);
    expect(r.attenuation).toBe(zero);
    expect(r.horizon).toBe(1);
    expect(r.meanGain).toBeCloseTo(0.01, 12);
  });

  it("treats an undefined gain at a zero gradient as nothing transported", () => {
    const r = reduceState(Float64Array.from([0, zero, 0]), Float64Array.from([1, Number.NaN, 1]), 0.01);
    expect(r.survival).toBe(zero);
    expect(r.horizon).toBe(1);
  });

  it("has mean gain 0 if the first transport already loses everything", () => {
    const r = reduceState(Float64Array.from([zero, zero, 0]), Float64Array.from([Number.NaN, Number.NaN, 0]), 0.01);
    expect(r).toEqual({ horizon: 0, survival: zero, attenuation: zero, meanGain: 0 });
  });

  it("starts at the last timestep with signal", () => {
    const logNorm = Float64Array.from([-1, 0, zero, zero]);
    const r = reduceState(logNorm, Float64Array.from([1, 0.1, Number.NaN, Number.NaN]), 0.01);
    expect(r.horizon).toBe(1);
    expect(r.survival).toBeCloseTo(-1, 12);
    expect(r.attenuation).toBe(-1);
    expect(lastWithSignal(logNorm)).toBe(1);
  });

  it("gives NaN if a NaN entered the chain", () => {
    const logNorm = Float64Array.from([Number.NaN, Number.NaN, 0, 0]);
    const r = reduceState(logNorm, Float64Array.from([Number.NaN, Number.NaN, Number.NaN, 1]), 0.01);
    expect(r).toEqual({ horizon: Number.NaN, survival: Number.NaN, attenuation: Number.NaN, meanGain: Number.NaN });
  });

  it("gives Infinity if the chain overflowed", () => {
    const inf = Number.POSITIVE_INFINITY;
    const logNorm = Float64Array.from([Number.NaN, inf, 30, 0]);
    const r = reduceState(logNorm, Float64Array.from([Number.NaN, Number.NaN, inf, 1e30]), 0.01);
    expect(r.survival).toBe(inf);
    expect(r.meanGain).toBe(inf);
    expect(r.horizon).toBe(3);
    expect(reduceState(Float64Array.from([1, inf]), Float64Array.from([1, 1]), 0.01).attenuation).toBeNaN();
  });

  it("grows with gain above 1", () => {
    const { logNorm, gain } = geometric(50, 1.4);
    const r = reduceState(logNorm, gain, 0.01);
    expect(r.horizon).toBe(49);
    expect(r.attenuation).toBeCloseTo(49 * Math.log10(1.4), 9);
  });

  it("has nothing to transport for T = 1, and no signal at all for zeros or an empty sequence", () => {
    expect(reduceState(Float64Array.of(-3), Float64Array.of(0.5), 0.01)).toEqual({
      horizon: 0,
      survival: 0,
      attenuation: 0,
      meanGain: Number.NaN,
    });
    const none = { horizon: 0, survival: zero, attenuation: Number.NaN, meanGain: Number.NaN };
    expect(reduceState(Float64Array.of(zero, zero), Float64Array.of(Number.NaN, Number.NaN), 0.01)).toEqual(none);
    expect(reduceState(new Float64Array(0), new Float64Array(0), 0.01)).toEqual(none);
  });
});
