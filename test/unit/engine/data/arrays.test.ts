import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import * as z from "zod";
import type { ArrayFile, ArraysData, LossName } from "../../../../src/config/resolved.ts";
import { parseNpy } from "../../../../src/engine/formats/arrays/npy.ts";
import { npyOf, zipOf } from "../reading/support.ts";
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
    ["complex", "numpy.abs(a)"],
    ["objects", "never read"],
    ["objects", "numpy.array(a.tolist()"],
    ["records", "structured_to_unstructured"],
    ["text", "numpy.unique(a, return_inverse=True)"],
    ["time", 'a.astype("int64")'],
    ["NaN", "NaN at [1, 1]"],
    ["infinite", "-Infinity at [1, 0]"],
    ["beyond float32", "1e+39 at [0], which is too large"],
  ])("%s are refused with a message", (name, words) => {
    expect(parseNpy(bytes(recorded.bad[name]), "x")).toMatchObject({ fault: expect.stringContaining(words) });
  });

  test("half precision and booleans are read as NumPy reads them", () => {
    expect(parseNpy(bytes(recorded.bad["half"]), "x")).toMatchObject({ shape: [1] });
    // numpy.array([…], dtype="<f2").view("<u2") and, of booleans, "|b1".
    const halves: readonly (readonly [number, number])[] = [
      [0x0000, 0],
      [0x3c00, 1],
      [0xc100, -2.5],
      [0x2e66, 0.0999755859375],
      [0x7bff, 65504],
      [0x0001, 2 ** -24],
      [0x83ff, -1023 * 2 ** -24],
    ];
    const header = (code: string, count: number) =>
      Buffer.from(`{'descr': '${code}', 'fortran_order': False, 'shape': (${count},), }`.padEnd(117).concat("\n"));
    const file = (code: string, count: number, values: Uint8Array) =>
      Buffer.concat([Buffer.from("\x93NUMPY\x01\0v\0", "latin1"), header(code, count), values]);
    const little = new Uint8Array(Uint16Array.from(halves, ([bits]) => bits).buffer);
    const values = Float32Array.from(halves, ([, value]) => value);
    expect(parseNpy(file("<f2", halves.length, little), "x")).toEqual({ shape: [halves.length], values });
    const big = Buffer.from(little).swap16();
    expect(parseNpy(file(">f2", halves.length, big), "x")).toEqual({ shape: [halves.length], values });
    const flags = parseNpy(file("|b1", 3, Uint8Array.of(1, 0, 1)), "x");
    expect(flags).toEqual({ shape: [3], values: Float32Array.of(1, 0, 1) });
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

  test("JSON records and JSON Lines hold both by the fields of each record", async () => {
    const records = [
      { id: 1, inputs: [[1], [2]], targets: 5 },
      { targets: 6, inputs: [[3], [4]], note: { inputs: 0 } },
    ];
    for (const content of [JSON.stringify(records), records.map((record) => JSON.stringify(record)).join("\n")]) {
      const both = file(content);
      const { inputs, targets, inputShape } = await load(data(both, both), mse, folder);
      expect([[...inputs], [...targets], inputShape]).toEqual([
        [1, 2, 3, 4],
        [5, 6],
        [2, 1],
      ]);
    }
    const lines = file("[1,2]\n[3,4]\n");
    expect((await load(data(lines, lines), mse, folder)).inputShape).toEqual([2]);
    const broken = file('[{"inputs":[1],"targets":1},{"inputs":[1]}]');
    expect(await refuse(data(broken, broken), mse, folder)).toMatchObject([
      { path: ["data", "targets", "file"], message: expect.stringContaining('record [1] has no "targets"') },
    ]);
  });

  test("a JSON record with two values of the field is refused", async () => {
    const twice = file('[{"inputs":[1],"targets":1},{"inputs":[1],"targets":2,"targets":3}]');
    expect(await refuse(data(twice, twice), mse, folder)).toMatchObject([
      { path: ["data", "targets", "file"], message: expect.stringContaining('record [1] has two keys "targets"') },
    ]);
  });

  test("an NPZ file with two arrays of one name is refused", async () => {
    const twice = zipOf([npyOf(2, "<f4"), npyOf(2, "<f4")].map((content) => ({ name: "inputs.npy", content })));
    const named = { file: "twice.npz", array: null };
    fs.writeFileSync(path.join(folder, named.file), twice);
    const [problem] = await refuse(data(named, named), mse, folder);
    expect(problem!.message).toContain('two of its entries are named "inputs.npy". Save its arrays anew');
  });

  test("a file is what its first bytes say, whatever its name", async () => {
    const renamed = { ...file(bytes(vector.file)), array: null };
    const other = renamed.file.replace(/npy$/, "data");
    fs.renameSync(path.join(folder, renamed.file), path.join(folder, other));
    const named = { file: other, array: null };
    expect((await load(data(named, named), mse, folder)).samples).toBe(3);
    fs.writeFileSync(path.join(folder, "table.csv"), "a,b\n1,2\n");
    const table = { file: "table.csv", array: null };
    expect((await refuse(data(table, named), mse, folder))[0]!.message).toContain('A table is named as "file"');
    fs.writeFileSync(path.join(folder, "net.npy"), "PK\x03\x04");
    const zip = { file: "net.npy", array: null };
    expect((await refuse(data(zip, named), mse, folder))[0]!.message).toContain("is a zip archive");
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
