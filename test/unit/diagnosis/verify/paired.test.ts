import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectOf, spreadOf } from "../../../../src/diagnosis/verify/paired.ts";

describe("effectOf", () => {
  it("has a direction if the effect exceeds the spread and the tolerance", () => {
    expect(effectOf([1, 1.2, 0.8], 0.05)).toMatchObject({ direction: 1, unclear: false });
    expect(effectOf([-1, -1.2, -0.8], 0.05)).toMatchObject({ direction: -1, unclear: false });
  });

  it("is unclear if the spread exceeds the effect", () => {
    expect(effectOf([1, -1, 0.5], 0.05)).toMatchObject({ direction: 0, unclear: true });
  });

  it("is nothing if both are small", () => {
    expect(effectOf([0.01, -0.01, 0.02], 0.05)).toMatchObject({ direction: 0, unclear: false });
    expect(effectOf([0.04, 0.04, 0.04], 0.05)).toMatchObject({ direction: 0, unclear: false });
  });

  it("knows the mean, and requires Student's t to exceed what a useless fix shows", () => {
    expect(effectOf([2, 4, 4, 4, 5, 5, 7, 9], 0)).toMatchObject({ mean: 5, direction: 1 });
    // t = 3.46 of 2 degrees of freedom: beyond a standard deviation, and not beyond 4.30.
    expect(effectOf([1, 2, 3], 0.1)).toMatchObject({ mean: 2, direction: 0, unclear: true });
    expect(effectOf([1.2, 2, 2.8], 0.1)).toMatchObject({ direction: 1, unclear: false });
  });

  it("takes infinite differences by their sign, and only if all agree", () => {
    expect(effectOf([Infinity, Infinity, Infinity], 0.1)).toMatchObject({ direction: 1, unclear: false });
    // Three signs alike are no rarer than one in eight.
    expect(effectOf([Infinity, 1, Infinity], 0.1)).toMatchObject({ direction: 0, unclear: true });
    const eight = [Infinity, 1, Infinity, 1, 1, 1, 1, 1];
    expect(effectOf(eight, 0.1)).toMatchObject({ direction: 1, unclear: false });
    expect(effectOf([Infinity, -1, Infinity], 0.1)).toMatchObject({ direction: 0, unclear: true });
  });

  it("claims nothing about unknown differences", () => {
    expect(effectOf([], 0)).toMatchObject({ direction: 0, unclear: true });
    expect(effectOf([1, Number.NaN, 1], 0)).toMatchObject({ direction: 0, unclear: true });
  });

  it("reverses with the differences", () => {
    const differences = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(differences, (d) => {
        const { direction, unclear } = effectOf(d, 0.1);
        const turned = effectOf(
          d.map((v) => -v),
          0.1,
        );
        expect(turned.direction + direction).toBe(0);
        expect(turned.unclear).toBe(unclear);
      }),
    );
  });
});

describe("spreadOf", () => {
  it("gives median and extremes without NaN", () => {
    expect(spreadOf([3, Number.NaN, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spreadOf([Number.NaN]).median).toBeNaN();
  });
});
