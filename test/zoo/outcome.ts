/** How full training ended, in figures that do not depend on any rule. */

import { z } from "zod";
import { median, tail } from "../../src/protocol/history/median.ts";
import { reachOf } from "../../src/protocol/history/reach.ts";
import type { ZooRun } from "./runEntry.ts";

export const outcomeSchema = z.strictObject({
  seed: z.int(),
  /** Median loss of the last twentieth of the run, as a share of the baseline; null: diverged or refused. */
  lossShare: z.number().nullable(),
  /** Median final horizon as a share of the required lag, for the layer that reaches farthest. */
  horizonShare: z.number(),
  /** Share of the steps in which the gradient grew by more than three decades from the last timestep to the first. */
  growing: z.number(),
});
export type Outcome = z.infer<typeof outcomeSchema>;
export const outcomesSchema = z.record(z.string(), z.array(outcomeSchema));

/** Losses above this share of the baseline count as no better than it; below `learnt`, the net has certainly learnt. */
const failed = 0.93;
const learnt = 0.85;

export function outcomeOf({ history, end }: Pick<ZooRun, "history" | "end">, seed: number): Outcome {
  if (!history) return { seed, lossShare: null, horizonShare: 0, growing: 0 };
  const losses = history.series("loss") ?? new Float64Array(0);
  const last = median(tail(losses, Math.max(20, Math.round(losses.length / 20))));
  const share = last / (history.info.baselineLoss ?? Number.NaN);
  const recurrent = history.info.layers.flatMap((layer, i) => (layer.recurrent ? [i] : []));
  const reaches = recurrent.flatMap((i) => reachOf(history, i) ?? []);
  const survivals = recurrent.flatMap((i) =>
    (history.info.layers[i]?.recurrent?.states ?? []).flatMap((state) => [
      ...(history.series("survival", i, state) ?? []),
    ]),
  );
  return {
    seed,
    lossShare: end.kind === "diverged" || !Number.isFinite(share) ? null : round(share),
    horizonShare: round(Math.max(0, ...reaches.map(({ horizon, required }) => Math.min(1, horizon / required)))),
    growing: round(survivals.filter((s) => s > 3).length / Math.max(1, survivals.length)),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Whether a loss, as a share of the baseline, shows that the net certainly learns. */
export function learnsAlone(lossShare: number | null): boolean {
  return lossShare !== null && lossShare < learnt;
}

/** `undefined` if the seeds disagree, or if the loss is between the two limits. */
export function learns(outcomes: readonly Outcome[]): boolean | undefined {
  if (outcomes.length === 0) return undefined;
  if (outcomes.every(({ lossShare }) => learnsAlone(lossShare))) return true;
  if (outcomes.every(({ lossShare }) => lossShare === null || lossShare > failed)) return false;
  return undefined;
}

/** Whether it failed, its gradient did not reach as far as the task needs, and no explosion explains that. */
export function vanishes(outcomes: readonly Outcome[]): boolean | undefined {
  const learnt = learns(outcomes);
  if (learnt === undefined) return undefined;
  if (learnt) return false;
  if (outcomes.some(({ growing }) => growing > 0.01)) return undefined;
  if (outcomes.every(({ horizonShare }) => horizonShare < 1)) return true;
  return outcomes.every(({ horizonShare }) => horizonShare === 1) ? false : undefined;
}

/**
 * Whether its gradient grew, and it failed. If a net learns although its gradient grew, with one of the seeds or with
 * all, the growth is a fact but no fault: neither a report nor silence is wrong.
 */
export function explodes(outcomes: readonly Outcome[]): boolean | undefined {
  if (outcomes.length === 0) return undefined;
  if (outcomes.every(({ growing }) => growing > 0.01)) return learns(outcomes) === false ? true : undefined;
  return outcomes.every(({ growing }) => growing === 0) ? false : undefined;
}
