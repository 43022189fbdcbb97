/** The engine's interface for its callers: the engine process (for the editor) and the command line. */

import type { ResolvedModel } from "../config/resolved.ts";
import type { RunEnd } from "../protocol/engineMessages.ts";
import type { Frame } from "../protocol/frame.ts";
import type { MeasuredNeed } from "../protocol/need.ts";
import type { RunInfo, RunKind } from "../protocol/run.ts";

export interface RunRequest {
  readonly runId: string;
  readonly kind: RunKind;
  readonly model: ResolvedModel;
  /** Path of the config file; data files are relative to its folder. */
  readonly configPath: string;
  /** Overrides the number of steps of `training`; a probe has no other limit but its budget. */
  readonly steps: number | null;
  /** No further step begins after this many milliseconds; null: no limit. */
  readonly budget: number | null;
  /**
   * For a training run: write the config's checkpoints, or resume from the last one and continue to write them.
   * Default: neither.
   */
  readonly checkpoints?: "write" | "resume";
}

/** Receives a run's events. Called synchronously between steps; must return quickly. */
export interface RunSink {
  started(info: RunInfo): void;
  /** One step: a frame with one row; `seq` counts the steps. */
  step(frame: Frame): void;
  /** Called at the end of a run that learnt something, with how far back the net uses its inputs. */
  needed?(need: MeasuredNeed): void;
}

export type RunOutcome = RunEnd;
