/** Memory limit of reading a file: six times the file and 200 MB, for any content. */

import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import * as esbuild from "esbuild";
import { zipSync } from "fflate";
import h5wasm from "h5wasm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { budget, sampled } from "../../../budget.ts";
import { npyOf, zipOf } from "../reading/support.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-memory-"));
const program = path.join(folder, "peak.cjs");
afterAll(() => fs.rmSync(folder, { recursive: true }));

beforeAll(async () => {
  await esbuild.build({
    entryPoints: [path.join(__dirname, "peak.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "cjs",
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    logLevel: "warning",
  });
});

const result = z.object({ kilobytes: z.number(), refusals: z.array(z.string()) });
const write = (name: string, content: string | Uint8Array) => fs.writeFileSync(path.join(folder, name), content);

/** Peak memory, in megabytes, of a process that reads the files that the config names. */
async function peak(data: object, model: object = { layers: [{ type: "dense", units: 1 }] }, loss?: string) {
  const training = { batchSize: 16, steps: 1, ...(loss && { loss }) };
  write("gradlens.json", JSON.stringify({ data, training, models: { m: model } }));
  const run = await promisify(execFile)(process.execPath, [program, path.join(folder, "gradlens.json")]);
  const { kilobytes, refusals } = result.parse(JSON.parse(run.stdout));
  return { megabytes: kilobytes / 1024, refusals: refusals.join("\n") };
}

function bar(...names: readonly string[]): number {
  const sizes = names.map((name) => fs.statSync(path.join(folder, name)).size / 2 ** 20);
  return 6 * sizes.reduce((sum, size) => sum + size, 0) + 200;
}

const task = { task: "addingProblem", length: 6, samples: 64 };
const both = (name: string) => ({ inputs: { file: name }, targets: { file: name } });

/** A weight of `count` numbers in Keras's HDF5 format. */
async function hdf5(
  groups: readonly string[],
  name: string,
  count: number,
  attributes: { [of: string]: string | string[] },
) {
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File("made.h5", "w");
  for (const group of groups) file.create_group(group);
  const parent = groups.at(-1) ?? "/";
  const at = file.get(parent);
  if (!(at instanceof h5wasm.Group)) throw new Error("The group is missing.");
  at.create_dataset({ name, data: new Float32Array(count), shape: [count, 1] });
  for (const [key, value] of Object.entries(attributes)) {
    const [of = "", attribute = ""] = key.split("@");
    const owner = file.get(of === "" ? "/" : of);
    if (owner instanceof h5wasm.Group) owner.create_attribute(attribute, value);
  }
  file.close();
  return FS.readFile("made.h5");
}

const count = budget(2_500_000, 10_000_000);
const denseModel = JSON.stringify({
  class_name: "Sequential",
  config: { layers: [{ class_name: "Dense", config: { name: "dense", units: 1, use_bias: false } }] },
});

describe("memory that reading takes", () => {
  it("of NPY, with one byte per value", { tags: "long" }, async () => {
    write("a.npy", npyOf(2 * count, "|i1"));
    const { megabytes, refusals } = await peak(both("a.npy"));
    expect(refusals).toBe("");
    // The file is read twice: as inputs and as targets.
    expect(megabytes).toBeLessThan(bar("a.npy", "a.npy"));
  });

  it("of NPZ", { tags: "long" }, async () => {
    const content = npyOf(count, "<f4");
    for (let i = 128; i < content.length; i += 7) content[i] = i & 63;
    write(
      "a.npz",
      zipOf([
        { name: "inputs.npy", content },
        { name: "targets.npy", content: npyOf(count, "|i1") },
      ]),
    );
    const { megabytes, refusals } = await peak(both("a.npz"));
    expect(refusals).toBe("");
    // Packed data count as unpacked.
    expect(megabytes).toBeLessThan(6 * (50 + bar("a.npz") / 6));
  });

  it("of NPZ that would unpack to gigabytes: none", { tags: "thorough" }, async () => {
    const content = npyOf(2_500_000);
    write("a.npz", zipOf(Array.from({ length: 200 }, (_, i) => ({ name: `inputs${i}.npy`, content }))));
    const { megabytes, refusals } = await peak(both("a.npz"));
    expect(refusals).toContain("cannot be unpacked");
    expect(megabytes).toBeLessThan(bar("a.npz"));
  });

  it.each(
    sampled(
      [
        ["numbers", () => `{"inputs":[${"1,".repeat(count)}1],"targets":[${"2,".repeat(count)}1]}`, ""],
        ["lists of nothing", () => `[${"[],".repeat(count)}[]]`, "no values"],
        ["keys", () => `{${Array.from({ length: 1e6 }, (_, i) => `"key${i}":[1]`).join()}}`, "more than 10000 keys"],
        ["texts", () => `[${'"a",'.repeat(count)}1]`, "where a number is expected"],
        ["nesting", () => "[".repeat(4 * count), "nested more than 64"],
      ] as const,
      5,
      4,
    ),
  )("of JSON full of %s", { tags: "thorough" }, async (_, text, words) => {
    write("a.json", text());
    const { megabytes, refusals } = await peak(both("a.json"));
    expect(refusals).toContain(words);
    expect(megabytes).toBeLessThan(bar("a.json"));
  });

  it.each(
    sampled(
      [
        ["numbers", () => `a,b\n${"1,2\n".repeat(2e6)}`, ""],
        ["a quote that is never closed", () => `a,b\n"${"1,2\n".repeat(count)}`, "never closed"],
        ["one row", () => `a,b\n${"1,".repeat(count)}`, "more than 4 MB"],
        ["rows of nothing", () => `a,b\n${",\n".repeat(2e6)}`, "cells without a value"],
      ] as const,
      4,
      2,
    ),
  )("of CSV full of %s", { tags: "thorough" }, async (_, text, words) => {
    write("a.csv", text());
    const { megabytes, refusals } = await peak({ file: "a.csv", inputs: ["a"], targets: ["b"] });
    expect(refusals).toContain(words);
    expect(megabytes).toBeLessThan(bar("a.csv"));
  });

  it("of text", { tags: "long" }, async () => {
    write("a.txt", "abcdefgü".repeat(count / 2));
    const embedding = {
      layers: [
        { type: "embedding", inputDim: 9, outputDim: 2 },
        { type: "dense", units: 9 },
      ],
    };
    const data = { task: "characterLanguageModel", file: "a.txt", length: 20 };
    const { megabytes, refusals } = await peak(data, embedding, "sparseCategoricalCrossentropy");
    expect(refusals).toBe("");
    expect(megabytes).toBeLessThan(bar("a.txt"));
  });

  it.each(
    sampled(
      [
        [
          "weights",
          () => `[{"paths":[],"weights":[${'{"name":"w","shape":[1],"dtype":"float32"},'.repeat(80_000)}{}]}]`,
        ],
        ["numbers", () => `[${"1,".repeat(900_000)}1]`],
        ["lists of nothing", () => `[${"[],".repeat(900_000)}1]`],
        ["too many values", () => `[${"{},".repeat(5e6)}1]`],
      ] as const,
      4,
      3,
    ),
  )("of a model.json full of %s", { tags: "thorough" }, async (_, manifest) => {
    write("model.json", `{"modelTopology":{"class_name":"Sequential","config":[]},"weightsManifest":${manifest()}}`);
    const { megabytes, refusals } = await peak(task, { file: "model.json" });
    expect(refusals).not.toBe("");
    expect(megabytes).toBeLessThan(bar("model.json"));
  });

  it("of a model.json's weights", { tags: "long" }, async () => {
    const weights = [{ name: "dense/kernel", shape: [count, 1], dtype: "float32" }];
    const weightsManifest = [{ paths: ["a.bin"], weights }];
    write("model.json", JSON.stringify({ modelTopology: JSON.parse(denseModel), weightsManifest }));
    write("a.bin", new Uint8Array(4 * count));
    const { megabytes, refusals } = await peak(task, { file: "model.json" });
    expect(refusals).toBe("");
    expect(megabytes).toBeLessThan(bar("model.json", "a.bin"));
  });

  it("of .h5", { tags: "long" }, async () => {
    const groups = ["model_weights", "model_weights/dense"];
    const names = { "model_weights@layer_names": ["dense"], "model_weights/dense@weight_names": ["kernel"] };
    write("a.h5", await hdf5(groups, "kernel", count, { "@model_config": denseModel, ...names }));
    const { megabytes, refusals } = await peak(task, { file: "a.h5" });
    expect(refusals).toBe("");
    expect(megabytes).toBeLessThan(bar("a.h5"));
  });

  it("of .keras", { tags: "thorough" }, async () => {
    const weights = await hdf5(["layers", "layers/dense", "layers/dense/vars"], "0", count, {});
    const stored = { level: 0 } as const;
    const config = new TextEncoder().encode(denseModel);
    write("a.keras", zipSync({ "config.json": [config, stored], "model.weights.h5": [weights, stored] }));
    const { megabytes, refusals } = await peak(task, { file: "a.keras" });
    expect(refusals).toBe("");
    expect(megabytes).toBeLessThan(bar("a.keras"));
  });
});
