/** What the fixes that were trained to the end show about their ranks: as figures, and as a table. */

import { geometricMean } from "../../src/diagnosis/verify/shares.ts";
import type { EndToEnd, LossShares } from "./endToEnd.ts";
import { halfOf, type ZooEntry } from "./entry.ts";
import { kendallTau } from "./kendall.ts";
import { learnsAlone } from "./outcome.ts";
import { table } from "./tables/table.ts";

/** A fix has clearly made a difference below this share of the present model's loss. */
const clearly = 0.9;

/** A task is solved below this share of the baseline. */
const solved = 0.02;

/** Shares are recorded in thousandths. */
const least = 0.0005;

/** Mean over the seeds; +∞ if any of them diverged. */
function meanOf(shares: LossShares): number {
  return geometricMean(shares.map((share) => Math.max(least, share ?? Number.POSITIVE_INFINITY)));
}

/** Whether the net learns with every seed. */
function learns(shares: LossShares): boolean {
  return shares.every(learnsAlone);
}

/** Whether the unchanged net fails with some seed, so that a fix can make a difference. */
export function fails({ lossShares }: EndToEnd): boolean {
  return !learns(lossShares);
}

/** Whether the first-ranked fix learns the task with every seed, and clearly better than the unchanged net. */
export function firstLearns({ lossShares: without, fixes: [first] }: EndToEnd): boolean {
  return first !== undefined && learns(first.lossShares) && meanOf(first.lossShares) < clearly * meanOf(without);
}

/**
 * Rank correlation of a fix's rank and its loss at the end of full training; NaN if all losses are equal.
 * @param alike losses up to this share of the baseline count as equal: for two nets that have learnt their task, only
 * the seed decides whether one ends at 0.001 and the other at 0.003.
 */
export function rankCorrelation({ fixes }: EndToEnd, alike = 0): number {
  return kendallTau(fixes.map(({ lossShares }, rank) => [rank, Math.max(alike, meanOf(lossShares))]));
}

export function endToEndReport(results: readonly (readonly [ZooEntry, EndToEnd])[]): string {
  const halves = ["tuning", "held out"] as const;
  return [
    "Verified fixes, trained to the end from fresh seeds:",
    ...figuresOf("all", results),
    ...halves.flatMap((half) =>
      figuresOf(
        half,
        results.filter(([entry]) => halfOf(entry) === half),
      ),
    ),
    table(
      ["", "half", "finding", "conclusion", "first fix", "verdict", "loss/baseline", "without", "τ", "fixes"],
      results.map(([entry, result]) => {
        const [first] = result.fixes;
        return [
          entry.name,
          halfOf(entry),
          result.code ?? "–",
          result.conclusion,
          first?.title ?? "–",
          first?.verdict ?? "–",
          first ? shareText(first.lossShares) : "–",
          shareText(result.lossShares),
          rankCorrelation(result).toFixed(2),
          result.fixes.map(({ lossShares }) => shareText(lossShares)).join(" "),
        ];
      }),
    ),
  ].join("\n");
}

function figuresOf(which: string, results: readonly (readonly [ZooEntry, EndToEnd])[]): readonly string[] {
  const failing = results.map(([, result]) => result).filter(fails);
  const mean = (alike: number): string => {
    const taus = failing.map((result) => rankCorrelation(result, alike)).filter((tau) => !Number.isNaN(tau));
    return `${(taus.reduce((sum, tau) => sum + tau, 0) / taus.length).toFixed(2)}, mean of ${taus.length} nets`;
  };
  const better = failing.flatMap(({ fixes }) => fixes.filter(({ verdict }) => verdict === "better"));
  return [
    `  ${which}:`,
    `    the first-ranked fix learns: ${failing.filter(firstLearns).length} of ${failing.length} failing nets`,
    `    Kendall's τ of rank and loss at the end: ${mean(0)}`,
    `    the same, with losses below ${solved} of the baseline counted as equal: ${mean(solved)}`,
    `    fixes called better that learn: ${better.filter(({ lossShares }) => learns(lossShares)).length} of ${better.length}`,
  ];
}

function shareText(shares: LossShares): string {
  return shares.map((share) => share ?? "∞").join("/");
}
