/**
 * Treats one cause after the other. A net may have a second cause that shows only once the first one is gone, so what
 * the runs with a fix are warned of says what to fix next.
 */

import type { ConfigEdit } from "../../config/edit.ts";
import { verificationWords } from "../../messages/verification.ts";
import type { Fix } from "../../protocol/finding.ts";
import { lowerFirst } from "../text/lowerFirst.ts";
import { type Arm, armsOf, type Candidate, single } from "./arms.ts";
import { removesItem, startsWith } from "./editPlaces.ts";
import type { Judgement } from "./judge.ts";
import type { Replicate } from "./replicate.ts";

/** Fixes that are followed up at once, and the further fixes that each of them gets. */
export const mostBases = 2;
const mostNext = 4;

/** Each round may find one more cause. */
export const mostRounds = 3;

/** Most fixes that one combination consists of. */
const mostParts = 4;

/**
 * True for a fix that clears its finding without teaching the net: if its runs diverge, what they are warned of is its
 * own harm.
 */
export function isFirstStep(judgement: Judgement, runs: readonly Replicate[]): boolean {
  return judgement.verdict === "inconclusive" && judgement.cleared > 0 && !runs.some(({ diverged }) => diverged);
}

/**
 * A fix together with each of the fixes that its first run offers, which are edits of the config that it leaves behind.
 * @param others models that are run already.
 */
export function followUps(base: Arm, model: string, first: Replicate, others: readonly Arm[]): readonly Arm[] {
  if (base.parts.length >= mostParts) return [];
  const models = others.map((arm) => arm.model);
  const { arms } = armsOf(base.configText, model, first.offers.map(single), models);
  return arms.slice(0, mostNext).map((arm) => ({ ...arm, ...followedBy(base, arm.fix) }));
}

/** The second fix is made for the config that the first one leaves behind, so its edits come after the first one's. */
export function followedBy({ fix, parts, alone }: Arm, next: Fix): Candidate {
  const [first = fix, ...others] = parts;
  return {
    fix: {
      id: `${fix.id}+${next.id}`,
      title: verificationWords().together([first.title, ...[...others, next].map(({ title }) => lowerFirst(title))]),
      edits: [...fix.edits, ...next.edits],
    },
    parts: [...parts, next],
    alone: movedBy(fix.edits, next) ? alone : [...alone, next],
  };
}

/** Whether the places of the fix depend on edits that insert or remove items of a list. */
function movedBy(edits: readonly ConfigEdit[], fix: Fix): boolean {
  const lists = edits.filter((edit) => edit.insert === true || removesItem(edit)).map((edit) => edit.path.slice(0, -1));
  return lists.some((list) => fix.edits.some(({ path }) => startsWith(path, list)));
}
