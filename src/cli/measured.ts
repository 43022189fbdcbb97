/** What the command line knows about a model once its run is over. */

import type { Problem } from "../config/problem.ts";
import type { ResolvedModel } from "../config/resolved.ts";
import type { RunOutcome } from "../engine/run.ts";
import type { Finding } from "../protocol/finding.ts";
import type { Frame } from "../protocol/frame.ts";
import type { RunHistory } from "../protocol/history.ts";

export interface Measured {
  readonly model: ResolvedModel;
  readonly outcome: RunOutcome;
  /** Null if the run was refused before its first step. */
  readonly history: RunHistory | null;
  /** Every step as measured, if requested. */
  readonly frames: readonly Frame[];
  readonly findings: readonly Finding[];
  /** Remarks on the data. */
  readonly warnings: readonly Problem[];
  readonly milliseconds: number;
}
