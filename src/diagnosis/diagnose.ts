/** All findings of a run. */

import type { ResolvedModel } from "../config/resolved.ts";
import { type Finding, severities } from "../protocol/finding.ts";
import type { RunHistory } from "../protocol/history.ts";
import { explodingGradient } from "./rules/explodingGradient.ts";
import { explodingThroughTime } from "./rules/explodingThroughTime.ts";
import { nonFinite } from "./rules/nonFinite.ts";
import type { Rule } from "./rules/rule.ts";
import { vanishingThroughTime } from "./rules/vanishingThroughTime.ts";
import { ofSavedModel } from "./savedModel.ts";

const rules: readonly Rule[] = [nonFinite, explodingThroughTime, explodingGradient, vanishingThroughTime];

/**
 * Findings of what `history` holds so far, the gravest first, then in the order of the layers. Pure: the same history
 * gives the same findings; `model` is the config the run was started from.
 */
export function diagnose(history: RunHistory, model: ResolvedModel): readonly Finding[] {
  const findings = rules.flatMap((rule) => rule(history, model));
  return settle(ofSavedModel(findings, model.file)).sort(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
  );
}

/** What follows from a graver finding of the same layer is told as such, so that the cause is repaired and not the effect. */
function settle(findings: readonly Finding[]): Finding[] {
  const exploded = new Set(
    findings.filter((f) => f.code === "exploding-through-time" && f.severity !== "information").map((f) => f.layer),
  );
  return findings.map((f) => {
    if (f.code !== "vanishing-through-time" || f.severity !== "warning" || !exploded.has(f.layer)) return f;
    const explanation = `${f.explanation} The layer's gradient exploded before: see to that first.`;
    return { ...f, severity: "information", explanation };
  });
}
