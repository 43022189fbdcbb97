import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, test } from "vitest";
import type { LossName } from "../../../../src/config/resolved.ts";
import { constantBaseline } from "../../../../src/engine/data/baseline.ts";
import { classWeights } from "../../../../src/engine/data/classWeights.ts";
import type { Dataset } from "../../../../src/engine/data/dataset.ts";
import { combined, normalized, type PositionWeights } from "../../../../src/engine/data/positionWeights.ts";
import { lossFunction } from "../../../../src/engine/model/lossFunction.ts";
import { useBackend } from "../instrument/backends.ts";

const all = Uint32Array.of(0, 1);

describe("weights of positions", () => {
  const mask = Uint8Array.of(1, 1, 1, 0, 1, 0, 0, 0);
  const parts = { samples: 2, positions: 4, own: null, classes: null, mask: null };

  test("are null if nothing is weighted", () => {
    expect(combined(parts)).toBeNull();
  });

  test("sample weights count at each timestep, and the divisor stays the number of positions", () => {
    const weights = combined({ ...parts, own: Float32Array.of(2, 0.5) })!;
    expect([...normalized(weights, 2, all)]).toEqual([2, 2, 2, 2, 0.5, 0.5, 0.5, 0.5]);
    expect([...normalized(weights, 2, Uint32Array.of(1))]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  test("a masked loss is divided by the number of unmasked positions: Keras's total / valid", () => {
    const weights = combined({ ...parts, own: Float32Array.of(3, 1), mask })!;
    // 8 positions, 4 of them not masked.
    expect([...normalized(weights, 2, all)]).toEqual([6, 6, 6, 0, 2, 0, 0, 0]);
    expect([...normalized(weights, 2, Uint32Array.of(1))]).toEqual([4, 0, 0, 0]);
  });

  test("a batch that is all padding has weight 0", () => {
    const weights = combined({ ...parts, mask: new Uint8Array(8) })!;
    expect([...normalized(weights, 2, all)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe("losses under weights", () => {
  beforeAll(() => useBackend("wasm"));

  const yTrue = [1, 2, 3, 4, 5, 6];
  const yPred = [1.5, 2, 1, 4, 4, 8];

  test("Σ w·l / n by hand, with n excluding masked positions, and the mean over the units inside", () => {
    const mask = Uint8Array.of(1, 1, 0);
    const weights = combined({ samples: 1, positions: 3, own: Float32Array.of(2, 0.5, 1), classes: null, mask })!;
    const factors = tf.tensor(normalized(weights, 1, Uint32Array.of(0)), [1, 3]);
    const [truth, prediction] = [tf.tensor(yTrue, [1, 3, 2]), tf.tensor(yPred, [1, 3, 2])];
    const mse = lossFunction("meanSquaredError")(truth, prediction, factors).dataSync()[0]!;
    // Positions: (0.25 + 0) / 2 and (4 + 0) / 2; the third is masked.
    expect(mse).toBeCloseTo((2 * 0.125 + 0.5 * 2) / 2, 6);
  });

  test("masked values may be anything, also NaN, and pass no gradient", () => {
    const { value, grad } = tf.valueAndGrad((p: tf.Tensor) =>
      lossFunction("meanSquaredError")(tf.tensor([1, 2], [1, 2, 1]), p, tf.tensor([2, 0], [1, 2])),
    )(tf.tensor([3, 100], [1, 2, 1]));
    expect(value.dataSync()[0]).toBe(4);
    expect(grad.dataSync()[0]).toBe(4);
    expect(
      lossFunction("meanSquaredError")(
        tf.tensor([1, 2], [1, 2, 1]),
        tf.tensor([3, Number.NaN], [1, 2, 1]),
        tf.tensor([2, 0], [1, 2]),
      ).dataSync()[0],
    ).toBe(4);
  });

  test.each<LossName>(["binaryCrossentropy", "categoricalCrossentropy", "sparseCategoricalCrossentropy"])(
    "weights of 1 change nothing, and weights of 3 triple the loss: %s",
    (name) => {
      const width = name === "binaryCrossentropy" ? 1 : 2;
      const truth = name === "categoricalCrossentropy" ? tf.tensor([1, 0, 0, 1], [2, 2]) : tf.tensor([0, 1], [2, 1]);
      const p = width === 1 ? tf.tensor([0.2, 0.7], [2, 1]) : tf.tensor([0.3, 0.7, 0.1, 0.9], [2, 2]);
      const plain = lossFunction(name)(truth, p).dataSync()[0]!;
      expect(lossFunction(name)(truth, p, tf.ones([2])).dataSync()[0]).toBeCloseTo(plain, 6);
      expect(lossFunction(name)(truth, p, tf.fill([2], 3)).dataSync()[0]).toBeCloseTo(3 * plain, 5);
    },
  );
});

describe("the baseline under weights", () => {
  /** The smallest weighted cost of one constant, by search. */
  function searched(
    values: readonly number[],
    weights: readonly number[],
    n: number,
    cost: (y: number, c: number) => number,
    [from, to]: readonly [number, number],
  ): number {
    let best = Number.POSITIVE_INFINITY;
    for (let c = from; c <= to; c += 5e-4)
      best = Math.min(best, values.reduce((sum, y, i) => sum + weights[i]! * cost(y, c), 0) / n);
    return best;
  }
  const w = [1, 20, 0.5, 3];
  const weights: PositionWeights = { values: Float32Array.from(w), unmasked: null };

  test("is the cost of the best constant under them", () => {
    const y = [0.5, -1.2, 2.1, 0.3];
    const square = (a: number, c: number) => (a - c) ** 2;
    expect(constantBaseline("meanSquaredError", Float32Array.from(y), 4, 1, weights)).toBeCloseTo(
      searched(y, w, 4, square, [-3, 3]),
      4,
    );
    const distance = (a: number, c: number) => Math.abs(a - c);
    expect(constantBaseline("meanAbsoluteError", Float32Array.from(y), 4, 1, weights)).toBeCloseTo(
      searched(y, w, 4, distance, [-3, 3]),
      3,
    );
    const bits = [1, 0, 0, 1];
    const entropy = (a: number, c: number) => -(a === 1 ? Math.log(c) : Math.log(1 - c));
    const expected = searched(bits, w, 4, entropy, [5e-4, 0.9995]);
    expect(constantBaseline("binaryCrossentropy", Float32Array.from(bits), 4, 1, weights)).toBeCloseTo(expected, 4);
    expect(constantBaseline("sparseCategoricalCrossentropy", Float32Array.from(bits), 4, 1, weights)).toBeCloseTo(
      expected,
      4,
    );
    const oneHot = Float32Array.from(bits.flatMap((b) => [1 - b, b]));
    expect(constantBaseline("categoricalCrossentropy", oneHot, 4, 2, weights)).toBeCloseTo(expected, 4);
  });

  test("excludes masked positions", () => {
    // Two samples of three timesteps. The padding is a separate class, which would otherwise be most of the answer.
    const targets = Float32Array.of(1, 2, 0, 2, 0, 0);
    const mask = Uint8Array.of(1, 1, 0, 1, 0, 0);
    const masked = combined({ samples: 2, positions: 3, own: null, classes: null, mask })!;
    // Timestep 1 has both classes once, ln 2 each; timestep 2 has one position, which is certain.
    expect(constantBaseline("sparseCategoricalCrossentropy", targets, 2, 1, masked)).toBeCloseTo(
      (2 * Math.log(2)) / 3,
      9,
    );
  });

  test("balanced classes cost the entropy of equal shares", () => {
    const y = Float32Array.of(0, 0, 0, 1);
    const classes = classWeights({ targets: y, targetShape: [1], classes: null }, null, "binaryCrossentropy", {
      weights: "balanced",
      path: [],
    });
    if (!(classes instanceof Float32Array)) throw new Error("it can be balanced");
    const balanced = combined({ samples: 4, positions: 1, own: null, classes, mask: null });
    expect(constantBaseline("binaryCrossentropy", y, 4, 1, balanced)).toBeCloseTo(Math.log(2), 6);
  });
});

describe("class weights", () => {
  const path = ["training", "classWeight"];
  const of = (
    loss: LossName,
    targets: number[],
    targetShape: number[],
    classes: number | null,
    weights: "balanced" | { [k: string]: number },
    mask: Uint8Array | null = null,
  ) => {
    const dataset: Pick<Dataset, "targets" | "targetShape" | "classes"> = {
      targets: Float32Array.from(targets),
      targetShape,
      classes,
    };
    return classWeights(dataset, mask, loss, { weights, path });
  };

  test("by class index; a class that is not named has weight 1", () => {
    expect(of("binaryCrossentropy", [0, 1, 0], [1], null, { "1": 20 })).toEqual(Float32Array.of(1, 20, 1));
    expect(of("sparseCategoricalCrossentropy", [2, 0, 1], [1], 3, { "0": 0.5, "2": 4 })).toEqual(
      Float32Array.of(4, 0.5, 1),
    );
    expect(of("categoricalCrossentropy", [0.2, 0.8, 1, 0], [2], null, { "0": 3, "1": 7 })).toEqual(
      Float32Array.of(7, 3),
    );
  });

  test("each timestep by its own class", () => {
    expect(of("sparseCategoricalCrossentropy", [0, 1, 1, 0], [2, 1], 2, { "1": 5 })).toEqual(
      Float32Array.of(1, 5, 5, 1),
    );
  });

  test("balanced weights are scikit-learn's, over the unmasked positions", () => {
    expect(of("binaryCrossentropy", [0, 0, 0, 1], [1], null, "balanced")).toEqual(
      Float32Array.of(2 / 3, 2 / 3, 2 / 3, 2),
    );
    const mask = Uint8Array.of(1, 0, 0, 1);
    expect(of("sparseCategoricalCrossentropy", [0, 0, 0, 1], [4, 1], 2, "balanced", mask)).toEqual(
      Float32Array.of(1, 1, 1, 1),
    );
  });

  test("an unknown class is reported at its key", () => {
    expect(of("binaryCrossentropy", [0, 1], [1], null, { "0": 1, "2": 3 })).toMatchObject([
      { path: [...path, "2"], on: "key", message: "There is no class 2: the targets have the classes 0 to 1." },
    ]);
    expect(of("binaryCrossentropy", [0, 1], [2], null, "balanced")).toMatchObject([{ path, on: "value" }]);
  });
});
