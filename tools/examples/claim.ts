/** Claims about an example's models, in a form that is both printed (the README's table) and measured. */

import type { RunFigures } from "../../src/protocol/figures.ts";
import { type Finding, type FindingCode, type Severity, severities } from "../../src/protocol/finding.ts";
import type { ExampleRun } from "./runExample.ts";

export interface Claim {
  readonly models: readonly string[];
  /** Length of the runs; "all" for the config's own length. */
  readonly steps: number | "all";
  readonly expectations: readonly Expectation[];
}

export interface Expectation {
  /** Text in the table. */
  readonly text: string;
  /** The measured value if it contradicts the expectation; otherwise undefined. */
  readonly contradiction: (run: ExampleRun) => string | undefined;
}

/** @param models names, separated by spaces */
export function claim(models: string, steps: Claim["steps"], ...expectations: readonly Expectation[]): Claim {
  return { models: models.split(" "), steps, expectations };
}

/** `` `lstm`, `gru` (200): loss < 0.3, no warning ``. */
export function claimText({ models, steps, expectations }: Claim): string {
  const names = models.map((name) => `\`${name}\``).join(", ");
  return `${names} (${steps}): ${expectations.map((e) => e.text).join(", ")}`;
}

/** The loss ends below a limit (median of the newest steps). */
export function lossBelow(limit: number): Expectation {
  return figure(`loss < ${limit}`, "loss", (loss) => loss < limit);
}

/** The loss ends above a limit. */
export function lossAbove(limit: number): Expectation {
  return figure(`loss > ${limit}`, "loss", (loss) => loss > limit);
}

/** The newest loss on the samples held out for testing. */
export function testLossBelow(limit: number): Expectation {
  return {
    text: `test loss < ${limit}`,
    contradiction: ({ history }) => {
      const known = (history.series("testLoss") ?? new Float64Array(0)).filter((v) => !Number.isNaN(v));
      const loss = known.at(-1) ?? Number.NaN;
      return loss < limit ? undefined : `test loss ${loss}`;
    },
  };
}

/** No better than the best answer that ignores the input, within 5 %, as in the diagnosis. */
export const atBaseline: Expectation = {
  text: "loss at the baseline",
  contradiction: ({ figures: { loss, baselineLoss } }) =>
    loss >= 0.95 * baselineLoss ? undefined : `loss ${loss}, baseline ${baselineLoss}`,
};

/**
 * Number of timesteps back that the gradient reaches in the layer where it reaches farthest, out of those that the task
 * requires.
 */
export function reaches(bound: "≥" | "≤", timesteps: number, required: number): Expectation {
  return {
    text: timesteps === required ? `reaches all ${required}` : `reaches ${bound} ${timesteps} of ${required}`,
    contradiction: ({ figures: { horizon, requiredLag } }) => {
      const holds = requiredLag === required && (bound === "≥" ? horizon >= timesteps : horizon <= timesteps);
      return holds ? undefined : `reaches ${horizon} of ${requiredLag}`;
    },
  };
}

/** The largest norm of all weight gradients over all steps, before clipping. */
export function gradientAbove(limit: number): Expectation {
  return figure(
    `gradient norm > ${limit.toExponential().replace("+", "")}`,
    "largestGradientNorm",
    (norm) => norm > limit,
  );
}

/** Norm of the first layer's recurrent weights at the last step. */
export function recurrentNorm(bound: "<" | ">", limit: number): Expectation {
  return {
    text: `recurrent norm ${bound} ${limit}`,
    contradiction: ({ history }) => {
      const norm = history.series("weightNorm", 0, "recurrent_kernel")?.at(-1) ?? Number.NaN;
      return (bound === "<" ? norm < limit : norm > limit) ? undefined : `recurrent norm ${norm}`;
    },
  };
}

/** A finding with at least this severity. */
export function finds(code: FindingCode, severity: Severity = "information"): Expectation {
  const grave = severities.slice(0, severities.indexOf(severity) + 1);
  return {
    text: severity === "information" ? `*${code}*` : `${severity} *${code}*`,
    contradiction: ({ findings }) =>
      findings.some((f) => f.code === code && grave.includes(f.severity)) ? undefined : listed(findings),
  };
}

/** No warning and no error. */
export const noWarning: Expectation = {
  text: "no warning",
  contradiction: ({ findings }) => {
    const graver = findings.filter((f) => f.severity !== "information");
    return graver.length === 0 ? undefined : listed(graver);
  },
};

/** No finding of this kind, not even as information. */
export function noFinding(code: FindingCode): Expectation {
  return {
    text: `no *${code}*`,
    contradiction: ({ findings }) => (findings.some((f) => f.code === code) ? listed(findings) : undefined),
  };
}

function figure(text: string, name: keyof RunFigures, holds: (value: number) => boolean): Expectation {
  return {
    text,
    contradiction: ({ figures }) => (holds(figures[name]) ? undefined : `${name} ${figures[name]}`),
  };
}

function listed(findings: readonly Finding[]): string {
  return `findings: ${findings.map((f) => `${f.severity} ${f.code} (${f.message})`).join("; ") || "none"}`;
}
