/** The findings of healthy nets. */

import type { Finding } from "../../../src/protocol/finding.ts";
import type { Result } from "../evaluate.ts";
import { probeSteps } from "../saveEntry.ts";
import { partOf, parts, ratio, table } from "./table.ts";

interface Moment {
  readonly when: string;
  readonly of: (result: Result) => readonly Finding[] | undefined;
}

const moments: readonly Moment[] = [
  { when: "end of training", of: (r) => r.findings },
  ...probeSteps.map(
    (steps, i): Moment => ({ when: `probe, ${steps} steps`, of: (r) => (r.probe ? r.probe[i]?.findings : []) }),
  ),
];

export function noise(results: readonly Result[]): readonly string[] {
  const healthy = results.filter((r) => r.healthy);
  const warned = moments.flatMap(({ when, of }) =>
    healthy.flatMap((r) => {
      const warned = warnings(of(r) ?? []).map(({ code }) => code);
      return warned.length === 0 ? [] : [`  ${r.entry.name} (${r.half}), ${when}: ${warned.join(", ")}`];
    }),
  );
  return [
    "Noise: findings of healthy nets that learn",
    table(
      ["", "", "nets", "with a warning", "notes per net"],
      moments.flatMap(({ when, of }) =>
        parts.map((part, i) => {
          const nets = partOf(healthy, part);
          const reported = nets.map((r) => of(r) ?? []);
          const notes = reported.reduce((sum, all) => sum + all.length - warnings(all).length, 0);
          return [
            i === 0 ? when : "",
            part,
            String(nets.length),
            String(reported.filter((all) => warnings(all).length > 0).length),
            ratio(notes / nets.length),
          ];
        }),
      ),
    ),
    ...(warned.length === 0 ? [] : ["Warned of healthy nets:", ...warned, ""]),
  ];
}

/** Warnings and errors. */
function warnings(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((f) => f.severity !== "information");
}
