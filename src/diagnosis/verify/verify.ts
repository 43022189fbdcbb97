/**
 * Runs a model beside its candidate fixes, each from the same seeds, and says which of them help.
 *
 * Every fix first from one seed; then those that did best there from the others, so that when time is up there is a
 * verdict on the most promising. The order, the seeds and the number of steps are given: the same request on the same
 * backend gives the same answer, unless a budget makes all runs shorter or ends them.
 */

import type { ResolvedModel } from "../../config/resolved.ts";
import type { RunEnd } from "../../protocol/engineMessages.ts";
import { type Finding, type Fix, severities } from "../../protocol/finding.ts";
import { type Verification, type VerifiedFix, type VerifyProgress, verdicts } from "../../protocol/verification.ts";
import { diagnose } from "../diagnose.ts";
import { type Arm, armsOf, type ImpossibleFix } from "./arms.ts";
import type { Clock } from "./clock.ts";
import { armFigures, measuredText } from "./figures.ts";
import { judge } from "./judge.ts";
import { type Ran, type Replicate, recurrentOrdinal, replicateOf } from "./replicate.ts";

/** One run to be made: the model as it stands in `configText`, trained for `steps` from `seed`. */
export interface ReplicateRequest {
  readonly configText: string;
  readonly model: ResolvedModel;
  readonly seed: number;
  readonly steps: number;
}

export interface VerifyRequest {
  readonly configText: string;
  readonly model: ResolvedModel;
  /** Null: the gravest that the first run of the present model shows. */
  readonly finding: Finding | null;
  readonly seeds: readonly number[];
  readonly steps: number;
  /** Milliseconds it may take: a run that goes when they are over is ended and not counted; null: no limit. */
  readonly budget: number | null;
}

export interface VerifyMeans extends Clock {
  /** Ends early when `signal` is aborted. */
  readonly run: (request: ReplicateRequest, signal: AbortSignal) => Promise<Ran>;
  /** Called before each run. */
  readonly progress: (progress: VerifyProgress) => void;
}

export type VerifyOutcome =
  | { readonly kind: "verified"; readonly verification: Verification }
  /** Nothing was found that a fix could be for. */
  | { readonly kind: "sound"; readonly findings: readonly Finding[] }
  /** The present model itself cannot be run. */
  | { readonly kind: "ended"; readonly ran: Ran }
  | { readonly kind: "cancelled" };

export async function verify(request: VerifyRequest, means: VerifyMeans, signal: AbortSignal): Promise<VerifyOutcome> {
  const { configText, model, seeds, budget } = request;
  let { steps } = request;
  const began = means.now();
  const left = (): number | null => (budget === null ? null : budget - (means.now() - began));
  const over = (): boolean => signal.aborted || (budget !== null && means.now() - began >= budget);
  const run = (arm: Pick<Arm, "configText" | "model">, seed: number): Promise<TimedRun> =>
    timed(means, { configText: arm.configText, model: arm.model, seed, steps }, signal, left());

  const tell = (done: number, total: number, what: string, seed: number): void =>
    means.progress({ done, total, what, seed: seeds.indexOf(seed) + 1, seeds: seeds.length });

  tell(0, seeds.length * 2, "the present model", seeds[0]!);
  const trial = budget === null ? null : Math.max(leastTrial, budget * trialShare);
  const first = await timed(means, { configText, model, seed: seeds[0]!, steps }, signal, trial);
  if (signal.aborted) return { kind: "cancelled" };
  if (first.history === null || first.end.kind === "failed") return ended(first);
  if (first.cut && first.history.lastStep === 0)
    return ended({ history: null, end: { kind: "failed", message: "time was up before its first step" } });
  let reference = first.history;
  let end: RunEnd = first.end;
  const found = diagnose(reference, model);
  const finding = request.finding ?? target(found);
  if (!finding) return { kind: "sound", findings: found };

  const { arms, impossible } = armsOf(configText, model.name, candidates(finding, found));
  const whole = first.cut ? ((means.now() - began) * steps) / Math.max(1, reference.lastStep) : means.now() - began;
  const fitting = fittingSteps(steps, budget, whole, seeds.length * (arms.length + 1));
  if (fitting < steps) {
    steps = fitting;
    const shorter = over() ? null : await run({ configText, model }, seeds[0]!);
    if (signal.aborted) return { kind: "cancelled" };
    if (shorter === null || shorter.cut) steps = reference.lastStep;
    else if (shorter.history === null) return ended(shorter);
    else {
      reference = shorter.history;
      end = shorter.end;
    }
  }
  const refused: ImpossibleFix[] = [];
  const ordinal = recurrentOrdinal(reference, finding.layer);
  const present: Replicate[] = [replicateOf(reference, end, model, ordinal)];
  const fixed = new Map<Arm, Replicate[]>(arms.map((arm) => [arm, []]));
  const total = seeds.length * (arms.length + 1);
  let done = 1;

  const tryWith = async (arm: Arm, runs: Replicate[], seed: number): Promise<void> => {
    tell(done, total, arm.fix.title, seed);
    const ran = await run(arm, seed);
    done++;
    if (signal.aborted || ran.cut) return;
    if (ran.history === null || ran.end.kind === "failed") {
      refused.push({ title: arm.fix.title, reason: reasonOf(ran) });
      fixed.delete(arm);
    } else runs.push(replicateOf(ran.history, ran.end, arm.model, ordinal));
  };

  for (const [arm, runs] of fixed) if (!over()) await tryWith(arm, runs, seeds[0]!);
  for (const seed of seeds.slice(1)) {
    if (over()) break;
    tell(done, total, "the present model", seed);
    const again = await run({ configText, model }, seed);
    if (signal.aborted || again.cut || again.history === null) break;
    present.push(replicateOf(again.history, again.end, model, ordinal));
    done++;
  }
  for (const [arm, runs] of byPromise(fixed, present[0]!, finding))
    for (const seed of seeds.slice(1, present.length)) if (!over() && fixed.has(arm)) await tryWith(arm, runs, seed);

  const complete = present.length === seeds.length && [...fixed.values()].every((r) => r.length === seeds.length);
  if (signal.aborted && [...fixed.values()].every((r) => r.length === 0)) return { kind: "cancelled" };
  return {
    kind: "verified",
    verification: {
      model: model.name,
      code: finding.code,
      layer: finding.layer,
      seeds: [...seeds],
      steps,
      present: armFigures(present),
      fixes: rank([...fixed].map(([{ fix }, runs]) => verified(fix, present, runs, finding))),
      impossible: [...impossible, ...refused],
      complete,
    },
  };
}

function ended({ end, history }: Ran): VerifyOutcome {
  return { kind: "ended", ran: { end, history } };
}

interface TimedRun extends Ran {
  /** Time was up before its end. */
  readonly cut: boolean;
}

/** @param limit milliseconds after which the run is ended; null: none. */
async function timed(
  { run, after }: VerifyMeans,
  request: ReplicateRequest,
  signal: AbortSignal,
  limit: number | null,
): Promise<TimedRun> {
  if (limit === null) return { ...(await run(request, signal)), cut: false };
  const until = new AbortController();
  const end = (): void => until.abort();
  const stop = after(limit, end);
  signal.addEventListener("abort", end);
  const ran = await run(request, until.signal);
  signal.removeEventListener("abort", end);
  stop();
  return { ...ran, cut: ran.end.kind === "cancelled" && !signal.aborted };
}

/** Of the budget, what the first run may take, which shows how long all runs will; and milliseconds it always may. */
const trialShare = 0.25;
const leastTrial = 1500;

/** Steps below which the rules could not tell an arm that heals from one that does not. */
const fewestSteps = 60;

/** What a fix may cost more than the present model, such as a gated layer in place of a simple one. */
const dearer = 1.5;

/** As many steps as all runs can have within the budget, going by how long the first one took. */
function fittingSteps(steps: number, budget: number | null, first: number, runs: number): number {
  if (budget === null) return steps;
  const needed = first * dearer * runs;
  if (needed <= budget) return steps;
  return Math.min(steps, Math.max(fewestSteps, Math.floor((steps * budget) / needed)));
}

/** Of the gravest findings the first that has a fix: rules are in the order of cause. */
function target(findings: readonly Finding[]): Finding | undefined {
  return [...findings]
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    .find(({ fixes }) => fixes.length > 0);
}

/** What was offered, and what else the first run would offer for the same finding. */
function candidates(finding: Finding, found: readonly Finding[]): readonly Fix[] {
  const same = found.find((other) => other.code === finding.code && other.layer === finding.layer);
  const ids = new Set(finding.fixes.map(({ id }) => id));
  return [...finding.fixes, ...(same?.fixes ?? []).filter(({ id }) => !ids.has(id))];
}

function verified(fix: Fix, present: readonly Replicate[], runs: readonly Replicate[], { code }: Finding): VerifiedFix {
  const pairs = runs.flatMap((run, i) => (present[i] ? [{ present: present[i], fixed: run }] : []));
  const figures = armFigures(runs);
  const { verdict, reason, cleared } = judge(pairs, code);
  return {
    fix,
    verdict,
    reason,
    measured: runs.length === 0 ? "" : measuredText(armFigures(present), figures),
    cleared,
    figures,
  };
}

/** Those that clear the finding first, then by the loss; of one run each. */
function byPromise(
  fixed: ReadonlyMap<Arm, Replicate[]>,
  present: Replicate,
  { code }: Finding,
): readonly [Arm, Replicate[]][] {
  const promise = ([arm, runs]: [Arm, Replicate[]]) => ({
    entry: [arm, runs] as [Arm, Replicate[]],
    cleared: runs[0] ? judge([{ present, fixed: runs[0] }], code).cleared : 0,
    loss: orLast(runs[0]?.loss ?? Number.NaN),
  });
  return [...fixed]
    .map(promise)
    .sort((a, b) => b.cleared - a.cleared || a.loss - b.loss)
    .map(({ entry }) => entry);
}

/** By verdict, then by how many seeds it clears, then by the loss. */
function rank(fixes: readonly VerifiedFix[]): readonly VerifiedFix[] {
  return [...fixes].sort(
    (a, b) =>
      verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) ||
      b.cleared - a.cleared ||
      orLast(a.figures.loss.median) - orLast(b.figures.loss.median),
  );
}

function orLast(loss: number): number {
  return Number.isFinite(loss) ? loss : Number.MAX_VALUE;
}

function reasonOf({ end }: Ran): string {
  if (end.kind === "refused") return end.problems[0]?.message ?? "the engine refuses it";
  return end.kind === "failed" ? end.message : "it did not run";
}
