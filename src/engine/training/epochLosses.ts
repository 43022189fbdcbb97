/** The losses of every epoch, on which some schedules and early stopping depend. */

import type { EarlyStoppingConfig } from "../../config/resolved.ts";
import type { ResumeState } from "../formats/models/checkpointFormat.ts";
import { earlyStopping } from "./earlyStopping.ts";
import type { Schedule } from "./schedule.ts";

/** Losses of the finished epochs, and the running sum of the present one's training loss. */
export type EpochState = ResumeState["epochs"];

export class EpochLosses {
  readonly #perEpoch: number;
  readonly #schedule: Schedule;
  readonly #stopping: ReturnType<typeof earlyStopping> | null;
  readonly #losses: number[] = [];
  readonly #testLosses: (number | null)[] = [];
  #sum = 0;

  /** @param perEpoch number of steps of an epoch. */
  constructor(perEpoch: number, schedule: Schedule, stopping: EarlyStoppingConfig | null) {
    this.#perEpoch = perEpoch;
    this.#schedule = schedule;
    this.#stopping = stopping && earlyStopping(stopping);
  }

  /** Whether an epoch ends with a step, counted from 1. */
  endsAt(step: number): boolean {
    return step % this.#perEpoch === 0;
  }

  /**
   * @param testLoss the test loss if the epoch ends with the step; null if there is none.
   * @returns why training should stop, for people; null: it continues.
   */
  add(step: number, loss: number, testLoss: number | null): string | null {
    this.#sum += loss / this.#perEpoch;
    return this.endsAt(step) ? this.#end(this.#sum, testLoss) : null;
  }

  get state(): EpochState {
    return { losses: this.#losses, testLosses: this.#testLosses, sum: this.#sum };
  }

  /** Restores the state of another instance, with the schedule and early stopping. */
  restore({ losses, testLosses, sum }: EpochState): void {
    for (const [i, loss] of losses.entries()) this.#end(loss, testLosses[i] ?? null);
    this.#sum = sum;
  }

  #end(loss: number, testLoss: number | null): string | null {
    this.#losses.push(loss);
    this.#testLosses.push(testLoss);
    this.#sum = 0;
    this.#schedule.epochEnded(loss);
    return this.#stopping?.({ loss, testLoss }) ?? null;
  }
}
