/** What the engine does for its callers: the engine process (for the editor) and the command line. */

import type { Problem } from "../config/problem.ts";
import type { ResolvedModel } from "../config/resolved.ts";
import type { Frame } from "../protocol/frame.ts";
import type { RunInfo, RunKind } from "../protocol/run.ts";

export interface RunRequest {
  readonly runId: string;
  readonly kind: RunKind;
  readonly model: ResolvedModel;
  /** Path of the config file; data files are relative to its folder. */
  readonly configPath: string;
  /** Instead of what `training` asks for; a probe has no other limit but its budget. */
  readonly steps: number | null;
  /** Milliseconds after which no further step is begun; null: no limit. */
  readonly budget: number | null;
}

/** Hears of a run. Called synchronously between steps; must return quickly. */
export interface RunSink {
  started(info: RunInfo): void;
  /** One step: a frame with one row, `seq` counting steps. */
  step(frame: Frame): void;
}

export type RunOutcome =
  | { readonly kind: "completed" }
  /** The time budget ended it. */
  | { readonly kind: "budget" }
  | { readonly kind: "cancelled" }
  /** Loss or weights are no longer finite: no further step can mean anything. */
  | { readonly kind: "diverged"; readonly step: number }
  /** Something in the config or its data, with its place. */
  | { readonly kind: "refused"; readonly problems: readonly Problem[] }
  /** A defect or a missing resource; the message is for people. */
  | { readonly kind: "failed"; readonly message: string };
