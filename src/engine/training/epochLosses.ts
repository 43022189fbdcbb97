/** The losses of every epoch, which some schedules and early stopping go by. */

import type { EarlyStoppingConfig } from "../../config/resolved.ts";
import { earlyStopping } from "./earlyStopping.ts";
import type { Schedule } from "./schedule.ts";

/** Of the epochs that are over, and the sum of the present one's training loss so far. */
export interface EpochState {
  readonly losses: readonly number[];
  /** Null: not tested. */
  readonly testLosses: readonly (number | null)[];
  readonly sum: number;
}

export class EpochLosses {
  readonly #perEpoch: number;
  readonly #schedule: Schedule;
  readonly #verdict: ReturnType<typeof earlyStopping> | null;
  readonly #losses: number[] = [];
  readonly #testLosses: (number | null)[] = [];
  #sum = 0;

  /** @param perEpoch steps of an epoch. */
  constructor(perEpoch: number, schedule: Schedule, stopping: EarlyStoppingConfig | null) {
    this.#perEpoch = perEpoch;
    this.#schedule = schedule;
    this.#verdict = stopping && earlyStopping(stopping);
  }

  /** Whether an epoch is over after a step, counted from 1. */
  endsAt(step: number): boolean {
    return step % this.#perEpoch === 0;
  }

  /**
   * @param testLoss where the epoch ends with the step and there is one.
   * @returns why training should stop, for people; null: it goes on.
   */
  add(step: number, loss: number, testLoss: number | null): string | null {
    this.#sum += loss / this.#perEpoch;
    return this.endsAt(step) ? this.#end(this.#sum, testLoss) : null;
  }

  get state(): EpochState {
    return { losses: this.#losses, testLosses: this.#testLosses, sum: this.#sum };
  }

  /** Brings it, the schedule and early stopping to where another one was. */
  restore({ losses, testLosses, sum }: EpochState): void {
    for (const [i, loss] of losses.entries()) this.#end(loss, testLosses[i] ?? null);
    this.#sum = sum;
  }

  #end(loss: number, testLoss: number | null): string | null {
    this.#losses.push(loss);
    this.#testLosses.push(testLoss);
    this.#sum = 0;
    this.#schedule.epochEnded(loss);
    return this.#verdict?.({ loss, testLoss }) ?? null;
  }
}
