/** What an optimizer keeps from step to step. */

import type { Updates } from "../../kernels/updates.ts";

/** One array per weight, made on first use. */
export type Slots = (i: number, length: number) => Float32Array;

/** All arrays that an optimizer keeps, by kind, in the order in which the rule requests them. */
export class OptimizerMemory {
  readonly kinds: Float32Array[][] = [];
  /** Null: loops in JavaScript compute all updates. */
  readonly updates: Updates | null;

  constructor(updates: Updates | null) {
    this.updates = updates;
  }

  slots(initial = 0): Slots {
    const made: Float32Array[] = [];
    this.kinds.push(made);
    return (i, length) => {
      made[i] ??= new Float32Array(length).fill(initial);
      return made[i];
    };
  }
}
