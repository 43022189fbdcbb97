/** Lets contenders take their steps in turn, so that other load on the machine affects all of them. */

import { setTimeout } from "node:timers/promises";
import type { Step } from "./shape.ts";

export interface Limits {
  /** Milliseconds that all steps of one contender may take together. */
  readonly budget: number;
  /** Numbers of turns of one contender. */
  readonly atLeast: number;
  readonly atMost: number;
}

/** Milliseconds between two turns, so that threads of the previous contender that still spin can fall asleep. */
const pause = 5;
/** Milliseconds of steps in a turn: a training takes them one after the other, for seconds at least. */
const turn = 200;
/** Milliseconds of a turn that do not count: for so long, a system may keep two threads that it woke on one processor. */
const waking = 60;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Takes the steps of a turn. A step that is longer than the time of waking always counts. */
async function takeTurn(step: Step): Promise<readonly number[]> {
  const times: number[] = [];
  for (let spent = 0; spent < turn; ) {
    const time = await step();
    if (spent >= waking || time >= waking) times.push(time);
    spent += time;
  }
  return times;
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
    rounds.push(Math.max(atLeast, Math.min(atMost, Math.floor((budget - spent) / Math.max(turn, last)))));
  }
  const times: number[][] = steps.map(() => []);
  const taken = steps.map(() => 0);
  for (let round = 0; round < Math.max(...rounds); round++) {
    // There and back, so that no contender always follows the same one.
    const order = [...steps.entries()];
    for (const [i, step] of round % 2 === 0 ? order : order.reverse()) {
      // The few turns of slow contenders are spread over the many turns of the others.
      const due = Math.floor(((round + 1) * rounds[i]!) / Math.max(...rounds)) > taken[i]!;
      if (!due) continue;
      taken[i]!++;
      await setTimeout(pause);
      times[i]!.push(...(await takeTurn(step)));
    }
  }
  return times.map(median);
}
