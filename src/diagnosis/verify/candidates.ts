/** The finding that a verification is for, and the fixes that it tries. */

import { type Finding, type Fix, severities } from "../../protocol/finding.ts";

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

/** Fixes for a second cause: the first ones offered for the other warnings. */
export function partnersFor(finding: Finding, found: readonly Finding[]): readonly Fix[] {
  const others = found.filter(
    ({ code, layer, severity }) => severity !== "information" && (code !== finding.code || layer !== finding.layer),
  );
  return distinct(others.flatMap(({ fixes }) => fixes.slice(0, partnersOfEach))).slice(0, mostPartners);
}

/** Distinguishes fixes by their edits: two findings may offer the same one. */
export function distinct(fixes: readonly Fix[]): readonly Fix[] {
  const seen = new Set<string>();
  return fixes.filter(({ edits }) => {
    const key = JSON.stringify(edits);
    return !seen.has(key) && seen.add(key);
  });
}
