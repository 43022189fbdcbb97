/** Chooses the fixes to try together if no single one suffices. */

import type { Fix } from "../../protocol/finding.ts";
import type { Arm, Candidate } from "./arms.ts";
import { combined } from "./combine.ts";
import type { Judgement } from "./judge.ts";

/** Most single fixes that are combined into pairs. */
const mostSingles = 4;

/** Most pairs and triples that get a run; each costs as many runs as a single fix. */
const mostPairs = 6;
const mostTriples = 2;

/** True if no fix is better, or the best one clears the finding for some seeds only. */
export function wantsMore(best: Judgement | undefined, runs: number): boolean {
  if (best === undefined) return true;
  return best.verdict !== "better" || best.cleared * 2 <= runs;
}

/**
 * Pairs of the best single fixes with each other and with fixes for other findings, the most promising pair first.
 * @param ranked single fixes, the best first.
 */
export function pairsOfFixes(ranked: readonly Arm[], partners: readonly Fix[]): readonly Candidate[] {
  const singles = ranked.slice(0, mostSingles).map(({ fix }) => fix);
  const couples = singles.flatMap((one, i) => [
    ...singles.slice(i + 1).map((other, k) => ({ fixes: [one, other], place: 2 * i + k + 1 })),
    // A fix for another finding treats another cause, so it comes before a second fix for the same one.
    ...partners.map((partner, k) => ({ fixes: [one, partner], place: 2 * i + k })),
  ]);
  return couples
    .sort((a, b) => a.place - b.place)
    .flatMap(({ fixes }) => combined(fixes) ?? [])
    .slice(0, mostPairs);
}

/** Triples of the best pair with other promising fixes. */
export function triplesOfFixes(pair: Arm, ranked: readonly Arm[], partners: readonly Fix[]): readonly Candidate[] {
  const others = [...partners, ...ranked.slice(0, mostSingles).map(({ fix }) => fix)];
  return others
    .filter(({ id }) => !pair.parts.some((part) => part.id === id))
    .flatMap((fix) => combined([...pair.parts, fix]) ?? [])
    .slice(0, mostTriples);
}
