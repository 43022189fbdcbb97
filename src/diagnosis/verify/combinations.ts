/** Which fixes are tried together, when none of them by itself does all of it. */

import type { Fix } from "../../protocol/finding.ts";
import type { Arm, Candidate } from "./arms.ts";
import { combined } from "./combine.ts";
import type { Judgement } from "./judge.ts";

/** Single fixes that are combined into pairs. */
const mostSingles = 4;

/** Pairs and triples that get a run; every one costs as many runs as a fix does. */
const mostPairs = 6;
const mostTriples = 2;

/** No fix is better, or the best one clears the finding with some seeds only. */
export function wantsMore(best: Judgement | undefined, runs: number): boolean {
  if (best === undefined) return true;
  return best.verdict !== "better" || best.cleared * 2 <= runs;
}

/**
 * The best single fixes with each other and with what is offered for the other findings, the most promising pair first.
 * @param ranked single fixes, the best first.
 */
export function pairsOfFixes(ranked: readonly Arm[], partners: readonly Fix[]): readonly Candidate[] {
  const singles = ranked.slice(0, mostSingles).map(({ fix }) => fix);
  const couples = singles.flatMap((one, i) => [
    ...singles.slice(i + 1).map((other, k) => ({ fixes: [one, other], place: 2 * i + k + 1 })),
    // What is for another finding is for another cause: it comes before a second fix for the same one.
    ...partners.map((partner, k) => ({ fixes: [one, partner], place: 2 * i + k })),
  ]);
  return couples
    .sort((a, b) => a.place - b.place)
    .flatMap(({ fixes }) => combined(fixes) ?? [])
    .slice(0, mostPairs);
}

/** The best pair with what else is promising. */
export function triplesOfFixes(pair: Arm, ranked: readonly Arm[], partners: readonly Fix[]): readonly Candidate[] {
  const others = [...partners, ...ranked.slice(0, mostSingles).map(({ fix }) => fix)];
  return others
    .filter(({ id }) => !pair.parts.some((part) => part.id === id))
    .flatMap((fix) => combined([...pair.parts, fix]) ?? [])
    .slice(0, mostTriples);
}
