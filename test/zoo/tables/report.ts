/** The whole report of the zoo. */

import type { Result } from "../evaluate.ts";
import { causes } from "./causes.ts";
import { early } from "./early.ts";
import { findings } from "./findings.ts";
import { noise } from "./noise.ts";
import { others } from "./others.ts";
import { stability } from "./stability.ts";

export function report(results: readonly Result[]): string {
  const known = results.filter(({ predictions, early: asked, named }) => predictions.size > 0 || asked || named).length;
  return [
    `${results.length} entries, the truth of ${known} known\n`,
    ...surprises(results),
    ...findings(results),
    ...others(results),
    ...causes(results),
    ...noise(results),
    ...stability(results),
    ...early(results),
  ].join("\n");
}

/** Runs with the judged seed that ended differently from those with the recorded seeds: their truth is in doubt. */
function surprises(results: readonly Result[]): readonly string[] {
  const lines = results.flatMap(({ entry, half, ended, asRecorded }) =>
    asRecorded ? [] : [`  ${entry.name} (${half}): loss ${ended.lossShare ?? "diverged"} of the baseline`],
  );
  return lines.length === 0 ? [] : ["Ended differently from the recorded runs:", ...lines, ""];
}
