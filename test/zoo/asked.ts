/** The questions that the tables ask the diagnosis, each in one place. */

import type { ResolvedModel } from "../../src/config/resolved.ts";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import { predictsFailure } from "../../src/diagnosis/outlook.ts";
import { provisional } from "../../src/diagnosis/provisional.ts";
import type { Finding } from "../../src/protocol/finding.ts";
import type { RunHistory } from "../../src/protocol/history.ts";

export interface Asked {
  readonly findings: (history: RunHistory, model: ResolvedModel) => readonly Finding[];
  /** Whether the findings of a probe are provisional. */
  readonly isProvisional: (history: RunHistory, findings: readonly Finding[]) => boolean;
  /** Whether the diagnosis predicts that the net will not learn. */
  readonly predictsFailure: (history: RunHistory, model: ResolvedModel) => boolean;
}

export const asked: Asked = {
  findings: diagnose,
  isProvisional: (history, findings) => provisional(history, findings) !== null,
  predictsFailure: (history, model) => predictsFailure(history, model, diagnose(history, model)),
};
