/**
 * Puts the scalars of a file together to rows of a history. Programs write a step's scalars in one event or in many,
 * in order of the steps or, with several files, not quite: rows wait in a window and leave it in ascending order.
 */

import type { Profile } from "../protocol/frame.ts";
import type { RunHistory } from "../protocol/history.ts";

interface Pending {
  readonly row: Float64Array;
  readonly profiles: Profile[];
}

export class RowCollector {
  readonly #history: RunHistory;
  readonly #window: number;
  readonly #pending = new Map<number, Pending>();
  #written = Number.NEGATIVE_INFINITY;
  #seq = 0;
  #late = 0;

  /** @param window number of rows that wait, at least 1. */
  constructor(history: RunHistory, window: number) {
    this.#history = history;
    this.#window = Math.max(1, window);
  }

  /** Number of values that came too late to be put in order. */
  get late(): number {
    return this.#late;
  }

  set(step: number, column: number, value: number): void {
    const row = this.#at(step)?.row;
    if (row) row[column] = value;
  }

  add(step: number, profile: Profile): void {
    this.#at(step)?.profiles.push(profile);
  }

  /** Hands all rows over. */
  finish(): void {
    this.#release(0);
  }

  #at(step: number): Pending | undefined {
    const known = this.#pending.get(step);
    if (known) return known;
    if (step <= this.#written) {
      this.#late += 1;
      return undefined;
    }
    // Releasing half at a time keeps the sorting linear enough, and 1 when rows come in order.
    if (this.#pending.size >= this.#window) this.#release(Math.floor(this.#window / 2));
    if (step <= this.#written) return this.#at(step);
    const pending = { row: new Float64Array(this.#history.info.columns.length).fill(Number.NaN), profiles: [] };
    this.#pending.set(step, pending);
    return pending;
  }

  #release(kept: number): void {
    const steps = [...this.#pending.keys()].sort((a, b) => a - b);
    for (const step of steps.slice(0, steps.length - kept)) {
      const pending = this.#pending.get(step);
      if (!pending) continue;
      this.#pending.delete(step);
      this.#seq += 1;
      this.#written = step;
      this.#history.append({
        runId: this.#history.info.runId,
        seq: this.#seq,
        steps: Float64Array.of(step),
        rows: pending.row,
        profiles: pending.profiles,
      });
    }
  }
}
