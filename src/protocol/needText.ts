/** The wording of how far back a net uses its inputs, shared with the page. */

import { needWords } from "../messages/need.ts";
import type { MeasuredNeed } from "./need.ts";

/** `the net uses the last 3 of 96 timesteps`, from the measurement at the end of a run. */
export function needText({ lag, timesteps }: Pick<MeasuredNeed, "lag" | "timesteps">): string {
  return lag === null ? needWords().unused : needWords().uses(lastText(lag, timesteps));
}

/** `the last 3 of 96 timesteps`, from the lag: timesteps back from the last. */
export function lastText(lag: number, timesteps: number): string {
  if (lag === 0) return needWords().last(timesteps);
  return lag >= timesteps - 1 ? needWords().all(timesteps) : needWords().lastOf({ last: lag + 1, all: timesteps });
}
