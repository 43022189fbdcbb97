/** Exports a run's history as text for other programs. */

import type { JsonValue } from "../../config/resolved.ts";
import { columnName, csvCell } from "../../protocol/columnName.ts";
import type { Run } from "../runs/run.ts";

/** One row per kept step, one column per scalar: `step,loss,…,horizon simple_rnn h`. */
export function exportCsv(run: Run): string {
  const history = run.history;
  if (!history) return "step\n";
  const { info, steps, rows } = history.snapshot();
  const width = info.columns.length;
  const lines = [["step", ...info.columns.map((column) => columnName(info, column))].map(csvCell).join(",")];
  steps.forEach((step, i) => {
    lines.push([step, ...rows.subarray(i * width, (i + 1) * width)].join(","));
  });
  return `${lines.join("\n")}\n`;
}

/** The scalars per kept step, the heat maps and the findings. NaN and infinities are strings, as in `gradlens --json`. */
export function exportJson(run: Run): string {
  const snapshot = run.history?.snapshot();
  const info = snapshot?.info;
  const value = {
    version: 1,
    config: run.configPath,
    model: run.name,
    kind: run.kind,
    startedAt: new Date(run.startedAt).toISOString(),
    end: run.end,
    backend: info?.backend ?? null,
    baselineLoss: info?.baselineLoss ?? null,
    requiredLag: info?.requiredLag ?? null,
    steps: snapshot ? Array.from(snapshot.steps) : [],
    series: Object.fromEntries(
      (info?.columns ?? []).map((column, c) => [
        info ? columnName(info, column) : "",
        Array.from(snapshot?.steps ?? [], (_, i) => snapshot?.rows[i * (info?.columns.length ?? 0) + c] ?? Number.NaN),
      ]),
    ),
    profiles: (snapshot?.maps ?? []).map(({ layer, channel, latest, map }) => ({
      layer: info?.layers[layer]?.name ?? String(layer),
      channel,
      latest: Array.from(latest),
      firstSteps: Array.from(map.firstSteps.subarray(0, map.columns)),
      lastSteps: Array.from(map.lastSteps.subarray(0, map.columns)),
      values: Array.from({ length: map.columns }, (_, i) =>
        Array.from(map.values.subarray(i * map.timesteps, (i + 1) * map.timesteps)),
      ),
    })),
    findings: run.findings,
  };
  return `${JSON.stringify(value, nonFinite, 1)}\n`;
}

function nonFinite(_key: string, value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
