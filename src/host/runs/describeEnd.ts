/** Describes how a run ended. */

import { inlineWords } from "../../messages/inline.ts";
import type { RunEnd } from "../../protocol/engineMessages.ts";

/** A few words: `completed`, `diverged at step 12`, `failed: <cause>`. */
export function describeEnd(end: RunEnd): string {
  switch (end.kind) {
    case "completed":
      return inlineWords().completed;
    case "completed-early":
      return inlineWords().completedEarly(end.reason);
    case "budget":
      return inlineWords().endedWithBudget;
    case "cancelled":
      return inlineWords().stopped;
    case "diverged":
      return inlineWords().divergedAt(end.step);
    case "refused":
      return inlineWords().refused(end.problems.map((p) => p.message).join(" "));
    case "failed":
      return inlineWords().failed(end.message);
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
      return inlineWords().stoppedSentence;
    case "completed":
    case "completed-early":
    case "budget":
    case "diverged":
      return inlineWords().noResult;
  }
}
