/**
 * Tests that a training run killed at any moment leaves a complete checkpoint and a folder that the next run may use.
 */

import fs from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { budget } from "../../budget.ts";
import { dense, openCli, rnn, tiny } from "./cli.ts";

const cli = openCli();
afterAll(() => cli.dispose());

it("leaves a checkpoint to resume from, and no lock to wait for", { tags: "thorough" }, async () => {
  const config = (steps: number) =>
    tiny({ m: [rnn, dense] }, { training: { batchSize: 8, steps, checkpoint: { folder: "kept", every: 1 } } });
  const folder = cli.folder({ "gradlens.json": config(1_000_000) });
  const last = path.join(folder, "kept/m/last");
  const step = (): number =>
    JSON.parse(fs.readFileSync(path.join(last, "model.json"), "utf8")).userDefinedMetadata.gradlens.resume.step;
  let reached = 0;
  for (let kill = 0; kill < budget(2, 8); kill++) {
    const run = await cli.start(folder, "train", "--out", "runs", ...(kill > 0 ? ["--resume"] : []));
    const gone = new Promise((resolve) => run.once("close", resolve));
    while (!fs.existsSync(path.join(last, "model.json")) || step() <= reached) await setTimeout(20);
    // The kill may come between any two files of a checkpoint.
    await setTimeout(budget(14, 7) * kill);
    run.kill("SIGKILL");
    await gone;
    // Each run resumed where the one before it was killed.
    expect(step()).toBeGreaterThan(reached);
    reached = step();
  }
  fs.writeFileSync(path.join(folder, "gradlens.json"), JSON.stringify(config(reached + 3)));
  const { code, err } = await cli.process(folder, "train", "--resume", "--out", "runs");
  expect({ code, err: err.includes("another run") }).toEqual({ code: 0, err: false });
  const end = reached + 3;
  expect(fs.readdirSync(last).sort()).toEqual(["model.json", `optimizer-${end}.bin`, `weights-${end}.bin`]);
  expect(fs.readdirSync(path.dirname(last)).sort()).toEqual(["best", "last"]);
  expect(fs.readdirSync(path.join(folder, "runs/m")).filter((name) => name.startsWith("."))).toEqual([]);
});
