/** The findings that become entries of the Problems view: one per place and cause, and none below a level. */

import { type Severity, severities } from "../../protocol/finding.ts";
import type { ConfigView, FindingView, ModelView } from "../findings/configView.ts";

export interface ShownFinding {
  /** The model whose finding is the gravest, and that finding. */
  readonly model: ModelView;
  readonly found: FindingView;
  /** Number of other models with the same finding at the same place. */
  readonly others: number;
}

/** @param level the least severity that is shown */
export function shownFindings(view: ConfigView, level: Severity): readonly ShownFinding[] {
  const byPlace = new Map<string, { model: ModelView; found: FindingView; models: Set<string> }>();
  for (const model of view.models)
    for (const found of model.findings) {
      if (severities.indexOf(found.finding.severity) > severities.indexOf(level)) continue;
      const key = `${found.range.offset} ${found.finding.code}`;
      const before = byPlace.get(key);
      const models = (before?.models ?? new Set<string>()).add(model.name);
      const kept = before && rank(before.found) <= rank(found) ? before : { model, found };
      byPlace.set(key, { model: kept.model, found: kept.found, models });
    }
  return [...byPlace.values()].map(({ model, found, models }) => ({ model, found, others: models.size - 1 }));
}

/** Fresh findings come before stale ones, grave ones before others. */
function rank({ finding, stale }: FindingView): number {
  return severities.indexOf(finding.severity) + (stale ? severities.length : 0);
}
