import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { TextData } from "../../../../src/config/resolved.ts";
import { load, refuse } from "./load.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-text-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
let files = 0;

function text(content: string | Uint8Array, more: Partial<TextData> = {}): TextData {
  const file = `t${files++}.txt`;
  fs.writeFileSync(path.join(folder, file), content);
  return { kind: "text", task: "characterLanguageModel", file, length: 4, test: null, ...more };
}

const sparse = "sparseCategoricalCrossentropy";

describe("a text", () => {
  test("consists of pieces of characters, each with the next character as target at every timestep", async () => {
    // Sorted: "\n" 0, "a" 1, "b" 2, "c" 3, "é" 4, "😀" 5. The last three characters do not fill a piece.
    const data = await load(text("abcab\né😀cbaa"), sparse, folder);
    expect(data).toMatchObject({
      samples: 2,
      inputShape: [4],
      targetShape: [4, 1],
      timesteps: 4,
      classes: 6,
      requiredLag: null,
    });
    expect([...data.inputs]).toEqual([1, 2, 3, 1, 2, 0, 4, 5]);
    expect([...data.targets]).toEqual([2, 3, 1, 2, 0, 4, 5, 3]);
  });

  test("can have its targets one-hot", async () => {
    const { targets, targetShape, classes } = await load(text("abcab"), "categoricalCrossentropy", folder);
    expect([targetShape, classes]).toEqual([[4, 3], null]);
    expect([...targets]).toEqual([0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0]);
  });

  test("its baseline is the entropy of the characters' shares, over all timesteps", async () => {
    // The targets are all characters but the first: 8 times a, 4 times b, 4 times c.
    const content = "xaabaacaabbccbaca";
    const shares = [1 / 2, 1 / 4, 1 / 4];
    const entropy = -shares.reduce((sum, p) => sum + p * Math.log(p), 0);
    const asIndices = await load(text(content), sparse, folder);
    expect(asIndices.baselineLoss(sparse)).toBeCloseTo(entropy, 9);
    const oneHot = await load(text(content), "categoricalCrossentropy", folder);
    expect(oneHot.baselineLoss("categoricalCrossentropy")).toBeCloseTo(entropy, 9);
  });

  test("keeps its last pieces for testing, with a vocabulary that covers them", async () => {
    const data = await load(text("aaaabbbbccccddddeeeef", { test: 0.4 }), sparse, folder);
    expect([...data.test!.inputs]).toEqual([3, 3, 3, 3, 4, 4, 4, 4]);
    expect([...data.test!.targets]).toEqual([3, 3, 3, 4, 4, 4, 4, 5]);
    // The piece before them ends at their first character.
    expect([...data.inputs]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect(data.classes).toBe(6);
  });
});

describe("faults of a text are reported with their places", () => {
  test.each([
    [
      "missing",
      { kind: "text", task: "characterLanguageModel", file: "no.txt", length: 4, test: null } as const,
      "no.txt",
    ],
    ["empty", text(""), "0 characters"],
    ["not UTF-8", text(Uint8Array.of(97, 10, 0xff, 98)), "line 2"],
    ["UTF-16", text(Uint8Array.of(97, 0, 98, 0)), "zero bytes"],
  ])("%s", async (_, data, words) => {
    const [problem] = await refuse(data, sparse, folder);
    expect(problem).toMatchObject({ severity: "error", path: ["data", "file"] });
    expect(problem!.message).toContain(words);
  });

  test("too short for its pieces", async () => {
    expect(await refuse(text("abcd"), sparse, folder)).toMatchObject([
      { path: ["data", "length"], message: expect.stringContaining("5") },
    ]);
  });

  test("with a loss for numbers", async () => {
    expect(await refuse(text("abcde"), "meanSquaredError", folder)).toMatchObject([{ path: ["training", "loss"] }]);
  });
});

describe("one-hot characters with one target each", () => {
  test("are overlapping samples, as saved character models expect them", async () => {
    // Sorted: "a" 0, "b" 1, "c" 2.
    const more = { length: 3, inputs: "oneHot", targets: "last", stride: 2 } as const;
    const data = await load(text("abcabca", more), "categoricalCrossentropy", folder);
    expect(data).toMatchObject({ samples: 2, inputShape: [3, 3], targetShape: [3], features: 3, timesteps: 3 });
    const a = [1, 0, 0];
    const b = [0, 1, 0];
    const c = [0, 0, 1];
    expect([...data.inputs]).toEqual([a, b, c, c, a, b].flat());
    expect([...data.targets]).toEqual([a, c].flat());
    const indices = await load(text("abcabca", more), sparse, folder);
    expect([[...indices.targets], indices.targetShape, indices.classes]).toEqual([[0, 2], [1], 3]);
    expect(indices.baselineLoss(sparse)).toBeCloseTo(Math.log(2), 9);
  });

  test("share no character with the test samples", async () => {
    const content = Array.from({ length: 40 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join("");
    const data = await load(text(content, { length: 4, targets: "last", stride: 1, test: 0.25 }), sparse, folder);
    const learnt = new Set([...data.inputs, ...data.targets]);
    expect(data.test!.samples).toBe(9);
    expect([...data.test!.inputs].filter((index) => learnt.has(index))).toEqual([]);
    expect(Math.max(...learnt)).toBe(data.test!.inputs[0]! - 1);
  });

  test("can be reduced to small letters", async () => {
    const data = await load(text("ABabİßa", { length: 2, lowerCase: true }), sparse, folder);
    expect([...data.inputs]).toEqual([0, 1, 0, 1, 3, 2]);
  });

  test("with too many numbers are refused with a stride that fits", async () => {
    const many = { length: 1000, stride: 1, inputs: "oneHot" } as const;
    const [problem] = await refuse(text("abcdefghij".repeat(3000), many), sparse, folder);
    expect(problem!.message).toContain('a "stride" of at least 4');
  });

  test("in another encoding are read if it is named", async () => {
    const latin1 = Uint8Array.from([0xe4, 97, 0xe4, 98, 97]);
    const [problem] = await refuse(text(latin1, { length: 2 }), sparse, folder);
    expect(problem!.fixes![0]!.edits).toEqual([{ path: ["data", "encoding"], value: "windows-1252" }]);
    const data = await load(text(latin1, { length: 2, encoding: "latin1" }), sparse, folder);
    expect([...data.inputs]).toEqual([2, 0, 2, 1]);
  });
});
