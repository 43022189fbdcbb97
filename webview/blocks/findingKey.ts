/** The legend's key of the bars along the timesteps that findings are about. */

import { type Severity, severities } from "../../src/protocol/finding.ts";
import type { View } from "../state/store.ts";

/** Severity of the gravest finding with a bar in the charts of a layer; null if there is none. */
export function markedSeverity(view: View, layer: string): Severity | null {
  const marked = view.findings.filter(
    ({ finding, stale }) => finding.layer === layer && finding.timesteps !== null && !stale,
  );
  return severities.find((severity) => marked.some(({ finding }) => finding.severity === severity)) ?? null;
}

/** Shows the key in the colour of its bars, or hides it. */
export function showFindingKey(key: HTMLElement, severity: Severity | null): void {
  key.hidden = severity === null;
  for (const other of severities) key.firstElementChild?.classList.toggle(other, other === severity);
}
