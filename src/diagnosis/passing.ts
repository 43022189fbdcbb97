/**
 * Whether the state that a warning describes may pass by itself. A probe sees only the beginning of a training run:
 * initial weights that amplify, but less with every update, and units that large updates saturate and free again.
 */

import type { Finding, FindingCode } from "../protocol/finding.ts";
import { median, tail } from "../protocol/history/median.ts";
import type { RunHistory } from "../protocol/history.ts";
import { kernelUpdates, newest } from "./movement.ts";
import { lineThrough } from "./slope.ts";

/** States of units and gradients that a few updates can change, if the updates are large. */
const ofLargeUpdates: readonly FindingCode[] = [
  "exploding-gradient",
  "saturated-units",
  "saturated-gates",
  "dead-units",
];

/** Share of itself by which a kernel moves per step, above which the state that follows may be a passing one. */
const large = 0.1;

/** First steps that tell the size of the updates, beside the newest ones: saturated units stop the updates that saturated them. */
const first = 10;

/** A growth that recedes is over within this many more steps, or it counts as lasting. */
const soon = 500;

export function mayPass(history: RunHistory, { code, layer }: Finding): boolean {
  if (code === "exploding-through-time") return recedes(history, layer);
  return ofLargeUpdates.includes(code) && largestUpdate(history) > large;
}

/**
 * Whether the growth through time becomes smaller, by more than its noise, and at its pace ends soon. One that is over
 * has left its damage.
 */
function recedes(history: RunHistory, name: string | null): boolean {
  const { layers, diagnosis } = history.info;
  const limit = diagnosis.rules["exploding-through-time"].decades;
  const i = layers.findIndex((layer) => layer.name === name);
  const states = layers[i]?.recurrent?.states ?? [];
  return (
    states.length > 0 &&
    states.every((state) => {
      const decades = history.series("survival", i, state) ?? new Float64Array(0);
      const rows = [...decades.keys()].filter((row) => Number.isFinite(decades[row]));
      const half = rows.slice(Math.floor(rows.length / 2));
      if (half.length < 3) return false;
      const line = lineThrough(
        Float64Array.from(half, (row) => history.steps[row] ?? row),
        Float64Array.from(half, (row) => decades[row] ?? Number.NaN),
      );
      return line?.falls === true && line.y > limit && line.y + line.slope * (history.lastStep + soon - line.x) < limit;
    })
  );
}

function largestUpdate(history: RunHistory): number {
  const medians = kernelUpdates(history).map((known) =>
    Math.max(median(known.subarray(0, first)), median(tail(known, newest))),
  );
  return Math.max(0, ...medians);
}
