/** What a key or a pointer on a chart does to the linked cursor. */

import { rowAt, selection } from "./selection.ts";
import type { Store } from "./store.ts";

/** What a key asks for: a distance along an axis, an end, or to let go. */
export type CursorMove =
  | { readonly axis: "x" | "y"; readonly by: number }
  | { readonly axis: "x"; readonly to: "first" | "last" }
  | { readonly release: true };

function clamp(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

/** Moves the pinned step to a measured step; the newest one lets it follow again. */
export function moveStep(store: Store, move: CursorMove): void {
  const { history, ui } = store.view;
  if (history === null || history.steps.length === 0) return;
  if ("release" in move) {
    store.choose({ step: null, timestep: null });
    return;
  }
  const { steps } = history;
  const last = steps.length - 1;
  const now = ui.step === null ? last : rowAt(steps, ui.step);
  const row = "to" in move ? (move.to === "first" ? 0 : last) : clamp(now + move.by, 0, last);
  store.choose({ step: row === last ? null : steps[row]! });
}

/** Moves the pinned timestep; begins at the last one, where the gradient comes in. */
export function moveTimestep(store: Store, by: number): void {
  const chosen = selection(store.view);
  if (chosen === null) return;
  const { timesteps } = chosen;
  const now = store.view.ui.timestep ?? (by < 0 ? timesteps + 1 : 0);
  store.choose({ timestep: clamp(now + by, 1, timesteps) });
}

/** Pins the cursor at a step; the newest lets it follow. */
export function pinStep(store: Store, step: number): number | null {
  return step >= (store.view.history?.lastStep ?? 0) ? null : Math.max(1, Math.round(step));
}
