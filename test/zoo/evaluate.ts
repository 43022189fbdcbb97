/** What the rules, and other engines' rules, say of an entry, beside the truth. */

import { diagnose } from "../../src/diagnosis/diagnose.ts";
import { median, tail } from "../../src/diagnosis/statistics.ts";
import { type Finding, type FindingCode, findingCodes } from "../../src/protocol/finding.ts";
import type { RunHistory } from "../../src/protocol/history.ts";
import type { BackendInfo } from "../../src/protocol/run.ts";
import { halfOf, type ZooEntry } from "./entry.ts";
import { explodes, learns, type Outcome, vanishes } from "./outcome.ts";
import { rivals } from "./rivals.ts";
import { runEntry } from "./runEntry.ts";
import type { Verdict } from "./score.ts";

/** The seed the rules are asked about; no outcome was recorded from it. */
export const askedSeed = 1;

/** Shares of the training budget at which it is asked whether the net will learn. */
export const shares = [0.05, 0.1, 0.25, 0.5, 1] as const;

export interface Result {
  readonly entry: ZooEntry;
  readonly half: "tuning" | "held out";
  /** Codes whose truth is known. */
  readonly verdicts: ReadonlyMap<FindingCode, Verdict>;
  /** Rules of others, by name. */
  readonly rivals: ReadonlyMap<string, Verdict>;
  readonly findings: readonly Finding[];
  /** "Will not learn", by share of the budget; null where the outcome is not known. */
  readonly early: readonly { readonly ours: Verdict; readonly loss: Verdict }[] | null;
}

export async function evaluate(entry: ZooEntry, outcomes: readonly Outcome[], backend: BackendInfo): Promise<Result> {
  const at = shares.map((share) => Math.max(1, Math.round(share * entry.steps)));
  const learnt = entry.learns === "outcome" ? learns(outcomes) : undefined;
  const early: { ours: Verdict; loss: Verdict }[] = [];
  let findings: readonly Finding[] = [];
  const { history, model, figures } = await runEntry(entry, askedSeed, backend, at, (_, soFar, found) => {
    findings = found;
    if (learnt === undefined) return;
    const truth = !learnt;
    early.push({ ours: { truth, said: saysBroken(found) }, loss: { truth, said: lossSaysBroken(soFar) } });
  });
  // A run that diverged never came to the later looks.
  while (learnt !== undefined && early.length < shares.length) {
    const lost = { truth: !learnt, said: true };
    early.push({ ours: lost, loss: lost });
  }
  if (history.lastStep < entry.steps) findings = diagnose(history, model);

  const truths = new Map(
    findingCodes.flatMap((code) => {
      const truth = truthOf(entry, code, outcomes);
      return truth === undefined ? [] : [[code, truth] as const];
    }),
  );
  return {
    entry,
    half: halfOf(entry.name),
    verdicts: new Map([...truths].map(([code, truth]) => [code, { truth, said: says(findings, code) }])),
    rivals: new Map(
      rivals.flatMap(({ name, code, ofUpdates, fires }) => {
        const truth = truths.get(code);
        return truth === undefined || (ofUpdates && entry.frozen)
          ? []
          : [[name, { truth, said: fires(figures) }] as const];
      }),
    ),
    findings,
    early: learnt === undefined ? null : early,
  };
}

function truthOf(entry: ZooEntry, code: FindingCode, outcomes: readonly Outcome[]): boolean | undefined {
  const truth = entry.truth[code];
  if (truth !== "outcome") return truth;
  return code === "vanishing-through-time" ? vanishes(outcomes) : explodes(outcomes);
}

/** Vanishing is only claimed by a warning: as information it says that it need not mean anything. */
function says(findings: readonly Finding[], code: FindingCode): boolean {
  return findings.some((f) => f.code === code && (code !== "vanishing-through-time" || f.severity !== "information"));
}

const breaking: readonly FindingCode[] = ["vanishing-through-time", "exploding-through-time", "non-finite"];

/** By the gradients alone: whatever looks at the loss curve only is left to the rule beside it. */
function saysBroken(findings: readonly Finding[]): boolean {
  return findings.some((f) => breaking.includes(f.code) && f.severity !== "information");
}

/** The loss curve alone: no better than the baseline so far. */
function lossSaysBroken(history: RunHistory): boolean {
  const losses = history.series("loss") ?? new Float64Array(0);
  const late = median(tail(losses, Math.max(10, Math.round(losses.length / 10))));
  return !(late < 0.95 * (history.info.baselineLoss ?? Number.NaN));
}
