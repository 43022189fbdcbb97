/** The overall result of a verification. */

import { listWords } from "../../messages/lists.ts";
import { verificationWords } from "../../messages/verification.ts";
import type { Finding, Fix } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import type { Conclusion, VerifiedFix } from "../../protocol/verification.ts";
import type { Judgement } from "./judge.ts";
import { remainingCauses } from "./remainingCauses.ts";

export interface Concluded {
  readonly fixes: readonly VerifiedFix[];
  readonly undecided: readonly { readonly fix: Fix; readonly waitsFor: NonNullable<Judgement["open"]> }[];
  readonly runs: {
    readonly done: number;
    readonly total: number;
    readonly steps: number;
    /** Steps of full training; null if not known. */
    readonly planned: number | null;
  };
  readonly complete: boolean;
  readonly finding: Finding;
  /** All findings of the present model's first run. */
  readonly found: readonly Finding[];
  readonly history: RunHistory;
}

export function conclude(given: Concluded): Conclusion {
  const { fixes, undecided, runs, complete, finding, found, history } = given;
  const helps = helping(fixes, complete ? null : runs);
  if (helps) return helps;
  const causes = remainingCauses(finding, found, history);
  if (!complete)
    return {
      kind: "undecided",
      headline: verificationWords().undecided(ranOf(runs)),
      text: verificationWords().undecidedWhy(ranOf(runs)),
      causes,
    };
  if (fixes.length === 0)
    return {
      kind: "undecided",
      headline: verificationWords().noneRun,
      text: verificationWords().noneRunSentence,
      causes,
    };
  if (undecided.length > 0) {
    const steps = undecided.some(({ waitsFor }) => waitsFor === "steps");
    const why = steps
      ? verificationWords().tooFewSteps({ steps: runs.steps, planned: runs.planned })
      : verificationWords().spreadExceedsEffects;
    return {
      kind: "undecided",
      headline: verificationWords().undecidedAfter(runs.done),
      text: verificationWords().undecidedMayBe({
        done: runs.done,
        why,
        fixes: quoted(undecided.map(({ fix }) => fix)),
      }),
      causes,
    };
  }
  const clearing = fixes.filter(
    ({ verdict, cleared, figures }) => verdict === "inconclusive" && cleared === figures.runs,
  );
  if (clearing.length > 0)
    return {
      kind: "undecided",
      headline: verificationWords().undecidedAfter(runs.done),
      text: verificationWords().undecidedClears({
        done: runs.done,
        fixes: quoted(clearing.map(({ fix }) => fix)),
        one: clearing.length === 1,
        steps: runs.steps,
      }),
      causes,
    };
  return {
    kind: "none-helps",
    headline: fixes.length === 1 ? verificationWords().oneDoesNotHelp : verificationWords().noneHelps(fixes.length),
    text: verificationWords().causeElsewhere(fixes.length === 1),
    causes,
  };
}

/**
 * The conclusion if a fix is better; null if none is.
 *
 * @param part the runs done when time was up or it was cancelled; null if all were
 */
export function helping(
  fixes: readonly VerifiedFix[],
  part: { readonly done: number; readonly total: number } | null,
): Conclusion | null {
  const better = fixes.filter(({ verdict }) => verdict === "better");
  const [best] = better;
  if (!best) return null;
  const then = best.remaining.length > 0 ? verificationWords().thenFix(best.remaining.join(", ")) : "";
  const helps = verificationWords().helps({
    better: better.length,
    all: verificationWords().fixes(fixes.length),
    one: better.length === 1,
  });
  const sofar = part ? verificationWords().soFar(ranOf(part)) : "";
  return {
    kind: "helps",
    headline: helps,
    text: verificationWords().best({ helps, sofar, title: best.fix.title, then }),
    causes: [],
  };
}

/** `12 of 21`; the total is an estimate, and always above the number done. */
export function ranOf({ done, total }: { readonly done: number; readonly total: number }): string {
  return verificationWords().of({ done, all: Math.max(total, done + 1) });
}

function quoted(fixes: readonly Fix[]): string {
  const shown = fixes.slice(0, 2).map(({ title }) => listWords().quoted(title));
  return `${listWords().or(shown)}${fixes.length > 2 ? verificationWords().orMore(fixes.length - 2) : ""}`;
}
