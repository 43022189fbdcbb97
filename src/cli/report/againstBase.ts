/** Effect of a change: a run's figures beside those of the run it is compared with. */

import { listWords } from "../../messages/lists.ts";
import { reportWords } from "../../messages/report.ts";
import type { RunFigures } from "../../protocol/figures.ts";
import { formatDecades, formatNumber } from "../../protocol/numberText.ts";
import { type ReportedRun, ranked } from "./comparedRuns.ts";
import { findingsText } from "./comparisonTable.ts";
import { wrap } from "./layout.ts";
import type { Style } from "./style.ts";

/** One entry for each run whose base also ran; lines without line ends. Empty if there is no such run. */
export function againstBase(runs: readonly ReportedRun[], width: number, style: Style): string[] {
  const byName = new Map(runs.map((r) => [r.name, r.figures]));
  const entries = ranked(runs).flatMap(({ run }) => {
    const before = run.base === null || run.base === run.name ? null : byName.get(run.base);
    if (!before || !run.figures) return [];
    const [first = "", ...rest] = wrap(
      reportWords().against({ run: run.name, base: run.base ?? "", changes: changes(before, run.figures) }),
      width - 2,
      "  ",
    );
    return [first.trimStart(), ...rest];
  });
  return entries.length === 0 ? [] : [style.dim(reportWords().beforeAndAfter), ...entries.map((l) => `  ${l}`)];
}

/** `loss 0.166 → 0.0021 (×0.0127), reach 34 → 99 of 99, 7.4 decades lost → 0.2, 1 warning → none`. */
export function changes(before: RunFigures, after: RunFigures): string {
  const parts = [
    reportWords().lossChange(change(before.loss, after.loss)),
    both(before.testLoss, after.testLoss) ? reportWords().testChange(change(before.testLoss, after.testLoss)) : "",
    both(before.horizon, after.horizon)
      ? reportWords().reachChange({
          before: reach(before, after),
          after: reportWords().reachOf({ horizon: after.horizon, required: after.requiredLag }),
        })
      : "",
    both(before.decades, after.decades)
      ? reportWords().decadesChange({ before: formatDecades(before.decades), after: formatDecades(after.decades) })
      : "",
    reportWords().largestChange({
      before: formatNumber(before.largestGradientNorm),
      after: formatNumber(after.largestGradientNorm),
    }),
    reportWords().findingsChange({ before: findingsText(before), after: findingsText(after) }),
  ];
  return listWords().commas(parts.filter((p) => p !== ""));
}

function change(before: number, after: number): string {
  const ratio = after / before;
  return `${formatNumber(before)} → ${formatNumber(after)}${Number.isFinite(ratio) ? ` (×${formatNumber(ratio)})` : ""}`;
}

/** Names the required lag if the two runs need different ones. */
function reach(before: RunFigures, after: RunFigures): string {
  return before.requiredLag === after.requiredLag
    ? `${before.horizon}`
    : reportWords().reachOf({ horizon: before.horizon, required: before.requiredLag });
}

function both(a: number, b: number): boolean {
  return !Number.isNaN(a) && !Number.isNaN(b);
}
