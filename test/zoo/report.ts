/** The tables of the zoo. */

import { findingCodes } from "../../src/protocol/finding.ts";
import { type Result, shares } from "./evaluate.ts";
import { rivals } from "./rivals.ts";
import { precision, recall, type Score, scoreOf, type Verdict } from "./score.ts";

export function report(results: readonly Result[]): string {
  const known = results.filter(({ verdicts, early }) => verdicts.size > 0 || early).length;
  return [
    `${results.length} entries, the truth of ${known} known\n`,
    "Findings: what the rules say after full training, and what is true",
    table(
      ["", "", "precision", "recall", "right", "false alarm", "missed", "quiet"],
      findingCodes.flatMap((code) =>
        (["tuning", "held out", "both"] as const).flatMap((half) => {
          const verdicts = of(results, half).flatMap((r) => r.verdicts.get(code) ?? []);
          return verdicts.length === 0 ? [] : [[half === "tuning" ? code : "", half, ...cells(scoreOf(verdicts))]];
        }),
      ),
    ),
    "Rules of other engines, on the same runs",
    table(
      ["", "says", "precision", "recall", "right", "false alarm", "missed", "quiet"],
      rivals.map(({ name, code }) => {
        const verdicts = results.flatMap((r) => r.rivals.get(name) ?? []);
        return [name, code, ...cells(scoreOf(verdicts))];
      }),
    ),
    "“This net will not learn”, said early: by its gradients, and by the loss curve alone",
    table(
      ["share of budget", "by", "precision", "recall", "right", "false alarm", "missed", "quiet"],
      shares.flatMap((share, i) =>
        (["ours", "loss"] as const).map((who) => {
          const verdicts = results.flatMap((r) => r.early?.[i]?.[who] ?? []);
          return [
            who === "ours" ? `${share * 100} %` : "",
            who === "ours" ? "gradients" : "loss",
            ...cells(scoreOf(verdicts)),
          ];
        }),
      ),
    ),
    ...wrong(results),
  ].join("\n");
}

function of(results: readonly Result[], half: "tuning" | "held out" | "both"): readonly Result[] {
  return half === "both" ? results : results.filter((r) => r.half === half);
}

function cells(score: Score): readonly string[] {
  return [
    share(precision(score)),
    share(recall(score)),
    ...[score.right, score.falseAlarm, score.missed, score.quiet].map(String),
  ];
}

function share(value: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(2);
}

function wrong(results: readonly Result[]): readonly string[] {
  const lines = results.flatMap(({ entry, verdicts, half }) =>
    [...verdicts]
      .filter(([, v]: readonly [string, Verdict]) => v.truth !== v.said)
      .map(([code, { truth }]) => `  ${truth ? "missed" : "false alarm"}: ${code} of ${entry.name} (${half})`),
  );
  return lines.length === 0 ? [] : ["Wrong:", ...lines, ""];
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, c) => Math.max(...all.map((row) => (row[c] ?? "").length)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, c) => (c < 2 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join("  ")}`.trimEnd();
  return `${all.map(line).join("\n")}\n`;
}
