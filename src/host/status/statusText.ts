/** The status bar's text about the config in view. */

import { shorten } from "../../config/shorten.ts";
import { provisional } from "../../diagnosis/provisional.ts";
import { hostWords } from "../../messages/host.ts";
import { listWords } from "../../messages/lists.ts";
import type { ConfigView, ModelView } from "../findings/configView.ts";
import { modelTitle } from "../inline/lenses.ts";
import { plainLabel } from "../plainLabel.ts";
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
  const lines = models.slice(0, mostLines).map((model) =>
    listWords().named({
      name: shorten(model.name),
      text: modelTitle(model).replaceAll(/\$\([\w~-]+\) ?/g, ""),
    }),
  );
  const tooltip = models.length > mostLines ? [...lines, hostWords().andMore(models.length - mostLines)] : lines;
  if (active) {
    const step = active.history?.lastStep ?? 0;
    const stopping = active.state === "stopping" ? hostWords().andStopping : "";
    return {
      text: `$(sync~spin) ${plainLabel(shorten(active.name))}${stopping}${step > 0 ? ` ${step}` : ""}`,
      tooltip,
    };
  }
  const [job] = verifying;
  if (job) {
    const where = job.stopping
      ? hostWords().stopping
      : hostWords().of({ run: Math.min(job.done + 1, job.total), total: job.total });
    return { text: hostWords().verifying({ model: plainLabel(shorten(job.model)), where }), tooltip };
  }
  if (!view) return undefined;
  if (!trusted) return { text: hostWords().restricted, tooltip: [hostWords().nothingRuns] };
  const failed = view.models.find((model) => model.shown?.end?.kind === "failed");
  if (failed?.shown?.end)
    return {
      text: hostWords().runFailed,
      tooltip: [`${shorten(failed.name)} ${describeEnd(failed.shown.end)}`, ...tooltip],
    };
  const errors =
    view.problems.filter(({ problem }) => problem.severity === "error").length +
    view.models.reduce((n, m) => n + m.refused.length, 0);
  if (errors > 0) return { text: hostWords().withErrors(hostWords().errors(errors)), tooltip };
  const findings = view.models.flatMap((model) => model.findings);
  const grave = findings.filter((f) => f.finding.severity === "error").length;
  const warnings = findings.filter((f) => f.finding.severity === "warning").length;
  const stale = view.models.some((model) => model.stale) ? hostWords().editedSince : "";
  if (grave > 0) {
    const counts = [hostWords().errors(grave), ...(warnings > 0 ? [hostWords().warnings(warnings)] : [])].join(
      hostWords().comma,
    );
    return { text: hostWords().withCounts({ counts, stale }), tooltip };
  }
  if (warnings > 0)
    return { text: hostWords().withWarnings({ warnings: hostWords().warnings(warnings), stale }), tooltip };
  if (view.models.some(isProvisional)) return { text: hostWords().provisional(stale), tooltip };
  if (findings.length > 0)
    return { text: hostWords().withNotes({ notes: hostWords().notes(findings.length), stale }), tooltip };
  const measured = view.models.some((model) => model.shown !== undefined);
  return { text: measured ? hostWords().fine(stale) : hostWords().notProbed, tooltip };
}

/** Whether its newest run is a probe whose verdict may still change. */
function isProvisional({ shown }: ModelView): boolean {
  return shown?.end != null && shown.history !== null && provisional(shown.history, shown.findings) !== null;
}
