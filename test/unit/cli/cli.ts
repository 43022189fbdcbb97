/** The command line as users have it: bundled, in a process of its own. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import * as esbuild from "esbuild";
import { long } from "../../budget.ts";

/** What the process that hears signals sets for the other one, where stderr is no terminal. */
const unsupervisedEnv = { GRADLENS_SUPERVISED: "0" };

const require = createRequire(import.meta.url);

export interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Cli {
  /** A new folder with these files; returns its path. */
  folder(files: { readonly [name: string]: string | object }): string;
  run(folder: string, ...args: readonly string[]): Promise<Result>;
  /** Its exit code and stderr when stdout is the file at `out`. */
  into(out: string, folder: string, ...args: readonly string[]): Promise<Result>;
  /** Starts it and sends SIGINT as soon as stderr matches. */
  interrupt(folder: string, when: RegExp, ...args: readonly string[]): Promise<Result>;
  /** Starts it and leaves it to the caller. */
  start(folder: string, ...args: readonly string[]): ChildProcess;
  /**
   * Starts it, sends SIGINT after each of these milliseconds, and resolves to the exit code as a shell names it when the
   * process and all of its children have ended.
   */
  stop(folder: string, after: readonly number[], ...args: readonly string[]): Promise<number | null>;
  /** Runs it with these options of Node's. */
  limited(options: string, folder: string, ...args: readonly string[]): Promise<Result>;
  dispose(): void;
}

export async function buildCli(): Promise<Cli> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-cli-"));
  const script = path.join(root, "dist", "cli.js");
  await esbuild.build({
    entryPoints: ["src/cli/main.ts"],
    outfile: script,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node18",
    external: ["@tensorflow/tfjs-node"],
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    logLevel: "warning",
  });
  const wasm = path.join(path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist");
  for (const file of fs.readdirSync(wasm).filter((f) => f.endsWith(".wasm")))
    fs.copyFileSync(path.join(wasm, file), path.join(root, "dist", file));
  const env = { ...process.env, COLUMNS: "100", NO_COLOR: "" };
  // The process that works, without the one that hears signals, which takes as long to start.
  const alone = long ? env : { ...env, ...unsupervisedEnv };

  return {
    folder(files) {
      const folder = fs.mkdtempSync(path.join(root, "case-"));
      for (const [name, content] of Object.entries(files)) {
        const text = typeof content === "string" ? content : JSON.stringify(content, null, 1);
        fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        fs.writeFileSync(path.join(folder, name), text);
      }
      return folder;
    },
    run: (cwd, ...args) =>
      new Promise((resolve) => {
        execFile(process.execPath, [script, ...args], { cwd, env: alone, maxBuffer: 2 ** 26 }, (error, out, err) => {
          const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
          resolve({ code, out, err });
        });
      }),
    into: (file, cwd, ...args) =>
      new Promise((resolve) => {
        const out = fs.openSync(file, "w");
        const child = spawn(process.execPath, [script, ...args], { cwd, env, stdio: ["ignore", out, "pipe"] });
        fs.closeSync(out);
        let err = "";
        child.stderr?.on("data", (chunk) => {
          err += chunk;
        });
        child.on("close", (code) => resolve({ code, out: "", err }));
      }),
    interrupt: (cwd, when, ...args) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [script, ...args], { cwd, env });
        let out = "";
        let err = "";
        child.stdout.on("data", (chunk) => {
          out += chunk;
        });
        child.stderr.on("data", (chunk) => {
          const before = when.test(err);
          err += chunk;
          if (!before && when.test(err)) setTimeout(() => child.kill("SIGINT"), 300);
        });
        child.on("close", (code) => resolve({ code, out, err }));
      }),
    start: (cwd, ...args) => spawn(process.execPath, [script, ...args], { cwd, env, stdio: "ignore" }),
    stop: (cwd, after, ...args) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [script, ...args], { cwd, env });
        // All of its processes share these pipes: "close" comes when the last one has ended.
        child.stdout.resume();
        child.stderr.resume();
        const timers = after.map((delay) => setTimeout(() => child.kill("SIGINT"), delay));
        child.on("close", (code, signal) => {
          timers.forEach(clearTimeout);
          // On a busy machine an early interrupt comes before there is a handler.
          resolve(signal === "SIGINT" ? 130 : code);
        });
      }),
    limited: (options, cwd, ...args) =>
      new Promise((resolve) => {
        const limits = { cwd, env: { ...env, NODE_OPTIONS: options }, maxBuffer: 2 ** 28 };
        execFile(process.execPath, [script, ...args], limits, (error, out, err) => {
          resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : null, out, err });
        });
      }),
    dispose: () => fs.rmSync(root, { recursive: true, force: true }),
  };
}

/** A config of tiny models on the adding problem, T = 5. */
export function tiny(models: { readonly [name: string]: readonly object[] }, more: object = {}): object {
  return {
    data: { task: "addingProblem", length: 5, samples: 64 },
    training: { batchSize: 16, steps: 4 },
    models: Object.fromEntries(Object.entries(models).map(([name, layers]) => [name, { layers }])),
    ...more,
  };
}

export const dense = { type: "dense", units: 1 };
export const rnn = { type: "simpleRNN", units: 4 };
