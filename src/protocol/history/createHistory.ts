/** How histories come about: from nothing, or from a snapshot of another. */

import type { HistoryOptions, HistorySnapshot, RunHistory } from "../history.ts";
import type { RunInfo } from "../run.ts";
import { HistoryStore } from "./store.ts";

/** An empty history of a run. `append` throws a RangeError for a frame that does not fit `info`. */
export function createHistory(info: RunInfo, options?: HistoryOptions): RunHistory {
  return new HistoryStore(info, options);
}

/** Continues where `snapshot` was taken; with the options the first history had, appending gives the same as there. */
export function restoreHistory(snapshot: HistorySnapshot, options?: HistoryOptions): RunHistory {
  return HistoryStore.restore(snapshot, options);
}
