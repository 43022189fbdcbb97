/** The finding that a verification is for, and the fixes that it tries. */

import type { ResolvedModel } from "../../config/resolved.ts";
import { type Finding, type Fix, severities } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { loneBatchFix } from "../fixes/batchFixes.ts";
import { present } from "../fixes/fix.ts";
import { fixesOfScale } from "../rules/dataScale.ts";

/** The first of the gravest findings that has a fix; rules come in the order of causes. */
export function targetOf(findings: readonly Finding[]): Finding | undefined {
  return [...findings]
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    .find(({ fixes }) => fixes.length > 0);
}

/** The fixes that were offered, and others that the first run offers for the same finding. */
export function candidatesFor(finding: Finding, found: readonly Finding[]): readonly Fix[] {
  const same = found.find((other) => other.code === finding.code && other.layer === finding.layer);
  return distinct([...finding.fixes, ...(same?.fixes ?? [])]);
}

/** Fixes of each other finding that are combined with the target's. */
const partnersOfEach = 2;
const mostPartners = 4;

/**
 * Fixes for a second cause: the first ones offered for the other warnings, then those for what is known about the data
 * and the batches.
 */
export function partnersFor(
  finding: Finding,
  found: readonly Finding[],
  model: ResolvedModel,
  history: RunHistory,
): readonly Fix[] {
  const others = found.filter(({ code, layer }) => code !== finding.code || layer !== finding.layer);
  const warnings = others.filter(({ severity }) => severity !== "information");
  return distinct([
    ...warnings.flatMap(({ fixes }) => fixes.slice(0, partnersOfEach)),
    // The scale of the data is reported only where it explains the run, which a graver cause can hide.
    ...(finding.code === "data-scale" ? [] : fixesOfScale(history, model).slice(0, 1)),
    ...paddingFixes(others),
    ...present([loneBatchFix(model)]),
  ]).slice(0, mostPartners);
}

/**
 * What to fix next in a net that a fix did not teach: first what is known about the data and the batches, then every
 * warning's first fix, every warning's second one, and so on.
 */
export function offersOf(found: readonly Finding[], history: RunHistory, model: ResolvedModel): readonly Fix[] {
  const warnings = found.filter(({ severity }) => severity !== "information");
  const most = Math.max(0, ...warnings.map(({ fixes }) => fixes.length));
  return distinct([
    ...fixesOfScale(history, model).slice(0, 1),
    ...paddingFixes(found),
    ...present([loneBatchFix(model)]),
    ...Array.from({ length: most }, (_, i) => warnings.flatMap(({ fixes }) => fixes.slice(i, i + 1))).flat(),
  ]);
}

function paddingFixes(found: readonly Finding[]): readonly Fix[] {
  return found
    .filter(({ code, severity }) => severity === "information" && code === "padding")
    .flatMap(({ fixes }) => fixes.slice(0, 1));
}

/** Distinguishes fixes by their edits: two findings may offer the same one. */
export function distinct(fixes: readonly Fix[]): readonly Fix[] {
  const seen = new Set<string>();
  return fixes.filter(({ edits }) => {
    const key = JSON.stringify(edits);
    return !seen.has(key) && seen.add(key);
  });
}
