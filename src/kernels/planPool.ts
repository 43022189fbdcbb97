/** Plans kept for reuse: the layers of a model ask for the same few shapes at every step. */

import type { RecurrentPlan } from "./plan.ts";
import type { RecurrentSpec } from "./spec.ts";

/**
 * Most idle plans to keep, unless the newest steps needed more than half as many; the least recently used one is
 * released first.
 */
const idlePlans = 8;
/** Number of steps after which it is forgotten how many plans a step needed. */
const remembered = 100;

export class PlanPool {
  readonly #make: (spec: RecurrentSpec) => RecurrentPlan;
  /** Ascending by last use. */
  readonly #idle: { readonly key: string; readonly plan: RecurrentPlan }[] = [];
  readonly #busy = new Map<RecurrentPlan, string>();
  /** Most plans in use at once: in the present `remembered` steps, and in those before. */
  #needed = { now: 0, before: 0 };
  #steps = 0;

  constructor(make: (spec: RecurrentSpec) => RecurrentPlan) {
    this.#make = make;
  }

  /** A plan for exclusive use until it is given back. Two uses with the same spec get two plans. */
  acquire(spec: RecurrentSpec): RecurrentPlan {
    const key = JSON.stringify(Object.entries(spec).sort(([a], [b]) => (a < b ? -1 : 1)));
    const at = this.#idle.findLastIndex((entry) => entry.key === key);
    const [found] = at < 0 ? [] : this.#idle.splice(at, 1);
    const plan = found?.plan ?? this.#made(spec);
    this.#busy.set(plan, key);
    this.#needed.now = Math.max(this.#needed.now, this.#busy.size);
    return plan;
  }

  /** Ends a use; its outputs are then no longer valid. */
  giveBack(plan: RecurrentPlan): void {
    const key = this.#busy.get(plan);
    if (key === undefined) return;
    this.#busy.delete(plan);
    this.#idle.push({ key, plan });
    this.#releaseBeyond(this.#most);
  }

  /** Ends every use: after a step, this includes forward passes that had no backward pass. */
  giveAllBack(): void {
    for (const plan of [...this.#busy.keys()]) this.giveBack(plan);
    this.#steps++;
    if (this.#steps % remembered > 0) return;
    this.#needed = { now: 0, before: this.#needed.now };
    this.#releaseBeyond(this.#most);
  }

  /** Releases all memory. */
  clear(): void {
    this.giveAllBack();
    this.#releaseBeyond(0);
  }

  /** A deep model needs so many plans to train, and as many for the tests between its steps. */
  get #most(): number {
    return Math.max(idlePlans, 2 * this.#needed.now, 2 * this.#needed.before);
  }

  /** Where the memory has no room left, idle plans give theirs back. */
  #made(spec: RecurrentSpec): RecurrentPlan {
    try {
      return this.#make(spec);
    } catch (error) {
      if (!(error instanceof RangeError) || this.#idle.length === 0) throw error;
      this.#releaseBeyond(0);
      return this.#make(spec);
    }
  }

  #releaseBeyond(most: number): void {
    while (this.#idle.length > most) this.#idle.shift()?.plan.release();
  }
}
