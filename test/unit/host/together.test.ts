/** A probe, a training and a verification at the same time, each in the real engine. */

import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";
import type { RunTarget } from "../../../src/host/runs/run.ts";
import { RunService } from "../../../src/host/runs/runService.ts";
import { VerificationService } from "../../../src/host/verify/verificationService.ts";
import { bundledEngine } from "../bundles.ts";
import { ended, scriptedEngine } from "./runHarness.ts";

function target(steps: number): RunTarget {
  const configPath = "/project/gradlens.json";
  const layers = [
    { type: "simpleRNN", units: 8, activation: "sigmoid" },
    { type: "dense", units: 1 },
  ];
  const configText = JSON.stringify({
    data: { task: "addingProblem", length: 30, samples: 64 },
    training: { batchSize: 8, steps },
    models: { m: { layers } },
  });
  const model = parseConfig(configText).config?.models[0];
  if (!model) throw new Error("the config has no model");
  return { uri: `file://${configPath}`, configPath, configText, model };
}

describe("a probe and a training during a verification", () => {
  it("take their time, and each has its own figures", { tags: "thorough" }, async () => {
    const enginePath = await bundledEngine();
    const engine = { ...scriptedEngine, enginePath, env: () => ({ GRADLENS_BACKEND: "cpu" }) };
    const runs = new RunService({ engine, probeBudget: () => 500, keep: () => 20 });
    const verifications = new VerificationService({ engine, budget: () => 600_000 });
    try {
      const probe = await ended(runs, runs.start("probe", target(200), "user"));
      const alone = probe.findings.map(({ code }) => code);
      expect(alone).toContain("vanishing-through-time");
      const going = verifications.start(target(3000), probe.findings[0] ?? null);
      const job = () => verifications.of(probe.uri, "m");
      await expect.poll(() => job()?.done).toBeGreaterThan(0);
      for (let i = 0; i < 3; i++) {
        const again = await ended(runs, runs.start("probe", target(200), "editor"));
        expect(again.end).toEqual({ kind: "budget" });
        expect(again.findings.map(({ code }) => code)).toContain("vanishing-through-time");
        const trained = await ended(runs, runs.start("train", target(20), "user"));
        expect(trained.end).toEqual({ kind: "completed" });
        expect(trained.history?.lastStep).toBe(20);
      }
      expect(job()?.outcome).toBeNull();
      const done = job()?.done ?? 0;
      await expect.poll(() => job()?.done).toBeGreaterThan(done);
      verifications.stop(probe.uri, "m");
      expect((await going).outcome).not.toMatchObject({ ran: { end: { kind: "failed" } } });
    } finally {
      verifications.dispose();
      runs.dispose();
    }
  });
});
