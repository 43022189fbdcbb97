/** The heat map as a table, for readers who do not see it. */

import { chartWords } from "../../src/messages/charts.ts";
import { type ChartTable, mostTableRows, spread } from "../a11y/dataTable.ts";
import { columnAt } from "../state/columnAt.ts";
import type { Selection } from "../state/selection.ts";
import { stepSpan } from "../text/runWords.ts";

/** Most timesteps in the heat map's table; the profile's table has all of them. */
const tableTimesteps = 5;

/** @param step the cursor's step, which the table always contains */
export function heatTable(chosen: Selection | null, step: number): ChartTable {
  const map = chosen?.history.map(chosen.layer, chosen.quantity.channel);
  if (chosen == null || map === undefined)
    return { caption: chartWords().heatMap, columns: [chartWords().steps], rows: [] };
  const { quantity, timesteps, info } = chosen;
  const times = spread(timesteps, tableTimesteps);
  const cursorColumn = columnAt(map.firstSteps, map.columns, step);
  const columns = [...new Set([...spread(map.columns, mostTableRows / 4), cursorColumn])].sort((a, b) => b - a);
  return {
    caption: chartWords().heatTable({ symbol: quantity.symbol, layer: info.name }),
    columns: [chartWords().steps, ...times.map((t) => `t = ${t + 1}`)],
    rows: columns
      .filter((c) => c >= 0)
      .map((c) => [
        stepSpan(map.firstSteps[c]!, map.lastSteps[c]!),
        ...times.map((t) => quantity.text(map.values[c * timesteps + t]!)),
      ]),
  };
}
