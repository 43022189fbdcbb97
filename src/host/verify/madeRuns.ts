/**
 * The runs of a verification that ended early, so that continuing it repeats none of them. A run that was made counts as
 * if it took its time again: the same decisions follow as if the first budget had been larger.
 */

import type { ReplicateRequest, VerifyMeans } from "../../diagnosis/verify/bench.ts";
import type { Clock } from "../../diagnosis/verify/clock.ts";
import type { Ran } from "../../diagnosis/verify/replicate.ts";
import type { RunRequestMessage } from "../runs/engineJob.ts";

/** What names a run: the same request gives the same run. */
export interface MadeRequest {
  readonly configText: string;
  readonly model: string;
  readonly seed: number;
  readonly steps: number;
}

export interface Made {
  readonly ran: Ran;
  /** Milliseconds. */
  readonly took: number;
}

/** Where the runs of one verification are written, so that the next window finds them. */
export interface MadeRunsPlace {
  /** Where the next run is written; undefined: nowhere. */
  next(): RunRequestMessage["keep"];
  /** Removes all of them. */
  remove(): void;
}

const nowhere: MadeRunsPlace = { next: () => undefined, remove: () => {} };

export class MadeRuns {
  readonly #made = new Map<string, Made>();
  readonly place: MadeRunsPlace;
  /** Steps of each run, once a verification ended early with them. */
  steps: number | null = null;
  #last: number | null = null;

  constructor(place: MadeRunsPlace = nowhere) {
    this.place = place;
  }

  /** Milliseconds that all runs took together. */
  get took(): number {
    return [...this.#made.values()].reduce((sum, { took }) => sum + took, 0);
  }

  get size(): number {
    return this.#made.size;
  }

  /** Steps of the run that was made last; null without one. */
  get lastSteps(): number | null {
    return this.#last;
  }

  /** Takes over a run that an earlier window made. */
  add(request: MadeRequest, made: Made): void {
    if (!isWhole(made.ran)) return;
    this.#made.set(keyOf(request), made);
    this.#last = request.steps;
  }

  /** The runner and the clock of one verification: runs that were made are answered at once. */
  means(run: VerifyMeans["run"], clock: Clock): Pick<VerifyMeans, "run" | "now" | "after"> {
    let ahead = 0;
    return {
      now: () => clock.now() + ahead,
      after: clock.after,
      run: async (request, signal) => {
        const key = keyOf(named(request));
        const made = this.#made.get(key);
        if (made && !signal.aborted) {
          ahead += made.took;
          return made.ran;
        }
        const began = clock.now();
        const ran = await run(request, signal);
        this.add(named(request), { ran, took: clock.now() - began });
        return ran;
      },
    };
  }
}

/** Whether another run from the same seed would end in the same way. */
function isWhole({ end }: Ran): boolean {
  return end.kind !== "cancelled" && end.kind !== "failed";
}

function named({ configText, model, seed, steps }: ReplicateRequest): MadeRequest {
  return { configText, model: model.name, seed, steps };
}

function keyOf({ configText, model, seed, steps }: MadeRequest): string {
  return JSON.stringify([configText, model, seed, steps]);
}
