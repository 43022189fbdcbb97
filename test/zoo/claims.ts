/** Checks an entry's claims against its recorded outcomes. */

import type { ZooEntry } from "./entry.ts";
import { learns } from "./outcome.ts";
import { type Outcomes, outcomesOf, recordedSeeds } from "./outcomes.ts";

/** The false claims of a practice entry; empty if all are true. */
export function falseClaims(entry: ZooEntry, outcomes: Outcomes): readonly string[] {
  const { name, cause, healed, learns: asked } = entry;
  if (cause === undefined) return [];
  const claim = (of: boolean, wanted: boolean): readonly string[] => {
    const list = outcomesOf(outcomes, entry, of);
    const what = of ? `${name}, healed` : name;
    if (list.length < recordedSeeds.length) return [`${what}: no outcome is recorded`];
    const shares = list.map(({ lossShare }) => lossShare ?? "diverged").join(", ");
    return learns(list) === wanted ? [] : [`${what}: ${wanted ? "does not learn" : "does not fail"} (${shares})`];
  };
  return [...(asked === null ? [] : claim(false, cause === null)), ...(healed === undefined ? [] : claim(true, true))];
}
