/** How a run ended, for people. */

import type { RunEnd } from "../../protocol/engineMessages.ts";

/** A few words: `completed`, `diverged at step 12`, `failed: <cause>`. */
export function describeEnd(end: RunEnd): string {
  switch (end.kind) {
    case "completed":
      return "completed";
    case "completed-early":
      return `completed early: ${end.reason}`;
    case "budget":
      return "ended with its time budget";
    case "cancelled":
      return "stopped";
    case "diverged":
      return `diverged at step ${end.step}`;
    case "refused":
      return `refused: ${end.problems.map((p) => p.message).join(" ")}`;
    case "failed":
      return `failed: ${end.message}`;
  }
}
