/**
 * Runs a model beside its candidate fixes, each from the same seeds, and says which of them help.
 *
 * Every fix is first run from one seed, then the best from the others, so that the most promising have a verdict when
 * time is up. If none helps yet and some have not had the time to, they are run for longer. If none suffices by itself,
 * the best are tried together. Fixes that the seeds did not decide get more of them. The order, the seeds and the
 * number of steps are fixed: the same request on the same backend gives the same answer, unless a budget shortens or
 * ends the runs.
 */

import type { ResolvedModel } from "../../config/resolved.ts";
import { verificationWords } from "../../messages/verification.ts";
import type { RunEnd } from "../../protocol/engineMessages.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { Verification } from "../../protocol/verification.ts";
import { diagnose } from "../diagnose.ts";
import { armsOf, single } from "./arms.ts";
import { Bench, type TimedRun, type VerifyMeans } from "./bench.ts";
import { fittingSteps, trialTime, wholeRun } from "./budget.ts";
import { candidatesFor, partnersFor, targetOf } from "./candidates.ts";
import { Comparison } from "./comparison.ts";
import { conclude } from "./conclusion.ts";
import { armFigures } from "./figures.ts";
import { trainingSteps } from "./lossProgress.ts";
import { fixesOf, verifyRefused } from "./refused.ts";
import { type Ran, recurrentOrdinal } from "./replicate.ts";

export type { ReplicateRequest, VerifyMeans } from "./bench.ts";

export interface VerifyRequest {
  readonly configText: string;
  readonly model: ResolvedModel;
  /** Null for the gravest finding of the present model's first run. */
  readonly finding: Finding | null;
  readonly seeds: readonly number[];
  readonly steps: number;
  /** Milliseconds it may take; a run still going then is ended and not counted. Null without a limit. */
  readonly budget: number | null;
}

export type VerifyOutcome =
  | { readonly kind: "verified"; readonly verification: Verification }
  /** No finding has a fix to verify. */
  | { readonly kind: "sound"; readonly findings: readonly Finding[] }
  /** The present model itself cannot be run. */
  | { readonly kind: "ended"; readonly ran: Ran }
  | { readonly kind: "cancelled" };

export async function verify(request: VerifyRequest, means: VerifyMeans, signal: AbortSignal): Promise<VerifyOutcome> {
  const { configText, model, seeds, steps, budget } = request;
  const bench = new Bench(request, means, signal);
  const first = await bench.trial(trialTime(budget));
  if (signal.aborted) return { kind: "cancelled" };
  if (first.end.kind === "refused" && fixesOf(first.end.problems).length > 0) {
    const verification = await verifyRefused({ configText, model: model.name, seeds }, bench, first.end.problems);
    const nothing = signal.aborted && verification.fixes.every(({ figures }) => figures.runs === 0);
    return nothing ? { kind: "cancelled" } : { kind: "verified", verification };
  }
  if (first.history === null || first.end.kind === "failed") return ended(first);
  if (first.cut && first.history.lastStep === 0)
    return ended({ history: null, end: { kind: "failed", message: verificationWords().noTimeForStep } });
  const found = diagnose(first.history, model);
  const finding = request.finding ?? targetOf(found);
  if (!finding) return { kind: "sound", findings: found };

  const { arms, impossible } = armsOf(configText, model.name, candidatesFor(finding, found).map(single));
  bench.steps = fittingSteps(
    steps,
    budget,
    wholeRun(first.history, bench.elapsed, steps),
    seeds.length * (arms.length + 1),
  );
  const reference = await referenceRun(bench, first, steps);
  if (signal.aborted) return { kind: "cancelled" };
  if (reference.history === null) return ended(reference);
  bench.ordinal = recurrentOrdinal(reference.history, finding.layer);
  bench.begin({ history: reference.history, end: reference.end });
  bench.add(arms);

  const planned = trainingSteps(reference.history, model);
  const comparison = new Comparison(bench, finding.code, seeds.length, planned);
  await comparison.runAll();
  await comparison.lengthen();
  await comparison.combine(configText, model.name, partnersFor(finding, found, model, reference.history));
  await comparison.decide();

  if (signal.aborted && bench.arms.every((arm) => bench.runsOf(arm).length === 0)) return { kind: "cancelled" };
  const fixes = comparison.verified();
  return {
    kind: "verified",
    verification: {
      model: model.name,
      code: finding.code,
      layer: finding.layer,
      seeds: [...seeds],
      steps: bench.steps,
      present: armFigures(bench.present),
      fixes,
      impossible: [...impossible, ...bench.refused],
      complete: comparison.complete,
      conclusion: conclude({
        fixes,
        undecided: comparison.undecided,
        runs: { done: bench.done, total: bench.total, steps: bench.steps, planned },
        complete: comparison.complete,
        finding,
        found,
        history: reference.history,
      }),
    },
  };
}

/** The first run, or a shorter one if all have to be shorter: runs of different lengths are not compared. */
async function referenceRun(
  bench: Bench,
  first: TimedRun,
  asked: number,
): Promise<{ readonly history: Ran["history"]; readonly end: RunEnd }> {
  if (bench.steps >= asked || first.history === null) {
    if (first.cut && first.history) bench.steps = first.history.lastStep;
    return first;
  }
  const shorter = bench.over ? null : await bench.trial(bench.left);
  if (shorter === null || shorter.cut) {
    bench.steps = Math.max(1, first.history.lastStep);
    return first;
  }
  return shorter;
}

function ended({ end, history }: Ran): VerifyOutcome {
  return { kind: "ended", ran: { end, history } };
}
