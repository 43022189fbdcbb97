/** Lets contenders take their steps in turn, so that other load on the machine affects all of them. */

import { setTimeout } from "node:timers/promises";
import type { Step } from "./shape.ts";

export interface Limits {
  /** Milliseconds that all steps of one contender may take together. */
  readonly budget: number;
  readonly atLeast: number;
  readonly atMost: number;
}

/** Milliseconds between two steps, so that threads of the previous contender that still spin can fall asleep. */
const pause = 5;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Median milliseconds of each contender. */
export async function race(steps: readonly Step[], { budget, atLeast, atMost }: Limits): Promise<number[]> {
  const rounds: number[] = [];
  for (const step of steps) {
    let last = await step();
    let spent = last;
    // Fast contenders are warmed up longer: their code must be compiled and their threads chosen.
    for (let i = 0; i < 20 && spent < budget / 3; i++) {
      last = await step();
      spent += last;
    }
    rounds.push(Math.max(atLeast, Math.min(atMost, Math.floor((budget - spent) / last))));
  }
  const times: number[][] = steps.map(() => []);
  for (let round = 0; round < Math.max(...rounds); round++) {
    // There and back, so that no contender always follows the same one.
    const order = [...steps.entries()];
    for (const [i, step] of round % 2 === 0 ? order : order.reverse()) {
      // The few steps of slow contenders are spread over the many steps of the others.
      const due = Math.floor(((round + 1) * rounds[i]!) / Math.max(...rounds)) > times[i]!.length;
      if (!due) continue;
      await setTimeout(pause);
      times[i]!.push(await step());
    }
  }
  return times.map(median);
}
