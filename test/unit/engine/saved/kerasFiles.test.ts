/** Models that Keras 3.15 saved (test/fixtures/engine/saved/record.py) give the outputs that Keras recorded. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { unzipSync, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { budget, sampled } from "../../../budget.ts";
import { useBackend } from "../instrument/backends.ts";
import { difference, fixtures, load, refusal } from "./support.ts";

const numbers: z.ZodType<NestedNumbers> = z.lazy(() => z.array(z.union([z.number(), numbers])));
type NestedNumbers = (number | NestedNumbers)[];
const recorded = z
  .record(z.string(), z.object({ inputs: numbers, outputs: numbers }))
  .parse(JSON.parse(fs.readFileSync(path.join(fixtures, "recorded.json"), "utf8")));

/** `[rows, …]` from nested lists. */
function tensorOf(values: NestedNumbers): tf.Tensor {
  const shape: number[] = [];
  for (let at: number | NestedNumbers | undefined = values; Array.isArray(at); at = at[0]) shape.push(at.length);
  return tf.tensor(values.flat(9).map(Number), shape);
}

const files = fs.readdirSync(fixtures).filter((name) => /\.(keras|h5)$/.test(name));

beforeAll(() => useBackend("cpu"));

describe("a model that Keras saved", () => {
  it.each(sampled(files, 3, 0, 1))("%s gives Keras's outputs", async (name) => {
    const { inputs, outputs } = recorded[path.parse(name).name]!;
    const x = tensorOf(inputs);
    const built = await load(name, x.shape.slice(1));
    expect(difference(built, x, tensorOf(outputs))).toBeLessThan(1e-5);
    built.dispose();
  });

  it.each(sampled(["lstm.keras", "cells.keras"], 2, 0, 1))("%s gives them if it was saved on Windows", async (name) => {
    const { inputs, outputs } = recorded[path.parse(name).name]!;
    const x = tensorOf(inputs);
    const built = await load(name, x.shape.slice(1), path.join(fixtures, "windows"));
    expect(difference(built, x, tensorOf(outputs))).toBeLessThan(1e-5);
    built.dispose();
  });

  it("keeps what the training of a layer depends on, and its name", async () => {
    const built = await load("lstm.keras", [6, 2]);
    expect(built.layers.map(({ name, type }) => [name, type])).toEqual([
      ["lower", "lstm"],
      ["lstm", "lstm"],
      ["dense", "dense"],
    ]);
    expect(built.layers.map((l) => l.entry.args)).toMatchObject([
      { recurrentRegularizer: { type: "l2" }, recurrentActivation: "sigmoid", returnSequences: true },
      { kernelConstraint: { type: "maxNorm", maxValue: 2 } },
      { activation: "sigmoid" },
    ]);
    expect(new Set(built.layers.map((l) => l.path.join()))).toEqual(new Set(["models,saved,file"]));
    built.dispose();
  });

  it("leaves nothing behind", async () => {
    await load("lstm.h5", [6, 2]).then((built) => built.dispose());
    const before = tf.memory().numTensors;
    await load("lstm.h5", [6, 2]).then((built) => built.dispose());
    await refusal("refused/masked.keras");
    await refusal("lstm.keras", [5, 2]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("what cannot be translated is refused, with the layer and the reason", () => {
  it.each([
    [
      "lambda",
      /^Its layer "lambda" \(Lambda\) cannot be translated: it contains code, and nothing in a file is executed/,
    ],
    ["operation", /^Its operation "sort" \(Sort\) has no layer here that computes the same\. Write the model as/],
    [
      "unknown",
      /^Its layer "spectral_normalization" \(SpectralNormalization\) cannot be translated: there is no layer here/,
    ],
    ["masked", /^Its layer "softmax" \(softmax\) leaves masked timesteps out/],
  ])("%s", async (name, message) => {
    expect(await refusal(`refused/${name}.keras`)).toMatch(message);
  });

  it("samples of another shape than the file's", async () => {
    expect(await refusal("lstm.keras", [7, 2])).toMatch(/It takes samples of shape \(6, 2\), but .* \(7, 2\)/);
    expect(await refusal("simple.h5", [6, 3])).toMatch(/It takes samples of shape \(\?, 2\), but .* \(6, 3\)/);
    await load("simple.h5", [50, 2]).then((built) => built.dispose());
  });
});

describe("a file that is not a model, or a broken one", () => {
  let folder = "";
  const write = (name: string, bytes: Uint8Array | string) => fs.writeFileSync(path.join(folder, name), bytes);
  const refusalOf = (name: string, bytes: Uint8Array | string) => {
    write(name, bytes);
    return refusal(name, [6, 2], folder);
  };
  const keras = fs.readFileSync(path.join(fixtures, "lstm.keras"));
  const h5 = fs.readFileSync(path.join(fixtures, "lstm.h5"));
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-saved-"));
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  it("missing, or a folder", async () => {
    expect(await refusal("nowhere.h5", [6, 2], folder)).toBe("There is no such file.");
    fs.mkdirSync(path.join(folder, "folder.h5"));
    expect(await refusal("folder.h5", [6, 2], folder)).toMatch(/^It is a folder, not a saved model: Keras's/);
    write("folder.h5/model.json", "{}");
    expect(await refusal("folder.h5", [6, 2], folder)).toBe(
      'It is a folder. Name the file in it: "folder.h5/model.json".',
    );
    write("folder.h5/saved_model.pb", "");
    expect(await refusal("folder.h5", [6, 2], folder)).toMatch(/^It is a TensorFlow SavedModel\. .* model\.save\(/);
  });

  it.each([0, 7, 500, 2000, 15000])("cut off after %d bytes", async (length) => {
    expect(await refusalOf("cut.h5", h5.subarray(0, length))).toMatch(/cut off/);
    expect(await refusalOf("cut.keras", keras.subarray(0, length))).toMatch(/cut off/);
  });

  it("of another kind", async () => {
    expect(await refusal("refused/other.h5")).toMatch(/not a Keras model: it has no model_config/);
    expect(await refusal("refused/half.keras", [2])).toMatch(
      /weight "layers\/dense\/vars\/0" does not consist of 32-bit/,
    );
    expect(await refusal("refused/weightsOnly.weights.h5")).toMatch(/weights but does not describe their layers/);
    expect(await refusalOf("other.keras", zipSync({ "a.txt": new Uint8Array(3) }))).toMatch(/it has no config\.json/);
    expect(await refusalOf("text.h5", "hello")).toMatch(/not an HDF5 file/);
  });

  it("of a kind that its content shows, whatever its name", async () => {
    const zip = (...names: readonly string[]) =>
      zipSync(Object.fromEntries(names.map((name) => [name, new Uint8Array(3)])));
    const told = (name: string, bytes: Uint8Array | string) => refusalOf(name, bytes);
    expect(await told("a.h5", zip("m/data.pkl", "m/data/0"))).toMatch(/^It is a PyTorch checkpoint\. .*layers into/);
    expect(await told("b.pt", zip("m/data.pkl", "m/data/0"))).toMatch(/^It is a PyTorch checkpoint\./);
    expect(await told("c.keras", zip("m/saved_model.pb"))).toMatch(/^It is a TensorFlow SavedModel\./);
    expect(await told("d.onnx", "\x08\x07\x12\x07pytorch\x1a")).toMatch(/^It is an ONNX model\. .*model\.save/);
    expect(await told("e.tflite", "\x1c\0\0\0TFL3")).toMatch(/^It is a TensorFlow Lite model\. .*model\.save/);
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n";
    expect(await told("f.h5", pointer)).toMatch(/^It is a Git LFS pointer, .*`git lfs pull`/);
    expect(await told("g.keras", "<!DOCTYPE html><html>")).toMatch(/^It is a web page\. Download the file itself/);
    expect(await told("h.npz", zip("x.npy"))).toMatch(/^It is an archive of NumPy arrays \(NPZ\)\. .*`data`/);
    expect(await told("i.bin", "hello")).toBe(
      "It is not a saved model that can be read here: Keras's .keras or .h5, or tfjs's model.json.",
    );
  });

  it.each([
    ["HDF5 named .keras", "lstm.h5", "model.keras"],
    ["HDF5 named .hdf5", "lstm.h5", "model.hdf5"],
    ["HDF5 without an ending", "lstm.h5", "model"],
    ["a zip named .h5", "lstm.keras", "model.h5"],
  ])("loads in spite of its name: %s", async (_, fixture, name) => {
    write(name, fs.readFileSync(path.join(fixtures, fixture)));
    const { inputs, outputs } = recorded["lstm"]!;
    const built = await load(name, [6, 2], folder);
    expect(difference(built, tensorOf(inputs), tensorOf(outputs))).toBeLessThan(1e-5);
    built.dispose();
  });

  it("a zip with missing parts, invalid JSON, or another model", async () => {
    const entries = unzipSync(keras);
    const { "config.json": config, "model.weights.h5": weights } = entries;
    if (!config || !weights) throw new Error("The fixture is no .keras file.");
    const text = new TextEncoder();
    const other = unzipSync(fs.readFileSync(path.join(fixtures, "simple.keras")))["model.weights.h5"];
    if (!other) throw new Error("The fixture is no .keras file.");
    expect(await refusalOf("a.keras", zipSync({ "config.json": config }))).toMatch(/no model\.weights\.h5/);
    const zip = (json: string, h5file = weights) =>
      zipSync({ "config.json": text.encode(json), "model.weights.h5": h5file });
    expect(await refusalOf("b.keras", zip("{"))).toMatch(/config\.json is not a JSON/);
    expect(await refusalOf("c.keras", zip("[".repeat(200_000)))).toMatch(/config\.json is not a JSON/);
    expect(await refusalOf("d.keras", zip("{}"))).toMatch(/does not say which layers/);
    expect(await refusalOf("e.keras", zip('{"class_name":"Mine","config":{}}'))).toMatch(
      /class "Mine", which is custom code/,
    );
    const json = new TextDecoder().decode(config);
    expect(await refusalOf("f.keras", zip(json, other))).toBe(
      'Its layer "lower" should have 3 weights, but the file has 0.',
    );
    expect(await refusalOf("g.keras", zip(json.replace('"units": 4', '"units": 5')))).toBe(
      'The kernel of its layer "lower" has shape (2, 16), but the layer needs (2, 20).',
    );
    expect(await refusalOf("h.keras", zip(json.replace('"units": 4', '"units": 1e9')))).toBe(
      'Its layer "lower" (lstm): units must be a whole number from 1 to 8192, not 1000000000.',
    );
    expect(await refusalOf("i.keras", zip(json.replace('"stateful": false', '"stateful": 3')))).toMatch(
      /"stateful" must be true or false/,
    );
    expect(await refusalOf("j.keras", zip(json.replace('"units": 4', '"units": 4, "novel": 1')))).toMatch(
      /"novel" is 1, which tfjs's layer does not support/,
    );
  });

  it("a zip that claims to hold more than a model may have takes no memory", { tags: "thorough" }, async () => {
    // Two bytes per kilobyte of zeros: the unpacked 20 MB would be more than a description may have.
    const bomb = zipSync({ "config.json": new Uint8Array(20_000_000), "model.weights.h5": new Uint8Array(8) });
    expect(bomb.length).toBeLessThan(100_000);
    expect(await refusalOf("bomb.keras", bomb)).toMatch(/more than a model may have/);
  });

  it("damaged anywhere: it is either refused or loaded", async () => {
    for (let at = 20; at < h5.length; at += budget(14_997, 397, 4999)) {
      const damaged = Uint8Array.from(h5);
      damaged[at] = 255 - damaged[at]!;
      write("damaged.h5", damaged);
      const outcome = await load("damaged.h5", [6, 2], folder).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome.message).toMatch(/^"damaged\.h5": /);
      else if (typeof outcome === "object" && outcome !== null && "dispose" in outcome)
        Reflect.apply(Object(outcome.dispose), outcome, []);
    }
  });
});
