/** The finding that a verification is for, and the fixes that it tries. */

import type { ResolvedModel } from "../../config/resolved.ts";
import { type Finding, type FindingCode, type Fix, severities } from "../../protocol/finding.ts";
import { loneBatchFix } from "../fixes/batchFixes.ts";
import { present } from "../fixes/fix.ts";

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

/** Facts about the data. A graver cause makes them information, and they stay when that one is gone. */
const dataCauses: readonly FindingCode[] = ["data-scale", "padding"];

/**
 * Fixes for a second cause: the first ones offered for the other warnings, then those for what is known about the data
 * and the batches.
 */
export function partnersFor(finding: Finding, found: readonly Finding[], model: ResolvedModel): readonly Fix[] {
  const others = found.filter(({ code, layer }) => code !== finding.code || layer !== finding.layer);
  const warnings = others.filter(({ severity }) => severity !== "information");
  const facts = others.filter(({ code, severity }) => severity === "information" && dataCauses.includes(code));
  return distinct([
    ...warnings.flatMap(({ fixes }) => fixes.slice(0, partnersOfEach)),
    ...facts.flatMap(({ fixes }) => fixes.slice(0, 1)),
    ...present([loneBatchFix(model)]),
  ]).slice(0, mostPartners);
}

/** Distinguishes fixes by their edits: two findings may offer the same one. */
export function distinct(fixes: readonly Fix[]): readonly Fix[] {
  const seen = new Set<string>();
  return fixes.filter(({ edits }) => {
    const key = JSON.stringify(edits);
    return !seen.has(key) && seen.add(key);
  });
}
