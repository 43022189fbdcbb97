/**
 * Whether what a verification says comes true: the fixes of a failing net are verified as a user would have it done, then
 * the net is trained to the end with each of them, from a seed that the verification has not seen.
 */

import { z } from "zod";
import { applyToText } from "../../src/config/applyEdits.ts";
import { reseeded } from "../../src/config/reseeded.ts";
import { systemClock } from "../../src/diagnosis/verify/clock.ts";
import { verifySeeds, verifySteps } from "../../src/diagnosis/verify/length.ts";
import { verify } from "../../src/diagnosis/verify/verify.ts";
import { recordedRun } from "../../src/engine/training/recordedRun.ts";
import type { BackendInfo } from "../../src/protocol/run.ts";
import { verdicts } from "../../src/protocol/verification.ts";
import { configPathOf } from "./dataFolder.ts";
import type { ZooEntry } from "./entry.ts";
import { kendallTau } from "./kendall.ts";
import { learnsAlone, outcomeOf } from "./outcome.ts";
import { modelOf, runEntry } from "./runEntry.ts";
import { table } from "./tables/table.ts";

/** No verification begins from it: its seeds are the config's own and the next ones. */
const freshSeed = 1001;

/** Share of the present model's loss below which a fix has clearly made a difference. */
const clearly = 0.9;

const trainedFixSchema = z.strictObject({
  title: z.string(),
  verdict: z.enum(verdicts),
  /** Loss as a share of its baseline at the end of full training; null: it diverged, or was refused. */
  lossShare: z.number().nullable(),
});

export const endToEndSchema = z.strictObject({
  /** Of what the fixes are; null: nothing was found that one could be for, or the net cannot be run. */
  code: z.string().nullable(),
  conclusion: z.string(),
  /** Of the net as it is. */
  lossShare: z.number().nullable(),
  /** In the order of their rank. */
  fixes: z.array(trainedFixSchema),
});
export type EndToEnd = z.infer<typeof endToEndSchema>;

export async function endToEnd(entry: ZooEntry, backend: BackendInfo): Promise<EndToEnd> {
  const model = modelOf(entry);
  const configPath = configPathOf(entry);
  const train = async (config: string): Promise<number | null> => {
    const spec = { kind: "train", seed: freshSeed, steps: entry.steps } as const;
    return outcomeOf(await runEntry({ name: entry.name, config, files: entry.files }, spec, backend), freshSeed)
      .lossShare;
  };
  const outcome = await verify(
    {
      configText: entry.config,
      model,
      finding: null,
      seeds: verifySeeds(model),
      steps: verifySteps(model),
      budget: null,
    },
    {
      run: ({ model: arm, seed, steps }) =>
        recordedRun(
          { runId: "fix", kind: "train", model: reseeded(arm, seed), configPath, steps, budget: null },
          { backend },
        ),
      progress: () => {},
      ...systemClock,
    },
    new AbortController().signal,
  );
  if (outcome.kind !== "verified")
    return { code: null, conclusion: outcome.kind, lossShare: await train(entry.config), fixes: [] };
  const { code, fixes, conclusion } = outcome.verification;
  const trained: EndToEnd["fixes"] = [];
  for (const { fix, verdict } of fixes)
    trained.push({ title: fix.title, verdict, lossShare: await train(applyToText(entry.config, fix.edits)) });
  return { code, conclusion: conclusion.headline, lossShare: await train(entry.config), fixes: trained };
}

/** Whether the net as it is fails, and so has something that a fix can show. */
export function fails({ lossShare }: EndToEnd): boolean {
  return !learnsAlone(lossShare);
}

/** Whether the fix ranked first learns the task, and clearly better than the net as it is. */
export function firstLearns({ lossShare: without, fixes: [first] }: EndToEnd): boolean {
  if (first === undefined || first.lossShare === null || !learnsAlone(first.lossShare)) return false;
  return without === null || first.lossShare < clearly * without;
}

/** Share of the baseline below which a task is learnt, whatever the rest. */
const solved = 0.02;

/**
 * Of a fix's rank and its loss at the end of full training; NaN where all end alike.
 * @param alike shares of the baseline up to which losses count as the same: which of two nets that have learnt their task
 *   ends at 0.001 and which at 0.003 is a matter of the seed.
 */
export function rankCorrelation({ fixes }: EndToEnd, alike = 0): number {
  return kendallTau(fixes.map(({ lossShare }, rank) => [rank, Math.max(alike, lossShare ?? Number.POSITIVE_INFINITY)]));
}

export function endToEndReport(results: readonly (readonly [ZooEntry, EndToEnd])[]): string {
  const failing = results.filter(([, result]) => fails(result));
  const right = failing.filter(([, result]) => firstLearns(result));
  const mean = (alike: number): string => {
    const taus = failing.map(([, result]) => rankCorrelation(result, alike)).filter((tau) => !Number.isNaN(tau));
    return `${(taus.reduce((sum, tau) => sum + tau, 0) / taus.length).toFixed(2)}, mean of ${taus.length} nets`;
  };
  const better = failing.flatMap(([, { fixes }]) => fixes.filter(({ verdict }) => verdict === "better"));
  const kept = better.filter(({ lossShare }) => learnsAlone(lossShare));
  return [
    "Verified fixes, trained to the end from a fresh seed:",
    `  the fix ranked first learns: ${right.length} of ${failing.length} failing nets`,
    `  Kendall's τ of rank and loss at the end: ${mean(0)}`,
    `  likewise, losses below ${solved} of the baseline taken for the same: ${mean(solved)}`,
    `  fixes called better that learn: ${kept.length} of ${better.length}`,
    table(
      ["", "finding", "conclusion", "first fix", "verdict", "loss/baseline", "without", "τ", "fixes"],
      results.map(([entry, result]) => {
        const [first] = result.fixes;
        return [
          entry.name,
          result.code ?? "–",
          result.conclusion,
          first?.title ?? "–",
          first?.verdict ?? "–",
          first ? shareText(first.lossShare) : "–",
          shareText(result.lossShare),
          rankCorrelation(result).toFixed(2),
          result.fixes.map(({ lossShare }) => shareText(lossShare)).join(" "),
        ];
      }),
    ),
  ].join("\n");
}

function shareText(share: number | null): string {
  return share === null ? "∞" : String(share);
}
