/** Measures whether the fixes offered for the zoo's broken entries help. */

import { reseeded } from "../../src/diagnosis/verify/arms.ts";
import { systemClock } from "../../src/diagnosis/verify/clock.ts";
import { verifySeeds, verifySteps } from "../../src/diagnosis/verify/length.ts";
import type { Ran } from "../../src/diagnosis/verify/replicate.ts";
import { type ReplicateRequest, verify } from "../../src/diagnosis/verify/verify.ts";
import { recordedRun } from "../../src/engine/training/recordedRun.ts";
import type { Finding } from "../../src/protocol/finding.ts";
import type { BackendInfo } from "../../src/protocol/run.ts";
import { configPathOf } from "./dataFolder.ts";
import type { ZooEntry } from "./entry.ts";
import type { Result } from "./evaluate.ts";
import { modelOf } from "./runEntry.ts";
import { table } from "./tables/table.ts";

/**
 * Number of steps of each run for an entry that is known by construction: enough for the rules to warn, and for a fixed
 * net to leave its baseline.
 */
const trainedSteps = 300;

interface Broken {
  readonly entry: ZooEntry;
  readonly finding: Finding;
}

/**
 * An entry is broken if one of these codes is true of it and the rules report it. Nets that were frozen so that they
 * are known by construction are trained normally here; if training itself clears the finding, the entry is not counted.
 */
export async function verifyFixes(results: readonly Result[], backend: BackendInfo): Promise<string> {
  const broken = results.flatMap((result): readonly Broken[] => {
    const finding = result.findings.find(
      (f) => f.severity !== "information" && result.predictions.get(f.code)?.truth === true,
    );
    return finding ? [{ entry: thawed(result.entry), finding }] : [];
  });
  const rows: string[][] = [];
  const healed: string[] = [];
  let counted = 0;
  for (const [i, { entry, finding }] of broken.entries()) {
    process.stderr.write(`\r\u001b[2Kfixes ${i + 1} of ${broken.length}: ${entry.name}`);
    const row = await verifyOne(entry, finding, backend);
    if (row.clearing > 0) healed.push(entry.name);
    if (row.counted) counted++;
    rows.push([entry.name, finding.code, row.text, row.best]);
    process.stderr.write(`\r\u001b[2K${rows.at(-1)?.join(" · ")}\n`);
  }
  process.stderr.write("\r\u001b[2K");
  const share = ((100 * healed.length) / Math.max(1, counted)).toFixed(0);
  return [
    `Fixes of the broken entries: at least one is verified to clear the finding for ${healed.length} of ${counted} (${share} %)`,
    table(["", "finding", "clear it", "best"], rows),
  ].join("\n");
}

async function verifyOne(
  entry: ZooEntry,
  finding: Finding,
  backend: BackendInfo,
): Promise<{ readonly clearing: number; readonly counted: boolean; readonly text: string; readonly best: string }> {
  const model = modelOf(entry);
  const outcome = await verify(
    { configText: entry.config, model, finding, seeds: verifySeeds(model), steps: verifySteps(model), budget: null },
    { run: (request) => run(entry, request, backend), progress: () => {}, ...systemClock },
    new AbortController().signal,
  );
  if (outcome.kind !== "verified") return { clearing: 0, counted: true, text: outcome.kind, best: "" };
  const { fixes, present, seeds } = outcome.verification;
  const flagged = present.findings[finding.code] ?? 0;
  if (flagged * 2 <= seeds.length) return { clearing: 0, counted: false, text: "–", best: "training itself clears it" };
  const clearing = fixes.filter((f) => f.verdict === "better" && f.cleared * 2 > seeds.length);
  const best = clearing[0] ?? fixes[0];
  return {
    clearing: clearing.length,
    counted: true,
    text: `${clearing.length} of ${fixes.length}`,
    best: best ? `${best.fix.title}: ${best.verdict}, ${best.reason} (${best.measured})` : "no fix is offered",
  };
}

/** With tfjs's usual optimizer if the entry was frozen. */
function thawed(entry: ZooEntry): ZooEntry {
  if (!entry.frozen) return entry;
  const { training, ...config }: { training: object } = JSON.parse(entry.config);
  const optimizer = { type: "adam", learningRate: 0.001 };
  const text = JSON.stringify({ ...config, training: { ...training, optimizer, steps: trainedSteps } });
  return { ...entry, config: text, steps: trainedSteps };
}

function run(entry: ZooEntry, { model, seed, steps }: ReplicateRequest, backend: BackendInfo): Promise<Ran> {
  return recordedRun(
    {
      runId: "fix",
      kind: "train",
      model: reseeded(model, seed),
      configPath: configPathOf(entry),
      steps,
      budget: null,
    },
    { backend },
  );
}
