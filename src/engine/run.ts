/** What the engine does for its callers: the engine process (for the editor) and the command line. */

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
  /** Instead of what `training` asks for; a probe has no other limit but its budget. */
  readonly steps: number | null;
  /** Milliseconds after which no further step is begun; null: no limit. */
  readonly budget: number | null;
  /** Of a training run: write the checkpoints that the config asks for, or go on from the last one and write on. Neither by default. */
  readonly checkpoints?: "write" | "resume";
}

/** Hears of a run. Called synchronously between steps; must return quickly. */
export interface RunSink {
  started(info: RunInfo): void;
  /** One step: a frame with one row, `seq` counting steps. */
  step(frame: Frame): void;
  /** At the end of a run that learnt something: how far back the net uses its inputs. */
  needed?(need: MeasuredNeed): void;
}

export type RunOutcome = RunEnd;
