import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import * as z from "zod";
import type { ArrayFile, ArraysData, LossName } from "../../../../src/config/resolved.ts";
import { parseNpy } from "../../../../src/engine/formats/arrays/npy.ts";
import { load, refuse } from "./load.ts";

/** Files written by NumPy, in base64, and the numbers in them (record.py beside it). */
const recorded = z
  .object({
    numbers: z.record(z.string(), z.object({ file: z.base64(), shape: z.array(z.int()), values: z.array(z.number()) })),
    bad: z.record(z.string(), z.base64()),
    npz: z.record(z.string(), z.base64()),
  })
  .parse(JSON.parse(fs.readFileSync(path.join(__dirname, "../../../fixtures/numpy/recorded.json"), "utf8")));

const bytes = (base64: string | undefined) => Uint8Array.from(Buffer.from(base64 ?? "", "base64"));

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-arrays-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
let files = 0;

/** A file of the content's kind; a string is JSON. */
function file(content: Uint8Array | string, array: string | null = null): ArrayFile {
  const kind = typeof content === "string" ? "json" : content[0] === 0x50 ? "npz" : "npy";
  const name = `f${files++}.${kind}`;
  fs.writeFileSync(path.join(folder, name), content);
  return { file: name, array };
}
const npz = (name: string, array: string | null = null) => file(bytes(recorded.npz[name]), array);
const data = (inputs: ArrayFile, targets: ArrayFile, more: Partial<ArraysData> = {}): ArraysData => ({
  kind: "arrays",
  inputs,
  targets,
  standardize: false,
  minMax: false,
  classes: null,
  test: null,
  shuffle: true,
  ...more,
});
const mse = "meanSquaredError";

describe("NPY files as NumPy writes them", () => {
  test.each(Object.entries(recorded.numbers))("%s", (_, { file: base64, shape, values }) => {
    const array = parseNpy(bytes(base64), "x");
    if ("fault" in array) throw new Error(array.fault);
    expect(array.shape).toEqual(shape);
    expect([...array.values]).toEqual(values);
  });

  test.each([
    ["complex", "complex numbers"],
    ["objects", "never read"],
    ["records", "records"],
    ["text", "texts"],
    ["time", "times"],
    ["half", '"<f2"'],
    ["NaN", "NaN at [1, 1]"],
    ["infinite", "-Infinity at [1, 0]"],
    ["beyond float32", "1e+39 at [0], which is too large"],
  ])("%s are refused with a message", (name, words) => {
    expect(parseNpy(bytes(recorded.bad[name]), "x")).toMatchObject({ fault: expect.stringContaining(words) });
  });

  test("damage is reported, wherever the file ends", () => {
    const sound = bytes(recorded.numbers["<f4"]?.file);
    for (let length = 0; length < sound.length; length++) {
      const result = parseNpy(sound.subarray(0, length), "x");
      expect(result, `${length} bytes`).toMatchObject({ fault: expect.stringMatching(/cut off|does not begin/) });
    }
    const longer = new Uint8Array(sound.length + 3);
    longer.set(sound);
    expect(parseNpy(longer, "x")).toMatchObject({ fault: expect.stringContaining("3 bytes more") });
    const other = sound.slice();
    other[6] = 9;
    expect(parseNpy(other, "x")).toMatchObject({ fault: expect.stringContaining("version 9") });
    const garbled = sound.slice();
    garbled.fill(32, 10, 128);
    expect(parseNpy(garbled, "x")).toMatchObject({ fault: expect.stringContaining("header") });
  });

  const headed = (header: string, values = 0) =>
    Uint8Array.from([
      ...Buffer.from("\x93NUMPY\x01\x00", "latin1"),
      header.length & 255,
      header.length >> 8,
      ...Buffer.from(header),
      ...new Uint8Array(values),
    ]);
  const little = (shape: string) => headed(`{'descr': '<f4', 'fortran_order': True, 'shape': ${shape}, }\n`, 24);

  test.each([
    ["beyond the limit", "(1000000, 1000000)", "limit"],
    ["without its comma", "(6 6,)", "cannot be understood"],
    ["without its end", "(6, 6", "cannot be understood"],
    ["of too many axes", `(${"1,".repeat(20000)})`, "20000 axes"],
  ])("a shape %s is refused before anything is allocated", (_, shape, words) => {
    expect(parseNpy(little(shape), "x")).toMatchObject({ fault: expect.stringContaining(words) });
  });

  test("headers written by other programs are read", () => {
    const sound = parseNpy(little("(2, 3)"), "x");
    expect(sound).toMatchObject({ shape: [2, 3] });
    expect(parseNpy(little("( 2L, 3L )"), "x")).toEqual(sound);
    const quoted = headed('{"descr": "<f4", "fortran_order": False, "shape": (2, 3)}', 24);
    expect(parseNpy(quoted, "x")).toEqual(sound);
    const unsigned = headed("{'descr': '<u8', 'fortran_order': False, 'shape': (3,), }", 24);
    expect(parseNpy(unsigned, "x")).toMatchObject({ shape: [3], values: new Float32Array(3) });
  });
});

describe("arrays in files", () => {
  const cube = recorded.numbers["fortran"]!;
  const vector = recorded.numbers["vector"]!;

  test("two NPY files are divided into samples along their first axis", async () => {
    const three = file(bytes(vector.file));
    const { samples, inputs, inputShape, targets, targetShape, timesteps, features } = await load(
      data(file("[[[1,2],[3,4]],[[5,6],[7,8]],[[9,10],[11,12]]]"), three),
      mse,
      folder,
    );
    expect([samples, inputShape, targetShape, timesteps, features]).toEqual([3, [2, 2], [1], 2, 2]);
    expect([...inputs]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect([...targets]).toEqual(vector.values);
    const both = file(bytes(cube.file));
    expect(await load(data(both, both), mse, folder)).toMatchObject({ samples: 2, targetShape: [3, 4] });
  });

  test.each(["stored", "compressed"])("one NPZ file (%s) holds both by their names", async (name) => {
    const { inputs, targets, classes, targetShape } = await load(
      data(npz(name), npz(name)),
      "sparseCategoricalCrossentropy",
      folder,
    );
    expect([...inputs]).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect([[...targets], classes, targetShape]).toEqual([[0, 1], 2, [1]]);
    expect((await load(data(npz(name, "targets"), npz("single")), mse, folder)).inputShape).toEqual([1]);
  });

  test("one JSON object holds both by its keys, or by the given keys", async () => {
    const both = file('{ "inputs": [[1, 2], [3, 4]], "targets": [0, 1], "more": [[1, 0], [0, 1]] }');
    expect(await load(data(both, both), mse, folder)).toMatchObject({ inputShape: [2], targetShape: [1] });
    const oneHot = data(both, { ...both, array: "more" });
    const { baselineLoss } = await load(oneHot, "categoricalCrossentropy", folder);
    expect(baselineLoss("categoricalCrossentropy")).toBeCloseTo(Math.log(2), 9);
  });

  test("class indices at every timestep get a separate axis", async () => {
    const both = file('{ "inputs": [[1, 2, 0], [3, 4, 0]], "targets": [[0, 1, 2], [4, 0, 0]] }');
    const { targetShape, classes } = await load(data(both, both), "sparseCategoricalCrossentropy", folder);
    expect([targetShape, classes]).toEqual([[3, 1], 5]);
  });

  test("the samples kept for testing are drawn with their targets, or are the last ones", async () => {
    const list = Array.from({ length: 40 }, (_, i) => i);
    const both = file(JSON.stringify({ inputs: list.map((i) => [i, -i]), targets: list.map((i) => i * i) }));
    for (const shuffle of [true, false]) {
      const { samples, inputs, test: kept } = await load(data(both, both, { test: 0.25, shuffle }), mse, folder);
      expect([samples, kept?.samples]).toEqual([30, 10]);
      const drawn = [...kept!.inputs].filter((_, i) => i % 2 === 0);
      expect([...kept!.targets]).toEqual(drawn.map((i) => i * i));
      expect(new Set([...inputs, ...kept!.inputs].map(Math.abs)).size).toBe(40);
      if (!shuffle) expect(drawn).toEqual(list.slice(30));
      else expect(drawn).not.toEqual(list.slice(30));
    }
  });
});

describe("faults of a file are reported at its place", () => {
  const two = () => file("[1, 2]");
  const at = async (
    inputs: ArrayFile,
    targets: ArrayFile,
    where: readonly string[],
    words: string,
    loss: LossName = mse,
  ) => {
    const [problem] = await refuse(data(inputs, targets), loss, folder);
    expect(problem).toMatchObject({
      severity: "error",
      path: ["data", ...where],
      message: expect.stringContaining(words),
    });
    expect(problem!.message).not.toContain(folder);
  };

  test("files", async () => {
    await at({ file: "none.npy", array: null }, two(), ["inputs", "file"], "There is no file");
    await at(two(), { file: "none.npz", array: null }, ["targets", "file"], "There is no file");
    await at(file(Uint8Array.of(1, 2, 3)), two(), ["inputs", "file"], "not an NPY file");
    const whole = bytes(recorded.npz["compressed"]);
    for (const length of [4, 60, 300, whole.length - 1])
      await at(file(whole.subarray(0, length)), two(), ["inputs", "file"], "damaged or cut off");
    const flipped = whole.slice();
    flipped.fill(0xff, 60, 120);
    await at(file(flipped), two(), ["inputs", "file"], "");
    await at(file(bytes(recorded.bad["objects"])), two(), ["inputs", "file"], "never read");
    await at(file(bytes(recorded.bad["empty"])), two(), ["inputs", "file"], "no values");
    await at({ ...file(bytes(recorded.numbers["vector"]?.file)), array: "x" }, two(), ["inputs", "array"], "no name");
  });

  test("arrays of an NPZ file", async () => {
    await at(npz("stored", "input"), two(), ["inputs", "array"], 'Did you mean "inputs"?');
    await at(two(), npz("single", "y"), ["targets", "array"], 'Its arrays are "x"');
  });

  test.each([
    ["[1, 2", "not well-formed JSON (line 1, "],
    ["[[1, 2],\n[3, NaN]]", "not well-formed JSON (line 2, column 5)"],

    ["5", "nested lists"],
    ['{ "a": [1], "b": [2] }', 'name one with "array"'],
    ['{ "inputs": 3, "b": [2] }', "nested lists"],
    ["{}", "no array"],
    ["[]", "no values"],
    ["[[1, 2], [3]]", "ragged: the list at [1] has 1"],
    ["[[1, 2], 3]", "has 3 at [1], where a list of 2"],
    ["[1, [2]]", "has a list at [1]"],
    ["[[1], [null]]", "has null at [1, 0]"],
    ['[1, "NaN"]', 'has "NaN" at [1]'],
    ["[1, 1e39]", "1e+39 at [1], which is too large"],
    ["[1, 1e999]", "Infinity at [1]"],
    [`${"[".repeat(5000)}${"]".repeat(5000)}`, "axes"],
    [`${"[".repeat(50_000)}1`, "not well-formed JSON"],
  ])("JSON: %.40s", async (content, words) => {
    await at(file(content), two(), ["inputs", "file"], words);
  });

  test("an array that is missing from a JSON file", async () => {
    await at(file('{ "x": [1] }', "y"), two(), ["inputs", "array"], 'no array "y"');
    await at(file("[1]", "y"), two(), ["inputs", "array"], "Leave");
  });

  test("samples with different counts", async () => {
    await at(two(), file("[1, 2, 3]"), ["targets", "file"], "2 inputs, but 3 targets");
  });

  test.each([
    ["binaryCrossentropy", "[0, 2]"],
    ["sparseCategoricalCrossentropy", "[0, 0.5]"],
    ["sparseCategoricalCrossentropy", "[0, -1]"],
    ["categoricalCrossentropy", "[0, 1]"],
    ["categoricalCrossentropy", "[[0, 1], [1, 1]]"],
  ] as const)("targets that do not suit %s: %s", async (loss, targets) => {
    await at(two(), file(targets), ["targets", "file"], loss, loss);
  });
});
