import { expect, it } from "vitest";
import { runFigures } from "../../../src/diagnosis/runFigures.ts";
import { packFigures, unpackFigures } from "../../../src/protocol/figures.ts";
import { chain, syntheticRun, times } from "./syntheticRun.ts";

it("reduces a run to its figures", () => {
  const losses = [0.9, 0.2, 0.01, 0.3, 0.4, 0.5, 0.6, 0.7];
  const { history } = syntheticRun(
    { layers: [{ type: "simpleRNN" }] },
    times(8, (i) => ({ loss: losses[i]!, norm: i === 3 ? 12 : 1, states: [{ h: chain(100, 0.9) }] })),
  );
  const figures = runFigures(history, []);
  expect(figures).toMatchObject({ steps: 8, loss: 0.5, bestLoss: 0.01, baselineLoss: 0.167, largestGradientNorm: 12 });
  // 0.9^43 > 0.01 > 0.9^44, and 99 transports of 0.9.
  expect(figures.horizon).toBe(43);
  expect(figures.requiredLag).toBe(99);
  expect(figures.decades).toBeCloseTo(99 * Math.log10(0.9), 6);
  expect(figures.gain).toBeCloseTo(0.9, 6);
});

it("takes the newest test loss, which not every step has, or NaN", () => {
  const run = (tests: readonly (number | undefined)[]) =>
    syntheticRun(
      { layers: [{ type: "dense" }] },
      tests.map((testLoss) => (testLoss === undefined ? {} : { testLoss })),
    ).history;
  expect(runFigures(run([undefined, 0.5, undefined, 0.25, undefined]), []).testLoss).toBe(0.25);
  expect(runFigures(run([0.5, Number.POSITIVE_INFINITY]), []).testLoss).toBe(Number.POSITIVE_INFINITY);
  expect(runFigures(run([undefined]), []).testLoss).toBeNaN();
});

it("keeps a loss that is not finite, and gives NaN for figures that a net lacks", () => {
  const { history } = syntheticRun(
    { layers: [{ type: "dense" }], baselineLoss: null },
    times(8, (i) => ({ loss: i < 7 ? 0.1 : Number.NaN, norm: i < 7 ? 1 : Number.NaN })),
  );
  const figures = runFigures(history, []);
  expect(figures).toMatchObject({ loss: Number.NaN, bestLoss: 0.1, baselineLoss: Number.NaN, horizon: Number.NaN });
  expect(figures.largestGradientNorm).toBeNaN();
  expect(unpackFigures(packFigures(figures))).toEqual(figures);
});
