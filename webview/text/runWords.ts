/** Describes runs in words. */

import { panelWords } from "../../src/messages/panel.ts";
import { formatCount } from "../../src/protocol/numberText.ts";
import type { RunSummary } from "../../src/protocol/panelMessages.ts";

/** State of a run: `running`, `completed`, `diverged at step 34`. */
export function outcome(run: RunSummary): string {
  if (run.state !== "ended" || run.end === null) return panelWords().states[run.state];
  const { end } = run;
  return end.kind === "diverged" ? panelWords().divergedAt(formatCount(end.step)) : panelWords().ends[end.kind];
}

/** Why a run has nothing to show; null if that needs no explanation. */
export function trouble(run: RunSummary): string | null {
  if (run.end?.kind === "failed") return run.end.message;
  if (run.end?.kind === "refused") return run.end.problems.map((p) => p.message).join("\n");
  return null;
}

/** `tanh · probe · running` */
export function runTitle(run: RunSummary): string {
  return `${run.model} · ${panelWords().kinds[run.kind]} · ${outcome(run)}`;
}

/** `tanh · adding-problem · probe · running · 14:03:22`, which distinguishes any two runs. */
export function runName(run: RunSummary): string {
  const parts = [run.model, run.configName, panelWords().kinds[run.kind], outcome(run), startTime(run)];
  return parts.filter((part) => part !== "").join(" · ");
}

/** `14:03:22`, with the date for runs of another day. */
export function startTime(run: RunSummary): string {
  const date = new Date(run.startedAt);
  const two = (n: number): string => String(n).padStart(2, "0");
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return date.toDateString() === new Date().toDateString() ? time : `${day} ${time}`;
}

/** `step 812`, or `steps 801–804`. */
export function stepSpan(first: number, last: number): string {
  return first === last
    ? panelWords().step(formatCount(first))
    : panelWords().steps({ first: formatCount(first), last: formatCount(last) });
}
