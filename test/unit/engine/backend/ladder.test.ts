import { fork } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { sampled } from "../../../budget.ts";

test("WASM is available without any installation, and CPU on request", async () => {
  expect(await initBackend("wasm")).toMatchObject({
    name: "wasm",
    label: expect.stringMatching(/^WASM/),
    rejected: [{ name: "tensorflow", reason: expect.stringContaining("wasm") }],
  });
  expect(tf.getBackend()).toBe("wasm");
  expect((await initBackend("cpu")).rejected.map((r) => r.name)).toEqual(["tensorflow", "wasm"]);
  expect(tf.getBackend()).toBe("cpu");
});

test("starting WASM does not change the process's last-resort error handlers", async () => {
  const count = () => process.listenerCount("uncaughtException") + process.listenerCount("unhandledRejection");
  const before = count();
  await initBackend("wasm");
  expect(count()).toBe(before);
});

/** Workspaces with a tfjs-node of their own, each tried in a separate process, because loading cannot be undone. */
describe("the workspace's tfjs-node", () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-ladder-")));
  // Outside the project, because the project's own tfjs-node, if there is one, would be tried first.
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

  const packageOf = (workspace: string) => path.join(workspace, "node_modules/@tensorflow/tfjs-node");
  const allowing = (workspace: string) => ({ workspace, native: [packageOf(workspace)] });

  function workspace(name: string, version: string, source: string): string {
    const at = path.join(folder, name);
    const pkg = packageOf(at);
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

  /** Like the real package: uses what Node 23 removed, and registers a backend in its own copy of tfjs-core. */
  const working = `
    if (!require("node:util").isNullOrUndefined(null)) throw new Error("never");
    const tf = require(${JSON.stringify(core)});
    const { MathBackendCPU } = require(${JSON.stringify(path.resolve("node_modules/@tensorflow/tfjs-backend-cpu"))});
    class Native extends MathBackendCPU { binding = { TF_Version: "2.9.1" }; }
    tf.registerBackend("tensorflow", () => new Native(), 3);
    for (const kernel of tf.getKernelsForBackend("cpu")) tf.registerKernel({ ...kernel, backendName: "tensorflow" });`;

  test("is used if there is one", async () => {
    expect(await ask(allowing(workspace("good", "4.22.1", working)))).toEqual({
      info: { name: "tensorflow", label: "TensorFlow 2.9.1 (the workspace's tfjs-node)", rejected: [] },
      two: 2,
      stdout: "",
    });
  });

  test("is not touched if no workspace is given", { tags: "thorough" }, async () => {
    expect(await ask({})).toMatchObject({
      info: { name: "wasm", rejected: [{ reason: expect.not.stringContaining("workspace") }] },
    });
  });

  const unusable: readonly [string, string | null, string, string][] = [
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
  ];
  test.each(sampled(unusable, 5, 2, 1))(
    "%s: the next rung is used and the reason reported",
    async (name, version, source, reason) => {
      const at = version === null ? path.join(folder, "nothing") : workspace(name, version, source);
      expect(await ask(allowing(at))).toMatchObject({
        info: { name: "wasm", rejected: [{ name: "tensorflow", reason: expect.stringContaining(reason) }] },
        two: 2,
        stdout: "",
      });
    },
  );

  /** Leaves a mark when it is run. */
  const marking = (name: string) => {
    const mark = path.join(folder, `${name}.mark`);
    return { mark, source: `require("node:fs").writeFileSync(${JSON.stringify(mark)}, ""); ${working}` };
  };

  const refusedFor = (reason: string) => ({
    info: { name: "wasm", rejected: [{ name: "tensorflow", reason: expect.stringContaining(reason) }] },
    two: 2,
  });

  test("is not loaded before the user has allowed that very package", async () => {
    const { mark, source } = marking("asked");
    const at = workspace("asked", "4.22.0", source);
    for (const native of sampled([undefined, [], [at], [packageOf(path.join(folder, "good"))]], 3))
      expect(await ask({ workspace: at, native })).toMatchObject(
        refusedFor(`is native code that has not been allowed: "${packageOf(at)}"`),
      );
    expect(fs.existsSync(mark)).toBe(false);
    expect(await ask(allowing(at))).toMatchObject({ info: { name: "tensorflow" } });
    expect(fs.existsSync(mark)).toBe(true);
  });

  test("in a parent folder is not loaded, even if allowed", async () => {
    const { mark, source } = marking("parent");
    const parent = workspace("parent", "4.22.0", source);
    const trusted = path.join(parent, "trusted/deep");
    fs.mkdirSync(trusted, { recursive: true });
    expect(await ask({ workspace: trusted, native: [packageOf(parent), trusted] })).toMatchObject(
      refusedFor(`the workspace's @tensorflow/tfjs-node is not loaded: "${packageOf(parent)}" is outside`),
    );
    expect(fs.existsSync(mark)).toBe(false);
  });

  test.each(sampled(["package", "scope", "node_modules"], 3, 1))(
    "behind a link as its %s is not loaded",
    async (what) => {
      const { mark, source } = marking(`linked-${what}`);
      const real = workspace(`linked-${what}`, "4.22.0", source);
      const trusted = path.join(folder, `trusted-${what}`);
      const part = {
        package: "node_modules/@tensorflow/tfjs-node",
        scope: "node_modules/@tensorflow",
        node_modules: "node_modules",
      };
      const link = Object.entries(part).find(([name]) => name === what)![1];
      fs.mkdirSync(path.dirname(path.join(trusted, link)), { recursive: true });
      fs.symlinkSync(path.join(real, link), path.join(trusted, link), "junction");
      expect(await ask({ workspace: trusted, native: [packageOf(real), packageOf(trusted)] })).toMatchObject(
        refusedFor("is outside the trusted folder"),
      );
      expect(fs.existsSync(mark)).toBe(false);
    },
  );

  test("with its main file elsewhere is not loaded", { tags: "thorough" }, async () => {
    const { mark, source } = marking("main");
    const at = workspace("main", "4.22.0", working);
    fs.writeFileSync(path.join(folder, "elsewhere.js"), source);
    fs.writeFileSync(
      path.join(packageOf(at), "package.json"),
      JSON.stringify({ name: "@tensorflow/tfjs-node", version: "4.22.0", main: "../../../../elsewhere.js" }),
    );
    expect(await ask(allowing(at))).toMatchObject(refusedFor('elsewhere.js" is outside'));
    expect(fs.existsSync(mark)).toBe(false);
  });

  test("takes its dependencies only from the workspace, and not from a parent folder", {
    tags: "thorough",
  }, async () => {
    const { mark, source } = marking("helper");
    const parent = path.join(folder, "helped");
    const at = workspace("helped/trusted", "4.22.0", `require("helper"); ${working}`);
    const helper = (where: string, text: string) => {
      fs.mkdirSync(path.join(where, "node_modules/helper"), { recursive: true });
      fs.writeFileSync(path.join(where, "node_modules/helper/index.js"), text);
    };
    helper(parent, source);
    expect(await ask(allowing(at))).toMatchObject(refusedFor("Cannot find module 'helper' below the trusted folder"));
    expect(fs.existsSync(mark)).toBe(false);
    helper(at, "");
    expect(await ask(allowing(at))).toMatchObject({ info: { name: "tensorflow" } });
  });

  test("does not count as the engine's own, however far above the engine it lies", { tags: "thorough" }, async () => {
    const { mark, source } = marking("above");
    const above = workspace(".", "4.22.0", source);
    expect(await ask({})).toMatchObject(refusedFor("is outside the trusted folder"));
    expect(fs.existsSync(mark)).toBe(false);
    fs.rmSync(path.join(above, "node_modules"), { recursive: true });
  });
});
