/** The questions that the tables put to the diagnosis, in one place each. */

import type { ResolvedModel } from "../../src/config/resolved.ts";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import type { Finding, FindingCode } from "../../src/protocol/finding.ts";
import type { RunHistory } from "../../src/protocol/history.ts";

const breaking: readonly FindingCode[] = ["vanishing-through-time", "exploding-through-time", "non-finite"];

export interface Asked {
  readonly findings: (history: RunHistory, model: ResolvedModel) => readonly Finding[];
  /** Whether what is said of a probe is said with reserve. */
  readonly isProvisional: (history: RunHistory) => boolean;
  /** Whether the net will not learn. */
  readonly predictsFailure: (history: RunHistory, model: ResolvedModel) => boolean;
}

export const asked: Asked = {
  findings: diagnose,
  isProvisional: () => false,
  /** By the gradients alone: whatever looks at the loss curve only is left to the rule beside it. */
  predictsFailure: (history, model) =>
    diagnose(history, model).some((f) => breaking.includes(f.code) && f.severity !== "information"),
};
