/** Whether a probe's verdict depends on how many steps the machine could take in the time. */

import type { Reported, Result } from "../evaluate.ts";
import { probeSteps } from "../saveEntry.ts";
import { partOf, parts, ratio, table } from "./table.ts";

interface Pair {
  readonly result: Result;
  readonly early: Reported;
  readonly late: Reported;
}

export function stability(results: readonly Result[]): readonly string[] {
  const pairs = results.flatMap((result): readonly Pair[] => {
    const [early, late] = result.probe ?? [];
    return early && late ? [{ result, early, late }] : [];
  });
  const sure = pairs.filter(({ early }) => !early.provisional);
  const kinds = [
    { kind: "warnings", of: sure.filter(({ early }) => codes(early).length > 0) },
    { kind: "all-clears", of: sure.filter(({ early }) => codes(early).length === 0) },
  ];
  const changed = sure.filter((pair) => !same(pair));
  const [few, many] = probeSteps;
  return [
    `Stability: whether a probe warns of the same after ${few} and after ${many} steps (${pairs.length - sure.length} of ${pairs.length} are provisional after ${few}, ${pairs.filter(({ late }) => late.provisional).length} after ${many})`,
    table(
      ["", "", "share", "the same", "verdicts"],
      kinds.flatMap(({ kind, of }) =>
        parts.map((part, i) => {
          const in_ = new Set(
            partOf(
              of.map(({ result }) => result),
              part,
            ),
          );
          const these = of.filter(({ result }) => in_.has(result));
          const stable = these.filter(same).length;
          return [i === 0 ? kind : "", part, ratio(stable / these.length), String(stable), String(these.length)];
        }),
      ),
    ),
    ...(changed.length === 0
      ? []
      : [
          "Changed:",
          ...changed.map(
            ({ result, early, late }) =>
              `  ${result.entry.name} (${result.half}): ${text(early)} → ${text(late)}${late.provisional ? ", provisional" : ""}`,
          ),
          "",
        ]),
  ];
}

/** Codes of its warnings and errors, each once. */
function codes({ findings }: Reported): readonly string[] {
  return [...new Set(findings.filter((f) => f.severity !== "information").map((f) => f.code))].sort();
}

function same({ early, late }: Pair): boolean {
  return !late.provisional && text(early) === text(late);
}

function text(report: Reported): string {
  return codes(report).join(", ") || "all clear";
}
