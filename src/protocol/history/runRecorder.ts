/** Keeps the history of one run from what its engine reports: for every caller that starts a run and reads it later. */

import type { Frame } from "../frame.ts";
import type { RunHistory } from "../history.ts";
import type { MeasuredNeed } from "../need.ts";
import type { RunInfo } from "../run.ts";
import { createHistory } from "./store.ts";

export class RunRecorder {
  #history: RunHistory | null = null;

  /** Null until the model is built; it stays null for a run that is refused. */
  get history(): RunHistory | null {
    return this.#history;
  }

  started(info: RunInfo): RunHistory {
    this.#history = createHistory(info);
    return this.#history;
  }

  /**
   * The history with the frame added; null if the frame does not follow the previous one, or comes before `started`.
   * Frames after such a gap are also refused.
   *
   * @throws RangeError for a frame that does not fit the run's columns.
   */
  frame(frame: Frame): RunHistory | null {
    return this.#history?.append(frame) ? this.#history : null;
  }

  needed(need: MeasuredNeed): void {
    this.#history?.setNeed(need);
  }
}
