/** Describes how a run ended. */

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

/** Explains in a sentence why a requested result is missing. */
export function whyNoResult(end: RunEnd): string {
  switch (end.kind) {
    case "refused":
      return end.problems.map((p) => p.message).join(" ");
    case "failed":
      return end.message;
    case "cancelled":
      return "Stopped.";
    case "completed":
    case "completed-early":
    case "budget":
    case "diverged":
      return "It ended without a result.";
  }
}
