/** Plans kept for reuse: the layers of a model ask for the same few shapes at every step. */

import type { RecurrentPlan } from "./plan.ts";
import type { RecurrentSpec } from "./spec.ts";

/** Most idle plans to keep; the least recently used one is released first. */
const idlePlans = 8;

export class PlanPool {
  readonly #make: (spec: RecurrentSpec) => RecurrentPlan;
  /** Ascending by last use. */
  readonly #idle: { readonly key: string; readonly plan: RecurrentPlan }[] = [];
  readonly #busy = new Map<RecurrentPlan, string>();

  constructor(make: (spec: RecurrentSpec) => RecurrentPlan) {
    this.#make = make;
  }

  /** A plan for exclusive use until it is given back. Two uses with the same spec get two plans. */
  acquire(spec: RecurrentSpec): RecurrentPlan {
    const key = JSON.stringify(Object.entries(spec).sort(([a], [b]) => (a < b ? -1 : 1)));
    const at = this.#idle.findLastIndex((entry) => entry.key === key);
    const [found] = at < 0 ? [] : this.#idle.splice(at, 1);
    const plan = found?.plan ?? this.#make(spec);
    this.#busy.set(plan, key);
    return plan;
  }

  /** Ends a use; its outputs are then no longer valid. */
  giveBack(plan: RecurrentPlan): void {
    const key = this.#busy.get(plan);
    if (key === undefined) return;
    this.#busy.delete(plan);
    this.#idle.push({ key, plan });
    if (this.#idle.length > idlePlans) this.#idle.shift()?.plan.release();
  }

  /** Ends every use: after a step, this includes forward passes that had no backward pass. */
  giveAllBack(): void {
    for (const plan of [...this.#busy.keys()]) this.giveBack(plan);
  }

  /** Releases all memory. */
  clear(): void {
    this.giveAllBack();
    for (const { plan } of this.#idle.splice(0)) plan.release();
  }
}
