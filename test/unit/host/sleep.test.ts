/** The computer sleeps during a run: host and engine stand still together, and the host wakes first. */

import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { bundledEngine } from "../bundles.ts";

const built = path.resolve(".cache", `sleep-${process.pid}`);
const top = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-sleep-"));
const host = path.join(built, "host.cjs");

const config = JSON.stringify({
  data: { task: "addingProblem", length: 8, samples: 64 },
  training: { batchSize: 8, steps: 100_000_000 },
  models: {
    m: {
      layers: [
        { type: "simpleRNN", units: 2 },
        { type: "dense", units: 1 },
      ],
    },
  },
});

/** Milliseconds without a sign after which the engine counts as hung, once the run goes. */
const limit = 1500;

beforeAll(async () => {
  const engine = await bundledEngine();
  await esbuild.build({
    stdin: {
      contents: `
        import { parseConfig } from "./src/config/parse.ts";
        import { noInspection } from "./src/host/runs/inspection.ts";
        import { RunService } from "./src/host/runs/runService.ts";
        let responseTimeout = 600_000;
        const runs = new RunService({
          engine: {
            enginePath: ${JSON.stringify(engine)},
            env: () => ({ GRADLENS_BACKEND: "cpu" }),
            idleTimeout: () => 60_000,
            responseTimeout: () => responseTimeout,
            cancelGrace: 3000,
            hearGrace: 3000,
            inspect: noInspection,
            log: () => {},
          },
          probeBudget: () => 1000,
          keep: () => 10,
        });
        const configText = ${JSON.stringify(config)};
        const configPath = ${JSON.stringify(path.join(top, "gradlens.json"))};
        const [model] = parseConfig(configText).config.models;
        const run = runs.start("train", { uri: "file://" + configPath, configPath, configText, model }, "user");
        setInterval(() => {
          const step = run.history?.lastStep ?? 0;
          if (step > 0) responseTimeout = ${limit};
          console.log(JSON.stringify({ state: run.state, end: run.end, step, engines: runs.enginePids }));
        }, 50);`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    outfile: host,
    logLevel: "error",
  });
});
afterAll(() => {
  fs.rmSync(built, { recursive: true });
  fs.rmSync(top, { recursive: true });
});

const lineSchema = z.object({ state: z.string(), end: z.unknown(), step: z.number(), engines: z.array(z.number()) });
type Line = z.infer<typeof lineSchema>;

/** The newest line that the host has printed. */
function listen(child: ChildProcess): () => Line | null {
  let newest: Line | null = null;
  if (child.stdout)
    readline.createInterface(child.stdout).on("line", (text) => {
      newest = lineSchema.parse(JSON.parse(text));
    });
  return () => newest;
}

describe.runIf(process.platform !== "win32")("a computer that sleeps during a training", () => {
  it("goes on with it afterwards, however long it has slept", { tags: "thorough" }, async () => {
    const child = spawn(process.execPath, [host], { stdio: ["ignore", "pipe", "inherit"] });
    const newest = listen(child);
    let engine: number | undefined;
    try {
      await expect.poll(() => newest()?.step).toBeGreaterThan(0);
      engine = newest()?.engines[0];
      if (engine === undefined) throw new Error("no engine runs");
      for (const pid of [engine, child.pid ?? 0]) process.kill(pid, "SIGSTOP");
      await pause(2.5 * limit);
      const before = newest()?.step ?? 0;
      process.kill(child.pid ?? 0, "SIGCONT");
      await pause(limit / 5);
      process.kill(engine, "SIGCONT");
      await expect.poll(() => newest()?.step).toBeGreaterThan(before + 100);
      expect(newest()).toMatchObject({ state: "running", end: null, engines: [engine] });
    } finally {
      child.kill("SIGKILL");
      if (engine !== undefined) await expect.poll(() => exists(engine)).toBe(false);
    }
  });
});

function exists(pid: number | undefined): boolean {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
}
