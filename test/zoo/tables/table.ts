/** Text tables, and their common parts. */

import type { Result } from "../evaluate.ts";
import { precision, recall, type Score } from "../score.ts";

export type Part = "tuning" | "held out" | "both";
export const parts: readonly Part[] = ["tuning", "held out", "both"];

export function partOf(results: readonly Result[], part: Part): readonly Result[] {
  return part === "both" ? results : results.filter((r) => r.half === part);
}

export const scoreHead = ["precision", "recall", "right", "false alarm", "missed", "quiet"] as const;

export function scoreCells(score: Score): readonly string[] {
  return [
    ratio(precision(score)),
    ratio(recall(score)),
    ...[score.right, score.falseAlarm, score.missed, score.quiet].map(String),
  ];
}

export function ratio(value: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(2);
}

/** The first two columns are left-aligned. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, c) => Math.max(...all.map((row) => (row[c] ?? "").length)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, c) => (c < 2 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join("  ")}`.trimEnd();
  return `${all.map(line).join("\n")}\n`;
}
