/** Files of the extension are missing: one clear message each, and everything works once they are there again. */

import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import * as esbuild from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { parseConfig } from "../../../src/config/parse.ts";
import type { RunTarget } from "../../../src/host/runs/run.ts";
import { RunService } from "../../../src/host/runs/runService.ts";
import { bundledEngine } from "../bundles.ts";
import { ended, scriptedEngine } from "./runHarness.ts";

const built = path.resolve(".cache", `missing-parts-${process.pid}`);
const engine = path.join(built, "engine.cjs");
const top = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-missing-"));

beforeAll(async () => {
  fs.mkdirSync(built, { recursive: true });
  fs.copyFileSync(await bundledEngine(), path.join(built, "whole.cjs"));
});
afterAll(() => {
  fs.rmSync(built, { recursive: true });
  fs.rmSync(top, { recursive: true });
});

const opened: { dispose(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.dispose();
});

/** @param env of the engine, beside the usual one */
function service(env: { readonly [name: string]: string }): RunService {
  const runs = new RunService({
    engine: { ...scriptedEngine, enginePath: engine, env: () => ({ GRADLENS_BACKEND: "cpu", ...env }) },
    probeBudget: () => 60_000,
    keep: () => 10,
  });
  opened.push(runs);
  return runs;
}

function target(): RunTarget {
  const configPath = path.join(top, "gradlens.json");
  const rows = Array.from({ length: 40 }, (_, i) => `${Math.sin(i)},${i % 5}`);
  fs.writeFileSync(path.join(top, "t.csv"), ["a,b", ...rows].join("\n"));
  const layers = [
    { type: "simpleRNN", units: 2 },
    { type: "dense", units: 1 },
  ];
  const configText = JSON.stringify({
    data: { file: "t.csv", inputs: ["a"], targets: ["b"], window: 4 },
    training: { batchSize: 8, steps: 2 },
    models: { m: { layers } },
  });
  const model = parseConfig(configText).config?.models[0];
  if (!model) throw new Error("the config has no model");
  return { uri: `file://${configPath}`, configPath, configText, model };
}

const saidSchema = z.object({ found: z.number().nullable(), cards: z.number(), logged: z.array(z.string()) });

describe("a missing file", () => {
  it("of the engine, or of the thread that reads data, ends a run with the reason, and the next run works", {
    tags: "thorough",
  }, async () => {
    const parts = path.join(built, "parts");
    const runs = service({ GRADLENS_READER: parts });
    fs.rmSync(engine, { force: true });
    const failed = await ended(runs, runs.start("train", target(), "user"));
    expect(failed.end).toMatchObject({
      kind: "failed",
      message: expect.stringMatching(/Cannot find module.*engine\.cjs/),
    });
    fs.copyFileSync(path.join(built, "whole.cjs"), engine);
    const unread = await ended(runs, runs.start("train", target(), "user"));
    expect(unread.end).toMatchObject({ kind: "failed", message: expect.stringContaining("reader.js is missing") });
    fs.cpSync(process.env["GRADLENS_READER"] ?? "", parts, { recursive: true });
    expect((await ended(runs, runs.start("train", target(), "user"))).end).toEqual({ kind: "completed" });
  });

  it("of the thread that reads runs hides their figures only, and is reported", { tags: "thorough" }, async () => {
    const script = path.join(built, "window.cjs");
    await esbuild.build({
      stdin: {
        contents: `
          import { noInspection } from "./src/host/runs/inspection.ts";
          import { RunService } from "./src/host/runs/runService.ts";
          import { RunStore } from "./src/host/store/runStore.ts";
          import { VerificationService } from "./src/host/verify/verificationService.ts";
          const engine = { enginePath: "", env: () => ({}), idleTimeout: () => 0, responseTimeout: () => 1, cancelGrace: 1, hearGrace: 1, inspect: noInspection, log: () => {} };
          const runs = new RunService({ engine, probeBudget: () => 1, keep: () => 1 });
          const logged = [];
          const kept = new RunStore({ root: () => process.argv[2], limits: () => ({ bytes: 1e9, age: 1e12 }), keep: () => 10, uriOf: (p) => p, log: (_, text) => logged.push(text) }, runs, new VerificationService({ engine, budget: () => 1 }));
          void (async () => {
            await kept.restore();
            const found = await kept.load("train-1-1");
            const cards = kept.index.entries.length;
            kept.dispose();
            console.log(JSON.stringify({ found: found?.history?.lastStep ?? null, cards, logged }));
          })();`,
        resolveDir: process.cwd(),
      },
      bundle: true,
      platform: "node",
      format: "cjs",
      alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
      outfile: script,
      logLevel: "error",
    });
    const root = path.join(top, "runs");
    fs.mkdirSync(path.join(root, "train-1-1"), { recursive: true });
    fs.copyFileSync(
      "test/fixtures/tensorboard/one-process.tfevents",
      path.join(root, "train-1-1/events.out.tfevents.1.gradlens"),
    );
    const said = async (reader: string) => {
      const env = { ...process.env, GRADLENS_READER: reader };
      return saidSchema.parse(
        JSON.parse((await promisify(execFile)(process.execPath, [script, root], { env })).stdout),
      );
    };
    const without = await said(built);
    expect(without).toMatchObject({ found: null });
    expect(without.logged.length).toBeGreaterThan(0);
    expect(
      without.logged.filter((line) => !line.endsWith("The file runs.js is missing beside the extension.")),
    ).toEqual([]);
    const again = await said(process.env["GRADLENS_READER"] ?? "");
    expect(again).toMatchObject({ cards: 1, logged: [] });
    expect(again.found).toBeGreaterThan(0);
  });
});
