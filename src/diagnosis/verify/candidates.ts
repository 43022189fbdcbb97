/** What a verification is for, and which fixes it tries. */

import { type Finding, type Fix, severities } from "../../protocol/finding.ts";

/** Of the gravest findings the first that has a fix: rules are in the order of cause. */
export function targetOf(findings: readonly Finding[]): Finding | undefined {
  return [...findings]
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    .find(({ fixes }) => fixes.length > 0);
}

/** What was offered, and what else the first run would offer for the same finding. */
export function candidatesFor(finding: Finding, found: readonly Finding[]): readonly Fix[] {
  const same = found.find((other) => other.code === finding.code && other.layer === finding.layer);
  return distinct([...finding.fixes, ...(same?.fixes ?? [])]);
}

/** Fixes of each other finding that are tried beside the target's, in combinations. */
const partnersOfEach = 2;
const mostPartners = 4;

/** Of a net with two causes, the fixes for the other one: the first of what is offered for the other warnings. */
export function partnersFor(finding: Finding, found: readonly Finding[]): readonly Fix[] {
  const others = found.filter(
    ({ code, layer, severity }) => severity !== "information" && (code !== finding.code || layer !== finding.layer),
  );
  return distinct(others.flatMap(({ fixes }) => fixes.slice(0, partnersOfEach))).slice(0, mostPartners);
}

/** By what they do: two findings may offer the same edit. */
export function distinct(fixes: readonly Fix[]): readonly Fix[] {
  const seen = new Set<string>();
  return fixes.filter(({ edits }) => {
    const key = JSON.stringify(edits);
    return !seen.has(key) && seen.add(key);
  });
}
