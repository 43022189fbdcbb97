/** The mean training loss of every epoch, which some schedules go by. */

import type { Schedule } from "./schedule.ts";

export class EpochLosses {
  readonly #perEpoch: number;
  readonly #schedule: Schedule;
  readonly #losses: number[] = [];
  #sum = 0;

  /** @param perEpoch steps of an epoch. */
  constructor(perEpoch: number, schedule: Schedule) {
    this.#perEpoch = perEpoch;
    this.#schedule = schedule;
  }

  /** @param step counted from 1. */
  add(step: number, loss: number): void {
    this.#sum += loss / this.#perEpoch;
    if (step % this.#perEpoch === 0) this.#end(this.#sum);
  }

  get state(): { readonly losses: readonly number[]; readonly sum: number } {
    return { losses: this.#losses, sum: this.#sum };
  }

  /** Brings it, and the schedule, to where another one was. */
  restore({ losses, sum }: { readonly losses: readonly number[]; readonly sum: number }): void {
    for (const loss of losses) this.#end(loss);
    this.#sum = sum;
  }

  #end(loss: number): void {
    this.#losses.push(loss);
    this.#schedule.epochEnded(loss);
    this.#sum = 0;
  }
}
