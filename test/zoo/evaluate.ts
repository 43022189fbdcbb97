/** Compares what the rules, and other engines' rules, say about an entry's saved runs with the truth. */

import type { JsonPath, ResolvedModel } from "../../src/config/resolved.ts";
import { reseeded } from "../../src/diagnosis/verify/arms.ts";
import { type Finding, type FindingCode, findingCodes } from "../../src/protocol/finding.ts";
import { median, tail } from "../../src/protocol/history/median.ts";
import type { RunHistory } from "../../src/protocol/history.ts";
import type { BackendInfo, RunInfo } from "../../src/protocol/run.ts";
import { asked } from "./asked.ts";
import { type Cause, type Half, halfOf, type ZooEntry } from "./entry.ts";
import { freshInfo } from "./freshInfo.ts";
import { explodes, learns, type Outcome, outcomeOf, vanishes } from "./outcome.ts";
import { rivals } from "./rivals.ts";
import { modelOf } from "./runEntry.ts";
import { restored, type SavedEntry, type SavedRun } from "./savedRun.ts";
import { askedSeed, probeSteps, shares, stepOf } from "./saveEntry.ts";
import type { Prediction } from "./score.ts";

/** What is reported about a run at one moment. */
export interface Reported {
  readonly findings: readonly Finding[];
  readonly provisional: boolean;
}

export interface Result {
  readonly entry: ZooEntry;
  readonly half: Half;
  /** By codes whose truth is known. */
  readonly predictions: ReadonlyMap<FindingCode, Prediction>;
  /** Predictions of other engines' rules, by name. */
  readonly rivals: ReadonlyMap<string, Prediction>;
  /** Findings at the end of training. */
  readonly findings: readonly Finding[];
  /** For a broken entry with a known cause: what was named first, and whether that is right. */
  readonly named: { readonly right: boolean; readonly first: string } | null;
  /** Whether nothing is wrong with the net, and it learns, in the judged run, too. */
  readonly healthy: boolean;
  /** By `probeSteps`; null: refused. */
  readonly probe: readonly Reported[] | null;
  /** How the judged run ended, in the figures of the recorded outcomes. */
  readonly ended: Outcome;
  /** False: it failed although the recorded runs learnt, or vice versa. */
  readonly asRecorded: boolean;
  /** Predictions of "will not learn", by share of the budget; null if the outcome is unknown. */
  readonly early: readonly { readonly ours: Prediction; readonly loss: Prediction }[] | null;
}

export async function evaluate(
  entry: ZooEntry,
  saved: SavedEntry,
  outcomes: readonly Outcome[],
  backend: BackendInfo,
): Promise<Result> {
  const model = reseeded(modelOf(entry), askedSeed);
  const train = await freshInfo(entry, "train", askedSeed, backend);
  const probe = await freshInfo(entry, "probe", askedSeed, backend);
  const learnt = entry.learns === "outcome" ? learns(outcomes) : undefined;
  const history = train.info ? atEnd(saved.train, train.info) : null;
  const findings = history ? asked.findings(history, model) : [];
  const ended = outcomeOf({ history, end: saved.train.end }, askedSeed);
  const asRecorded = learnt === undefined || learns([ended]) !== !learnt;
  const refusedAt = train.refused?.problems.map(({ path }) => path) ?? [];
  const truths = new Map(
    findingCodes.flatMap((code) => {
      const truth = truthOf(entry, code, outcomes);
      return truth === undefined ? [] : [[code, truth] as const];
    }),
  );
  return {
    entry,
    half: halfOf(entry),
    predictions: new Map(
      [...truths].map(([code, truth]) => [
        code,
        { truth, predicted: says(entry, findings, code) || refusedFor(entry.cause, code, refusedAt) },
      ]),
    ),
    rivals: new Map(
      rivals.flatMap(({ name, code, ofUpdates }) => {
        const truth = truths.get(code);
        const predicted = saved.rivals[name];
        return truth === undefined || predicted === undefined || (ofUpdates && entry.frozen)
          ? []
          : [[name, { truth, predicted }]];
      }),
    ),
    findings,
    named: entry.cause ? named(entry.cause, findings, refusedAt) : null,
    healthy: entry.cause === null || (entry.cause === undefined && learnt === true && asRecorded),
    probe: probe.info ? probeReports(saved.probe, probe.info, model) : null,
    ended,
    asRecorded,
    early: learnt === undefined || !train.info ? null : early(entry, saved.train, train.info, model, !learnt),
  };
}

function atEnd(run: SavedRun, info: RunInfo): RunHistory | null {
  const last = run.looks.at(-1);
  return last ? restored(run, last, info) : null;
}

/** What is known after this many steps; the end of a run that did not get that far. */
function soFar(run: SavedRun, step: number, info: RunInfo): RunHistory | undefined {
  const look = run.looks.find((l) => l.step === step) ?? run.looks.at(-1);
  return look && restored(run, look, info);
}

function probeReports(run: SavedRun, info: RunInfo, model: ResolvedModel): readonly Reported[] | null {
  const reports = probeSteps.flatMap((step): readonly Reported[] => {
    const history = soFar(run, step, info);
    if (!history) return [];
    const findings = asked.findings(history, model);
    return [{ findings, provisional: asked.isProvisional(history, findings) }];
  });
  return reports.length === probeSteps.length ? reports : null;
}

function early(
  { steps }: ZooEntry,
  run: SavedRun,
  info: RunInfo,
  model: ResolvedModel,
  truth: boolean,
): Result["early"] {
  return shares.map((share) => {
    const look = run.looks.find((l) => l.step === stepOf(share, steps));
    // A run that diverged has no later states.
    const history = look && restored(run, look, info);
    const ours = history ? asked.predictsFailure(history, model) : true;
    const loss = history ? lossSaysBroken(history) : true;
    return { ours: { truth, predicted: ours }, loss: { truth, predicted: loss } };
  });
}

function truthOf(entry: ZooEntry, code: FindingCode, outcomes: readonly Outcome[]): boolean | undefined {
  const truth = entry.truth[code];
  if (truth !== "outcome") return truth;
  return code === "vanishing-through-time" ? vanishes(outcomes) : explodes(outcomes);
}

/** Codes that only ever inform. */
const informing: readonly FindingCode[] = ["padding", "nothing-to-learn"];
/** Codes that claim nothing as information: they may be harmless, or follow from something more serious. */
const claimedByWarning: readonly FindingCode[] = [
  "vanishing-through-time",
  "data-scale",
  "output-mismatch",
  "symmetric-units",
  "post-norm-stack",
  "held-back",
];

/**
 * For nets that are known by construction, a fact counts at any severity. In practice, information does not claim that
 * something is wrong.
 */
function says({ kind }: ZooEntry, findings: readonly Finding[], code: FindingCode): boolean {
  const facts = kind === "constructed" || kind === "literature";
  const asFact = informing.includes(code) || (facts && !claimedByWarning.includes(code));
  return findings.some((f) => f.code === code && (asFact || f.severity !== "information"));
}

function within(place: JsonPath, places: readonly JsonPath[]): boolean {
  return places.some((prefix) => prefix.every((key, i) => place[i] === key));
}

/** A config that is refused at its cause counts as a report of that cause. */
function refusedFor(cause: Cause | null | undefined, code: FindingCode, at: readonly JsonPath[]): boolean {
  return (cause?.codes.includes(code) ?? false) && at.some((place) => within(place, cause?.places ?? []));
}

function named(cause: Cause, findings: readonly Finding[], refusedAt: readonly JsonPath[]): Result["named"] {
  const refused = refusedAt[0];
  if (refused) return { right: within(refused, cause.places), first: `refused at ${refused.join(".")}` };
  const first = findings[0];
  if (!first) return { right: false, first: "nothing" };
  const claimed = first.severity !== "information" || informing.includes(first.code);
  return {
    right: claimed && cause.codes.includes(first.code) && within(first.place, cause.places),
    first: text(first),
  };
}

function text({ severity, code, place }: Finding): string {
  return `${severity} ${code} at ${place.join(".")}`;
}

/** The loss curve alone: no better than the baseline so far. */
function lossSaysBroken(history: RunHistory): boolean {
  const losses = history.series("loss") ?? new Float64Array(0);
  const late = median(tail(losses, Math.max(10, Math.round(losses.length / 10))));
  return !(late < 0.95 * (history.info.baselineLoss ?? Number.NaN));
}
