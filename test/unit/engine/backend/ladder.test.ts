import { fork } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";

test("WASM is there without installing anything, and CPU when asked for", async () => {
  expect(await initBackend("wasm")).toMatchObject({
    name: "wasm",
    label: expect.stringMatching(/^WASM/),
    rejected: [{ name: "tensorflow", reason: expect.stringContaining("wasm") }],
  });
  expect(tf.getBackend()).toBe("wasm");
  expect((await initBackend("cpu")).rejected.map((r) => r.name)).toEqual(["tensorflow", "wasm"]);
  expect(tf.getBackend()).toBe("cpu");
});

test("starting WASM leaves the process's last-resort error handlers alone", async () => {
  const count = () => process.listenerCount("uncaughtException") + process.listenerCount("unhandledRejection");
  const before = count();
  await initBackend("wasm");
  expect(count()).toBe(before);
});

/** Workspaces with a tfjs-node of their own, tried in a process each: what one loads, it loads for good. */
describe("the workspace's tfjs-node", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-ladder-"));
  // Outside of the project, whose own tfjs-node, where there is one, would be taken first.
  const bundle = path.join(folder, "engine/ladder.cjs");
  const core = path.resolve("node_modules/@tensorflow/tfjs-core");

  beforeAll(async () => {
    await esbuild.build({
      stdin: {
        contents: `import { initBackend } from "./src/engine/backend/ladder.ts";
          import * as tf from "@tensorflow/tfjs-core";
          initBackend("auto", JSON.parse(process.argv[2])).then((info) => {
            const two = tf.add(1, 1).dataSync()[0];
            process.send({ info, two }, () => process.exit());
          });`,
        resolveDir: process.cwd(),
      },
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile: bundle,
      logLevel: "error",
    });
    const wasm = path.resolve("node_modules/@tensorflow/tfjs-backend-wasm/dist");
    for (const file of fs.readdirSync(wasm).filter((name) => name.endsWith(".wasm"))) {
      fs.copyFileSync(path.join(wasm, file), path.join(path.dirname(bundle), file));
    }
  });
  afterAll(() => {
    fs.rmSync(folder, { recursive: true });
  });

  function workspace(name: string, version: string, source: string): string {
    const at = path.join(folder, name);
    const pkg = path.join(at, "node_modules/@tensorflow/tfjs-node");
    fs.mkdirSync(pkg, { recursive: true });
    fs.writeFileSync(
      path.join(pkg, "package.json"),
      JSON.stringify({ name: "@tensorflow/tfjs-node", version, main: "index.js" }),
    );
    fs.writeFileSync(path.join(pkg, "index.js"), source);
    return at;
  }

  const ask = (options: object) =>
    new Promise<unknown>((resolve, reject) => {
      const child = fork(bundle, [JSON.stringify(options)], { silent: true });
      let stdout = "";
      child.stdout?.on("data", (data) => {
        stdout += data;
      });
      child.once("message", (answer: object) => resolve({ ...answer, stdout }));
      child.once("exit", (code) => reject(new Error(`ended with ${code}`)));
    });

  /** As the real one does: uses what Node 23 removed, and registers a backend in a copy of tfjs-core of its own. */
  const working = `
    if (!require("node:util").isNullOrUndefined(null)) throw new Error("never");
    const tf = require(${JSON.stringify(core)});
    const { MathBackendCPU } = require(${JSON.stringify(path.resolve("node_modules/@tensorflow/tfjs-backend-cpu"))});
    class Native extends MathBackendCPU { binding = { TF_Version: "2.9.1" }; }
    tf.registerBackend("tensorflow", () => new Native(), 3);
    for (const kernel of tf.getKernelsForBackend("cpu")) tf.registerKernel({ ...kernel, backendName: "tensorflow" });`;

  test("is taken where there is one", async () => {
    expect(await ask({ workspace: workspace("good", "4.22.1", working) })).toEqual({
      info: { name: "tensorflow", label: "TensorFlow 2.9.1 (the workspace's tfjs-node)", rejected: [] },
      two: 2,
      stdout: "",
    });
  });

  test("is not touched when the workspace is not named", async () => {
    expect(await ask({})).toMatchObject({
      info: { name: "wasm", rejected: [{ reason: expect.not.stringContaining("workspace") }] },
    });
  });

  test.each([
    ["absent", null, "", "the workspace's @tensorflow/tfjs-node is not installed"],
    ["old", "3.21.0", working, "version 3.21.0"],
    [
      "without its library",
      "4.22.0",
      `throw new Error("The Node.js native addon module (tfjs_binding.node) can not be found at path: x")`,
      "native library cannot be loaded",
    ],
    ["broken", "4.22.0", `throw new TypeError("boom")`, "failed to load: boom"],
    ["empty", "4.22.0", "", "registered no backend"],
  ])("%s: the next rung is taken and the reason given", async (name, version, source, reason) => {
    const at = version === null ? path.join(folder, "nothing") : workspace(name, version, source);
    expect(await ask({ workspace: at })).toMatchObject({
      info: { name: "wasm", rejected: [{ name: "tensorflow", reason: expect.stringContaining(reason) }] },
      two: 2,
      stdout: "",
    });
  });
});
