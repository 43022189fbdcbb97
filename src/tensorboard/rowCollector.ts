/**
 * Puts the scalars of a file together to rows of a history. Programs write a step's scalars in one event or in many,
 * in order of the steps or, with several files, not quite: rows wait in a window and leave it in ascending order.
 */

import type { Profile } from "../protocol/frame.ts";
import type { RankStep } from "./ranks.ts";

interface Pending {
  readonly row: Float64Array;
  readonly profiles: Profile[];
}

export class RowCollector {
  readonly #columns: number;
  readonly #window: number;
  readonly #pending = new Map<number, Pending>();
  #ready: RankStep[] = [];
  #written = Number.NEGATIVE_INFINITY;
  #late = 0;

  /**
   * @param columns number of columns of a row.
   * @param window number of rows that wait, at least 1.
   */
  constructor(columns: number, window: number) {
    this.#columns = columns;
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

  /** The rows that have left the window since the last call, in ascending order. */
  take(): readonly RankStep[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  /** Lets all rows leave the window. */
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
    const pending = { row: new Float64Array(this.#columns).fill(Number.NaN), profiles: [] };
    this.#pending.set(step, pending);
    return pending;
  }

  #release(kept: number): void {
    const steps = [...this.#pending.keys()].sort((a, b) => a - b);
    for (const step of steps.slice(0, steps.length - kept)) {
      const pending = this.#pending.get(step);
      if (!pending) continue;
      this.#pending.delete(step);
      this.#written = step;
      this.#ready.push({ step, ...pending });
    }
  }
}
