/** The scalars of a run that no other block shows: metrics, rates and penalties, and whatever another program wrote. */

import { panelWords } from "../../src/messages/panel.ts";
import type { RunHistory } from "../../src/protocol/history.ts";
import type { Column } from "../../src/protocol/run.ts";

export interface Metric {
  readonly name: string;
  /** Steps at which it was measured, and its values there. */
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** Most that are shown. */
const most = 60;

const names: { readonly [quantity in Column["quantity"]]?: (name: string) => string } = {
  metric: (name) => name,
  testMetric: (name) => panelWords().testMetric(name),
  testAccuracy: () => panelWords().testAccuracy,
  penalty: () => panelWords().penalty,
  learningRate: () => panelWords().learningRate,
};

/** A learning rate that never changes is left out. */
export function metricsOf(history: RunHistory): readonly Metric[] {
  return history.info.columns
    .flatMap(({ quantity, layer, name }): Metric[] => {
      const named = names[quantity];
      const series = named && layer === null ? history.series(quantity, null, name) : undefined;
      if (!named || series === undefined) return [];
      const rows = [...series.keys()].filter((i) => !Number.isNaN(series[i]));
      const values = Float64Array.from(rows, (i) => series[i]!);
      if (rows.length === 0 || (quantity === "learningRate" && values.every((v) => v === values[0]))) return [];
      return [{ name: named(name ?? ""), steps: Float64Array.from(rows, (i) => history.steps[i]!), values }];
    })
    .slice(0, most);
}
