/** Whether a probe shows a healthy model: what the Test Explorer calls passed. Independent of VS Code. */

import type { JsonPath } from "../../config/resolved.ts";
import { modelSummary } from "../../diagnosis/text/summary.ts";
import type { Run } from "../runs/run.ts";

export interface HealthProblem {
  readonly message: string;
  /**
   * The value of the config at which VS Code writes it: what causes it or, for a finding, the model. The layer's line has
   * its squiggle and sparkline already, and would have them covered.
   */
  readonly place: JsonPath;
}

export type Health =
  | { readonly kind: "passed"; readonly summary: string }
  | { readonly kind: "failed"; readonly problems: readonly HealthProblem[] }
  /** It could not be measured. */
  | { readonly kind: "errored"; readonly problems: readonly HealthProblem[] }
  | { readonly kind: "skipped" };

/** @param run a run that has ended */
export function healthOf(run: Run): Health {
  const whole: JsonPath = ["models", run.name];
  const { end, history } = run;
  if (end?.kind === "refused")
    return { kind: "errored", problems: end.problems.map(({ message, path }) => ({ message, place: path })) };
  if (end?.kind === "failed") return { kind: "errored", problems: [{ message: end.message, place: whole }] };
  if (end === null || end.kind === "cancelled" || !history || history.lastStep === 0) return { kind: "skipped" };
  const grave = run.findings.filter(({ severity }) => severity !== "information");
  if (grave.length === 0) return { kind: "passed", summary: modelSummary(history, run.findings).headline };
  return {
    kind: "failed",
    problems: grave.map(({ message, explanation, fixes }) => ({
      message: [message, explanation, ...fixes.map(({ title }) => `› ${title}`)].join("\n"),
      place: whole,
    })),
  };
}
