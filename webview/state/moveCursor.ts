/** Effects of keys and the pointer on the linked cursor. */

import { rowAt, selection } from "./selection.ts";
import type { Store } from "./store.ts";

/** The move that a key asks for: a distance along an axis, an end, or release. */
export type CursorMove =
  | { readonly axis: "x" | "y"; readonly by: number }
  | { readonly axis: "x"; readonly to: "first" | "last" }
  | { readonly release: true };

function clamp(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

/** Moves the pinned step to a measured step; at the newest one it follows again. */
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

/** Moves the pinned timestep; it starts at the last one, where the gradient enters. */
export function moveTimestep(store: Store, by: number): void {
  const chosen = selection(store.view);
  if (chosen === null) return;
  const { timesteps } = chosen;
  const now = store.view.ui.timestep ?? (by < 0 ? timesteps + 1 : 0);
  store.choose({ timestep: clamp(now + by, 1, timesteps) });
}

/** Pins the cursor at a step; at the newest one it follows. */
export function pinStep(store: Store, step: number): number | null {
  return step >= (store.view.history?.lastStep ?? 0) ? null : Math.max(1, Math.round(step));
}
