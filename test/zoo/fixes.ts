/** Whether what is offered for the zoo's broken entries is measured to help. */

import path from "node:path";
import { reseeded } from "../../src/config/reseeded.ts";
import { verifySeeds, verifySteps } from "../../src/diagnosis/verify/length.ts";
import type { Ran } from "../../src/diagnosis/verify/replicate.ts";
import { type ReplicateRequest, verify } from "../../src/diagnosis/verify/verify.ts";
import { runModel } from "../../src/engine/training/runModel.ts";
import { createHistory, type RunHistory } from "../../src/protocol/history.ts";
import type { BackendInfo } from "../../src/protocol/run.ts";
import type { Result } from "./evaluate.ts";
import { table } from "./report.ts";
import { modelOf } from "./runEntry.ts";

/** An entry is broken where one of these is true of it and the rules say so. */
export async function verifyFixes(results: readonly Result[], backend: BackendInfo): Promise<string> {
  const broken = results.flatMap((result) => {
    const finding = result.findings.find(
      (f) => f.severity !== "information" && result.verdicts.get(f.code)?.truth === true,
    );
    return finding ? [{ entry: result.entry, finding }] : [];
  });
  const rows: string[][] = [];
  let cleared = 0;
  for (const [i, { entry, finding }] of broken.entries()) {
    process.stderr.write(`\r\u001b[2Kfixes ${i + 1} of ${broken.length}: ${entry.name}`);
    const model = modelOf(entry);
    const outcome = await verify(
      { configText: entry.config, model, finding, seeds: verifySeeds(model), steps: verifySteps(model), budget: null },
      { run: (request) => run(request, backend), progress: () => {}, now: () => performance.now() },
      new AbortController().signal,
    );
    const fixes = outcome.kind === "verified" ? outcome.verification.fixes : [];
    const heals = fixes.filter((f) => f.cleared > 0 && f.verdict === "better");
    if (heals.length > 0) cleared++;
    const best = heals[0] ?? fixes[0];
    rows.push([
      entry.name,
      finding.code,
      `${heals.length} of ${fixes.length}`,
      best ? `${best.fix.title}: ${best.verdict}, ${best.measured}` : outcome.kind,
    ]);
  }
  process.stderr.write("\r\u001b[2K");
  const share = ((100 * cleared) / Math.max(1, broken.length)).toFixed(0);
  return `Fixes of the broken entries: at least one clears the finding of ${cleared} of ${broken.length} (${share} %)\n${table(
    ["", "finding", "clear it", "best"],
    rows,
  )}`;
}

async function run({ model, seed, steps }: ReplicateRequest, backend: BackendInfo): Promise<Ran> {
  let history: RunHistory | null = null;
  const end = await runModel(
    {
      runId: "fix",
      kind: "train",
      model: reseeded(model, seed),
      configPath: path.resolve("gradlens.json"),
      steps,
      budget: null,
    },
    {
      started: (info) => {
        history = createHistory(info);
      },
      step: (frame) => {
        history?.append(frame);
      },
    },
    new AbortController().signal,
    { backend },
  );
  return { end, history };
}
