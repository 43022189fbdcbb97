import { expect, test } from "vitest";
import { arrayTargets } from "../../../../src/engine/data/arrayTargets.ts";
import { areYesOrNo, sumFault } from "../../../../src/engine/data/labels.ts";

const at = { data: ["data"], training: ["training"] };
const loss = "categoricalCrossentropy";
const targets = (...values: number[]) => arrayTargets({ shape: [2, 3], values: Float32Array.from(values) }, loss, at);

test("samples with several labels are told apart from shares that do not sum to 1", () => {
  expect(targets(1, 0, 0, 0, 1, 0)).toEqual({ shape: [3], classes: null });

  const several = targets(1, 0, 0, 1, 1, 0);
  expect(several).toMatchObject({ fault: expect.stringContaining("sum to 2. If a sample can have several labels") });
  expect(several).toMatchObject({ fixes: [{ edits: [{ path: ["training", "loss"], value: "binaryCrossentropy" }] }] });

  const none = targets(0, 0, 0, 0, 1, 0);
  expect(none).toMatchObject({ fault: expect.stringContaining("sum to 0. If a sample can have several labels") });

  expect(targets(0.5, 0.25, 0.5, 0, 1, 0)).toEqual(sumFault(1.25, false, loss, at));
  expect(sumFault(1.25, false, loss, at).fixes).toEqual([]);
});

test("only 0 and 1 answer yes or no", () => {
  expect(areYesOrNo(Float32Array.of(0, 1, 1))).toBe(true);
  expect(areYesOrNo(Float32Array.of(0, 0.5))).toBe(false);
});
