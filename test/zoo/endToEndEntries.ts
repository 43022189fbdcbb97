/**
 * The nets whose fixes are trained to the end, chosen by a rule that was made before these runs.
 *
 * Ten nets of the literature: from each half the first five that failed with both recorded seeds, with sequences of at
 * most 60 timesteps, because longer ones take too long to train ten times. Ten nets of practice: from each half the
 * first net whose cause lies in the data, in the output, in the initial weights, and in the padding; also one with a
 * wrong rate, and the deep post-norm stack, which the zoo has only once.
 */

import { allEntries } from "./entries.ts";
import { type Half, halfOf, type ZooEntry } from "./entry.ts";
import { learns } from "./outcome.ts";
import { type Outcomes, outcomesOf } from "./outcomes.ts";

const ofEachHalf = 5;
const longest = 60;

/** Codes of the practice causes, and the halves from which the first net with each is taken. */
const causes: readonly { readonly code: string; readonly halves: readonly Half[] }[] = [
  { code: "data-scale", halves: ["tuning", "held out"] },
  { code: "output-mismatch", halves: ["tuning", "held out"] },
  { code: "symmetric-units", halves: ["tuning", "held out"] },
  { code: "padding", halves: ["tuning", "held out"] },
  { code: "update-ratio", halves: ["tuning"] },
  { code: "post-norm-stack", halves: ["held out"] },
];

export function endToEndEntries(outcomes: Outcomes): readonly ZooEntry[] {
  const failing = allEntries.filter((entry) => learns(outcomesOf(outcomes, entry)) === false);
  const halves: readonly Half[] = ["tuning", "held out"];
  return halves.flatMap((half) => {
    const ofHalf = failing.filter((entry) => halfOf(entry) === half);
    const practice = causes
      .filter(({ halves: of }) => of.includes(half))
      .flatMap(({ code }) => ofHalf.find(({ cause }) => cause?.codes.some((c) => c === code)) ?? []);
    const literature = ofHalf.filter(({ kind, name }) => kind === "literature" && lengthOf(name) <= longest);
    return [...practice, ...literature.slice(0, ofEachHalf)];
  });
}

/** T at the end of a literature net's name. */
function lengthOf(name: string): number {
  return Number(/T=(\d+)$/.exec(name)?.[1] ?? Number.NaN);
}
