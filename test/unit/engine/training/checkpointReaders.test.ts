/** A reader of a checkpoint that runs are writing always finds a complete one, for any number of runs. */

import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import type { ResolvedModel } from "../../../../src/config/resolved.ts";
import { budget } from "../../../budget.ts";
import { useBackend } from "../instrument/backends.ts";
import { entries, resolved, run } from "./support.ts";

let folder = "";
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-readers-"));
  await useBackend("cpu");
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/**
 * Checks until its standard input ends: while model.json does not change, the files that it names must exist and be
 * complete.
 */
const reader = `
  const fs = require("node:fs"), path = require("node:path");
  const folder = process.argv[1], file = path.join(folder, "model.json");
  let going = true, looks = 0, broken = [];
  process.stdin.on("end", () => { going = false; }).resume();
  const text = () => { try { return fs.readFileSync(file, "utf8"); } catch { return null; } };
  const look = () => {
    const before = text();
    if (before !== null) {
      looks++;
      const json = JSON.parse(before);
      const [{ paths, weights }] = json.weightsManifest;
      const floats = (shapes) => 4 * shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
      const { resume } = json.userDefinedMetadata.gradlens;
      const sizes = { [paths[0]]: floats(weights.map((w) => w.shape)) };
      if (resume) sizes[resume.optimizer.file] = floats(resume.optimizer.slots.flat().map((n) => [n]));
      for (const [name, size] of Object.entries(sizes)) {
        const found = fs.statSync(path.join(folder, name), { throwIfNoEntry: false })?.size;
        if (found !== size && text() === before) broken.push(name + " " + found);
      }
    }
    if (going) setImmediate(look);
    else process.stdout.write(JSON.stringify({ looks, broken }));
  };
  look();`;

const answer = z.object({ looks: z.number(), broken: z.array(z.string()) });

function readWhile(at: string): () => Promise<z.infer<typeof answer>> {
  const child = spawn(process.execPath, ["-e", reader, at], { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (data) => {
    said += data;
  });
  const over = new Promise((resolve) => child.once("close", resolve));
  return async () => {
    child.stdin.end();
    await over;
    return answer.parse(JSON.parse(said));
  };
}

it("is complete at every check, while one run writes and another one wants to", { tags: "thorough" }, async () => {
  const base = resolved(
    entries([
      ["lstm", { units: 3 }],
      ["dense", { units: 1 }],
    ]),
  );
  const steps = budget(30, 200);
  const checkpoint = { folder: "kept", keep: "last", every: 1, path: ["training", "checkpoint"] } as const;
  const endless = { steps: 1_000_000 };
  const model: ResolvedModel = { ...base, training: { ...base.training, length: endless, checkpoint } };
  const request = { configPath: path.join(folder, "gradlens.json"), checkpoints: "write" } as const;
  const last = path.join(folder, "kept/m/last");
  const stop = readWhile(last);
  // The first run goes on until the second one, begun in the middle of it, has its answer.
  const ending = new AbortController();
  let second: string | null = null;
  const first = await run(model, request, {
    signal: ending.signal,
    onStep: ({ seq }) => {
      if (seq === 3)
        void run(model, request).then(({ outcome }) => {
          second = outcome.kind;
        });
      if (second !== null && seq > steps) ending.abort();
    },
  });
  const { looks, broken } = await stop();
  expect([first.outcome.kind, second]).toEqual(["cancelled", "refused"]);
  expect(broken).toEqual([]);
  expect(looks).toBeGreaterThan(0);
  const kept = fs.readdirSync(last).sort();
  const step = /^optimizer-(\d+)\.bin$/.exec(kept[1] ?? "")?.[1];
  expect(kept).toEqual(["model.json", `optimizer-${step}.bin`, `weights-${step}.bin`]);
});
