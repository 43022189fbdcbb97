/**
 * Checks whether a verification's verdicts come true: the fixes of a failing net are verified as a user would do it,
 * then the net is trained to the end with each of them, with seeds that the verification has not used.
 */

import { z } from "zod";
import { applyToText } from "../../src/config/applyEdits.ts";
import { reseeded } from "../../src/diagnosis/verify/arms.ts";
import { systemClock } from "../../src/diagnosis/verify/clock.ts";
import { verifySeeds, verifySteps } from "../../src/diagnosis/verify/length.ts";
import { verify } from "../../src/diagnosis/verify/verify.ts";
import { recordedRun } from "../../src/engine/training/recordedRun.ts";
import type { BackendInfo } from "../../src/protocol/run.ts";
import { verdicts } from "../../src/protocol/verification.ts";
import { configPathOf } from "./dataFolder.ts";
import type { ZooEntry } from "./entry.ts";
import { outcomeOf } from "./outcome.ts";
import { modelOf, runEntry } from "./runEntry.ts";
import type { RunStore } from "./runStore.ts";

/** No verification uses these: its seeds are the config's own and the next ones. */
const freshSeeds: readonly number[] = [1001, 1002];

/** Losses as shares of their baselines at the end of full training, by seed; null: diverged or refused. */
const lossSharesSchema = z.array(z.number().nullable()).min(1);
export type LossShares = z.infer<typeof lossSharesSchema>;

const trainedFixSchema = z.strictObject({
  title: z.string(),
  verdict: z.enum(verdicts),
  lossShares: lossSharesSchema,
});

export const endToEndSchema = z.strictObject({
  /** Code of the finding that the fixes are for; null: there is no such finding, or the net cannot be run. */
  code: z.string().nullable(),
  conclusion: z.string(),
  /** Losses of the unchanged net. */
  lossShares: lossSharesSchema,
  /** In the order of their rank. */
  fixes: z.array(trainedFixSchema),
});
export type EndToEnd = z.infer<typeof endToEndSchema>;

export async function endToEnd(entry: ZooEntry, backend: BackendInfo, store: RunStore): Promise<EndToEnd> {
  const model = modelOf(entry);
  const configPath = configPathOf(entry);
  const train = async (config: string): Promise<LossShares> => {
    const asked = { name: entry.name, config, files: entry.files };
    const shares: LossShares = [];
    for (const seed of freshSeeds) {
      const made = { entry: entry.name, model: reseeded(modelOf(asked), seed), steps: entry.steps };
      const make = async (): Promise<number | null> =>
        outcomeOf(await runEntry(asked, { kind: "train", seed, steps: entry.steps }, backend), seed).lossShare;
      shares.push(await store.lossShare(made, make));
    }
    return shares;
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
      run: ({ model: arm, seed, steps }) => {
        const made = { entry: entry.name, model: reseeded(arm, seed), steps };
        return store.run(made, () =>
          recordedRun({ runId: "fix", kind: "train", model: made.model, configPath, steps, budget: null }, { backend }),
        );
      },
      progress: () => {},
      ...systemClock,
    },
    new AbortController().signal,
  );
  if (outcome.kind !== "verified")
    return { code: null, conclusion: outcome.kind, lossShares: await train(entry.config), fixes: [] };
  const { code, fixes, conclusion } = outcome.verification;
  const trained: EndToEnd["fixes"] = [];
  for (const { fix, verdict } of fixes)
    trained.push({ title: fix.title, verdict, lossShares: await train(applyToText(entry.config, fix.edits)) });
  return { code, conclusion: conclusion.headline, lossShares: await train(entry.config), fixes: trained };
}
