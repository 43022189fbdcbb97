/**
 * The command line, in two forms: its program called in this process, which takes milliseconds; and bundled, in
 * processes of its own, as users have it. `npm run test:long` uses the second form for everything.
 */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import * as esbuild from "esbuild";
import { workIn } from "../../../src/cli/build.mjs";
import { called, columns } from "../../called.ts";
import { long } from "../../tier.mts";
import { madeOnce } from "../bundles.ts";

const require = createRequire(import.meta.url);

export interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Cli {
  /** A new folder with these files; returns its path. */
  folder(files: { readonly [name: string]: string | object }): string;
  /** Runs it; returns its output and exit code. */
  run(folder: string, ...args: readonly string[]): Promise<Result>;
  /** The same in this process in any case: for tests that change its language or its file system. */
  here(folder: string, ...args: readonly string[]): Promise<Result>;
  /** The same in processes of its own. */
  process(folder: string, ...args: readonly string[]): Promise<Result>;
  /** Its exit code and stderr if stdout is the file at `out`. */
  into(out: string, folder: string, ...args: readonly string[]): Promise<Result>;
  /** Starts it and sends SIGINT as soon as stderr matches. */
  interrupt(folder: string, when: RegExp, ...args: readonly string[]): Promise<Result>;
  /** Starts it and returns the process. */
  start(folder: string, ...args: readonly string[]): Promise<ChildProcess>;
  /**
   * Starts it, sends SIGINT after each of these milliseconds, and resolves to the exit code, as a shell reports it,
   * when the process and all of its children have ended.
   */
  stop(folder: string, after: readonly number[], ...args: readonly string[]): Promise<number | null>;
  /** Runs it with these options of Node's. */
  limited(options: string, folder: string, ...args: readonly string[]): Promise<Result>;
  dispose(): void;
}

export function openCli(): Cli {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-cli-"));
  const env = { ...process.env, COLUMNS: String(columns), NO_COLOR: "" };
  const finished = async (cwd: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Result> => {
    const script = await bundledCli();
    return new Promise((resolve) => {
      const options = { cwd, env: { ...env, ...more }, maxBuffer: 2 ** 28 };
      execFile(process.execPath, [script, ...args], options, (error, out, err) => {
        resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : null, out, err });
      });
    });
  };

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
    run: (cwd, ...args) => (long ? finished(cwd, args) : called(cwd, args)),
    here: (cwd, ...args) => called(cwd, args),
    process: (cwd, ...args) => finished(cwd, args),
    into: async (file, cwd, ...args) => {
      const script = await bundledCli();
      return new Promise((resolve) => {
        const out = fs.openSync(file, "w");
        const child = spawn(process.execPath, [script, ...args], { cwd, env, stdio: ["ignore", out, "pipe"] });
        fs.closeSync(out);
        let err = "";
        child.stderr?.on("data", (chunk) => {
          err += chunk;
        });
        child.on("close", (code) => resolve({ code, out: "", err }));
      });
    },
    interrupt: async (cwd, when, ...args) => {
      const script = await bundledCli();
      return new Promise((resolve) => {
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
      });
    },
    start: async (cwd, ...args) => {
      const script = await bundledCli();
      return spawn(process.execPath, [script, ...args], { cwd, env, stdio: "ignore" });
    },
    stop: async (cwd, after, ...args) => {
      const script = await bundledCli();
      return new Promise((resolve) => {
        const child = spawn(process.execPath, [script, ...args], { cwd, env });
        // All of its processes share these pipes, so "close" comes when the last one has ended.
        child.stdout.resume();
        child.stderr.resume();
        const timers = after.map((delay) => setTimeout(() => child.kill("SIGINT"), delay));
        child.on("close", (code, signal) => {
          timers.forEach(clearTimeout);
          // On a busy machine, an early interrupt can come before the handler is installed.
          resolve(signal === "SIGINT" ? 130 : code);
        });
      });
    },
    limited: (options, cwd, ...args) => finished(cwd, args, { NODE_OPTIONS: options }),
    dispose: () => fs.rmSync(root, { recursive: true, force: true }),
  };
}

/** The program's path. */
export async function bundledCli(): Promise<string> {
  const folder = await madeOnce("cli", async (making) => {
    const common: esbuild.BuildOptions = {
      outdir: making,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node18",
      external: ["@tensorflow/tfjs-node"],
      alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
      logLevel: "warning",
    };
    // In two files, as esbuild.mjs builds it.
    await Promise.all([
      esbuild.build({ ...common, entryPoints: { cli: "src/cli/main.ts" }, ...workIn("work.js") }),
      esbuild.build({ ...common, entryPoints: { work: "src/cli/work.ts" } }),
    ]);
    const wasm = path.join(path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist");
    for (const file of fs.readdirSync(wasm).filter((f) => f.endsWith(".wasm")))
      fs.copyFileSync(path.join(wasm, file), path.join(making, file));
  });
  return path.join(folder, "cli.js");
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
