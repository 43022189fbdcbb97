/** The questions that the tables put to the diagnosis, in one place each. */

import type { ResolvedModel } from "../../src/config/resolved.ts";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import { predictsFailure } from "../../src/diagnosis/outlook.ts";
import { provisional } from "../../src/diagnosis/provisional.ts";
import type { Finding } from "../../src/protocol/finding.ts";
import type { RunHistory } from "../../src/protocol/history.ts";

export interface Asked {
  readonly findings: (history: RunHistory, model: ResolvedModel) => readonly Finding[];
  /** Whether what is said of a probe is said with reserve. */
  readonly isProvisional: (history: RunHistory, findings: readonly Finding[]) => boolean;
  /** Whether the net will not learn. */
  readonly predictsFailure: (history: RunHistory, model: ResolvedModel) => boolean;
}

export const asked: Asked = {
  findings: diagnose,
  isProvisional: (history, findings) => provisional(history, findings) !== null,
  predictsFailure: (history, model) => predictsFailure(history, model, diagnose(history, model)),
};
