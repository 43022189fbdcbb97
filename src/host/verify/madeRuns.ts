/**
 * The runs of a verification that ended early, so that continuing it repeats none of them. A run that was made counts as
 * if it took its time again: the same decisions follow as if the first budget had been larger.
 */

import type { ReplicateRequest, VerifyMeans } from "../../diagnosis/verify/bench.ts";
import type { Clock } from "../../diagnosis/verify/clock.ts";
import type { Ran } from "../../diagnosis/verify/replicate.ts";

interface Made {
  readonly ran: Ran;
  /** Milliseconds. */
  readonly took: number;
}

export class MadeRuns {
  readonly #made = new Map<string, Made>();
  /** Steps of each run, once a verification ended early with them. */
  steps: number | null = null;

  /** Milliseconds that all runs took together. */
  get took(): number {
    return [...this.#made.values()].reduce((sum, { took }) => sum + took, 0);
  }

  /** The runner and the clock of one verification: runs that were made are answered at once. */
  means(run: VerifyMeans["run"], clock: Clock): Pick<VerifyMeans, "run" | "now" | "after"> {
    let ahead = 0;
    return {
      now: () => clock.now() + ahead,
      after: clock.after,
      run: async (request, signal) => {
        const key = keyOf(request);
        const made = this.#made.get(key);
        if (made && !signal.aborted) {
          ahead += made.took;
          return made.ran;
        }
        const began = clock.now();
        const ran = await run(request, signal);
        if (isWhole(ran)) this.#made.set(key, { ran, took: clock.now() - began });
        return ran;
      },
    };
  }
}

/** Whether another run from the same seed would end in the same way. */
function isWhole({ end }: Ran): boolean {
  return end.kind !== "cancelled" && end.kind !== "failed";
}

function keyOf({ configText, model, seed, steps }: ReplicateRequest): string {
  return JSON.stringify([configText, model.name, seed, steps]);
}
