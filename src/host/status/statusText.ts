/** The status bar's text about the config in view. */

import { shorten } from "../../config/shorten.ts";
import { provisional } from "../../diagnosis/provisional.ts";
import type { ConfigView, ModelView } from "../findings/configView.ts";
import { modelTitle } from "../inline/lenses.ts";
import { plainLabel } from "../inline/markdown.ts";
import { describeEnd } from "../runs/describeEnd.ts";
import type { Run } from "../runs/run.ts";
import type { VerificationJob } from "../verify/verificationService.ts";

export interface StatusText {
  readonly text: string;
  /** One line per model. */
  readonly tooltip: readonly string[];
}

/** Most models that the tooltip lists. */
const mostLines = 20;

/** Undefined if there is nothing to say; the item is then hidden. */
export function statusOf(
  view: ConfigView | undefined,
  going: readonly Run[],
  verifying: readonly VerificationJob[],
  trusted: boolean,
): StatusText | undefined {
  const active = going.find((run) => run.state === "running") ?? going[0];
  const models = view?.models ?? [];
  const lines = models
    .slice(0, mostLines)
    .map((model) => `${shorten(model.name)}: ${modelTitle(model).replaceAll(/\$\([\w~-]+\) ?/g, "")}`);
  const tooltip = models.length > mostLines ? [...lines, `and ${models.length - mostLines} more`] : lines;
  if (active) {
    const step = active.history?.lastStep ?? 0;
    const stopping = active.state === "stopping" ? " · stopping…" : "";
    return {
      text: `$(sync~spin) ${plainLabel(shorten(active.model.name))}${stopping}${step > 0 ? ` ${step}` : ""}`,
      tooltip,
    };
  }
  const [job] = verifying;
  if (job) {
    const where = job.stopping ? "stopping…" : `${Math.min(job.done + 1, job.total)} of ${job.total}`;
    return { text: `$(sync~spin) verifying ${plainLabel(shorten(job.model))}: ${where}`, tooltip };
  }
  if (!view) return undefined;
  if (!trusted) return { text: "$(shield) Gradients: restricted", tooltip: ["Restricted Mode: nothing runs."] };
  const failed = view.models.find((model) => model.shown?.end?.kind === "failed");
  if (failed?.shown?.end)
    return {
      text: "$(error) Gradients: run failed",
      tooltip: [`${shorten(failed.name)} ${describeEnd(failed.shown.end)}`, ...tooltip],
    };
  const errors =
    view.problems.filter(({ problem }) => problem.severity === "error").length +
    view.models.reduce((n, m) => n + m.refused.length, 0);
  if (errors > 0) return { text: `$(error) Gradients: ${plural(errors, "error")}`, tooltip };
  const findings = view.models.flatMap((model) => model.findings);
  const grave = findings.filter((f) => f.finding.severity === "error").length;
  const warnings = findings.filter((f) => f.finding.severity === "warning").length;
  const stale = view.models.some((model) => model.stale) ? " (edited since)" : "";
  if (grave > 0) {
    const counts = [plural(grave, "error"), ...(warnings > 0 ? [plural(warnings, "warning")] : [])].join(", ");
    return { text: `$(error) Gradients: ${counts}${stale}`, tooltip };
  }
  if (warnings > 0) return { text: `$(warning) Gradients: ${plural(warnings, "warning")}${stale}`, tooltip };
  if (view.models.some(isProvisional)) return { text: `$(pulse) Gradients: provisional${stale}`, tooltip };
  if (findings.length > 0) return { text: `$(info) Gradients: ${plural(findings.length, "note")}${stale}`, tooltip };
  const measured = view.models.some((model) => model.shown !== undefined);
  return { text: measured ? `$(pass) Gradients: fine${stale}` : "$(pulse) Gradients: not probed", tooltip };
}

/** Whether its newest run is a probe whose verdict may still change. */
function isProvisional({ shown }: ModelView): boolean {
  return shown?.end != null && shown.history !== null && provisional(shown.history, shown.findings) !== null;
}

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
