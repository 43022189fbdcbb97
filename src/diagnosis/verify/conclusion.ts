/** The overall result of a verification. */

import type { Finding, Fix } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { count } from "../../protocol/numberText.ts";
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
      headline: `undecided: ${ranOf(runs)} runs`,
      text: `Undecided: ${ranOf(runs)} runs were done when time ran out or the verification was cancelled.`,
      causes,
    };
  if (fixes.length === 0)
    return { kind: "undecided", headline: "no fix could be run", text: "No fix could be run.", causes };
  if (undecided.length > 0) {
    const steps = undecided.some(({ waitsFor }) => waitsFor === "steps");
    const why = steps
      ? `${runs.steps} of ${runs.planned} steps are too few to tell whether the loss leaves its baseline`
      : "the spread between seeds exceeds the effects";
    return {
      kind: "undecided",
      headline: `undecided after ${count(runs.done, "run")}`,
      text: `Undecided after ${count(runs.done, "run")}: ${why}. It may still be ${quoted(undecided.map(({ fix }) => fix))}.`,
      causes,
    };
  }
  const clearing = fixes.filter(
    ({ verdict, cleared, figures }) => verdict === "inconclusive" && cleared === figures.runs,
  );
  if (clearing.length > 0)
    return {
      kind: "undecided",
      headline: `undecided after ${count(runs.done, "run")}`,
      text: `Undecided after ${count(runs.done, "run")}: ${quoted(clearing.map(({ fix }) => fix))} ${clearing.length === 1 ? "clears" : "clear"} the finding, but no loss leaves its baseline in ${count(runs.steps, "step")}. Train for longer, or look for a second cause.`,
      causes,
    };
  return {
    kind: "none-helps",
    headline: fixes.length === 1 ? "the fix does not help" : `none of ${fixes.length} fixes helps`,
    text: `${fixes.length === 1 ? "It does not help" : "None of these helps"}; the cause lies elsewhere.`,
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
  const then = best.remaining.length > 0 ? ` Then: ${best.remaining.join(", ")}.` : "";
  const helps = `${better.length} of ${counted(fixes.length)} ${better.length === 1 ? "helps" : "help"}`;
  const sofar = part ? ` so far, after ${ranOf(part)} runs` : "";
  return { kind: "helps", headline: helps, text: `${helps}${sofar}. The best: ${best.fix.title}.${then}`, causes: [] };
}

/** `12 of 21`; the total is an estimate, and always above the number done. */
export function ranOf({ done, total }: { readonly done: number; readonly total: number }): string {
  return `${done} of ${Math.max(total, done + 1)}`;
}

function quoted(fixes: readonly Fix[]): string {
  const shown = fixes.slice(0, 2).map(({ title }) => `“${title}”`);
  return `${shown.join(" or ")}${fixes.length > 2 ? ` or ${fixes.length - 2} more` : ""}`;
}

function counted(fixes: number): string {
  return `${fixes} ${fixes === 1 ? "fix" : "fixes"}`;
}
