/** The layers of a config's run in its text, and what else the store asks of a run. */

import { modelKey, type Run } from "../runs/run.ts";
import type { ConfigDocument } from "./configDocument.ts";
import type { FindingView, LayerView } from "./configView.ts";

/** The layers of the shown run that still have a place in the text. */
export function layerViews(
  document: ConfigDocument,
  shown: Run | undefined,
  findings: readonly FindingView[],
  stale: boolean,
): readonly LayerView[] {
  return (shown?.history?.info.layers ?? []).flatMap((info, index) => {
    const range = document.place(info.path);
    return range
      ? [{ index, info, range, stale, findings: findings.filter((f) => f.finding.layer === info.name) }]
      : [];
  });
}

/** Whether a run has measurements and will not get more. */
export function hasSettled(run: Run): boolean {
  return run.state === "ended" && (run.history?.lastStep ?? 0) > 0;
}

/** Whether a model means the same in the present text as when it was run. */
export function isSame(document: ConfigDocument, run: Run): boolean {
  const now = document.model(run.name);
  return now !== undefined && modelKey(now) === modelKey(run.model);
}
