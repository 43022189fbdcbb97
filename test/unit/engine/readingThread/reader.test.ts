import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LossName } from "../../../../src/config/resolved.ts";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { loadData } from "../../../../src/engine/data/loadData.ts";
import { ReadingEnded } from "../../../../src/engine/readingThread/reader.ts";
import { loadModel } from "../../../../src/engine/saved/loadModel.ts";
import { readModel } from "../../../../src/engine/saved/readModel.ts";
import { fixtures, onlyShape } from "../saved/support.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-reading-"));
beforeAll(async () => {
  await initBackend("cpu");
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Two extra bytes in the middle of an attribute make the HDF5 library read for ever. */
function endless(): void {
  const sound = fs.readFileSync(path.join(fixtures, "simple.h5"));
  const at = sound.indexOf(' "Dense", "config"');
  const rest = sound.subarray(at, 18_135);
  fs.writeFileSync(
    path.join(folder, "endless.h5"),
    Buffer.concat([
      sound.subarray(0, at),
      Buffer.from("{ "),
      rest.subarray(1),
      Buffer.from(" "),
      sound.subarray(18_135),
    ]),
  );
}

const load = (name: string, signal = new AbortController().signal) =>
  loadModel({ name, path: ["models", "m", "file"] }, folder, onlyShape([6, 2]), 1, signal);

describe("a file whose reading never ends", () => {
  it("is given up after a time limit, with a message at its place", { tags: "long" }, async () => {
    endless();
    const built = await load("endless.h5");
    expect(built).toMatchObject([
      { path: ["models", "m", "file"], message: expect.stringMatching(/"endless\.h5": .*took more than 10 s/) },
    ]);
  });

  it("is given up when the run is", async () => {
    endless();
    const cancel = new AbortController();
    const loading = load("endless.h5", cancel.signal);
    setTimeout(() => cancel.abort(), 500);
    // The time limit would end it with a problem, not with a rejection.
    await expect(loading).rejects.toBeInstanceOf(ReadingEnded);
  });

  it("does not affect the next one", { tags: "thorough" }, async () => {
    fs.copyFileSync(path.join(fixtures, "simple.h5"), path.join(folder, "simple.h5"));
    const built = await load("simple.h5");
    expect(built).toHaveProperty("parameters");
    if ("dispose" in built) built.dispose();
  });
});

describe("a model.json", () => {
  const write = (manifest: unknown) =>
    fs.writeFileSync(
      path.join(folder, "model.json"),
      JSON.stringify({
        modelTopology: { class_name: "Sequential", config: { layers: [] } },
        weightsManifest: manifest,
      }),
    );

  it("with 200,000 weights is refused at the limit", { tags: "thorough" }, async () => {
    const weights = Array.from({ length: 200_000 }, (_, i) => ({ name: `w${i}`, shape: [1], dtype: "float32" }));
    write([{ paths: [], weights }]);
    const [problem] = [await load("model.json")].flat();
    expect(problem).toMatchObject({ message: expect.stringMatching(/the limit|more than .* values/) });
  });

  it("with more weights than a model may have is refused, with the place", { tags: "thorough" }, async () => {
    const weights = Array.from({ length: 12_001 }, (_, i) => ({ name: `w${i}`, shape: [1], dtype: "float32" }));
    write([{ paths: [], weights }]);
    const model = await readModel(path.join(folder, "model.json"), new AbortController().signal);
    await expect(model.weights()).rejects.toThrow(/12,000 arrays.*\(weightsManifest\[0\]\.weights\[12000\]\)/);
  });

  it.each([
    ["depth", `{"a": ${"[".repeat(8e6)}`, /line 1, column 70\): it is nested more than 64/],
    ["count", `{"a": [${"1,".repeat(4e6)}1]}`, /more than 1,000,000 values/],
    ["length", " ".repeat(17e6), /16 million bytes, the limit/],
  ])("beyond a limit of %s is refused before anything is allocated", async (_, text, words) => {
    fs.writeFileSync(path.join(folder, "model.json"), text);
    const [problem] = [await load("model.json")].flat();
    expect(problem).toMatchObject({ message: expect.stringMatching(words) });
  });
});

describe("a pipe instead of a file", () => {
  it.skipIf(process.platform === "win32")("is refused without waiting for a writer", async () => {
    const { execFileSync } = await import("node:child_process");
    execFileSync("mkfifo", [path.join(folder, "pipe.csv")]);
    const loss: LossName = "meanSquaredError";
    const problems = await loadData(
      {
        kind: "table",
        file: "pipe.csv",
        inputs: ["a"],
        targets: ["b"],
        window: null,
        ahead: 0,
        standardize: false,
        minMax: false,
        classes: null,
        test: null,
        shuffle: false,
      },
      ["data"],
      folder,
      { loss, path: [] },
    );
    expect(problems).toMatchObject([{ message: expect.stringContaining("not a regular file") }]);
  });
});
