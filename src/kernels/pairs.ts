/** Two layers that do not depend on each other, such as the directions of a bidirectional one, in one call. */

import { Calibration, timed } from "./calibration.ts";
import type { RecurrentPlan } from "./plan.ts";
import type { BackwardInputs, BackwardOutputs, ForwardInputs, ForwardOutputs } from "./spec.ts";
import { callShare, type SharedFunction, type Threads, type ThreadUse } from "./threads.ts";
import type { Functions } from "./wasm.ts";

type Both<T> = readonly [T, T];

export class Pairs {
  /** When to compute both at the same time; otherwise one follows the other, and each may use all threads. */
  threads: ThreadUse = "measured";
  readonly #functions: Functions;
  readonly #threads: Threads | null;
  /** By the first plan of a pair. */
  readonly #calibrations = new WeakMap<
    RecurrentPlan,
    { readonly forward: Calibration; readonly backward: Calibration }
  >();

  constructor(functions: Functions, threads: Threads | null) {
    this.#functions = functions;
    this.#threads = threads;
  }

  /** The forward passes of two plans. */
  forward(plans: Both<RecurrentPlan>, inputs: Both<ForwardInputs>): Both<ForwardOutputs> {
    const [a, b] = plans;
    a.prepareForward(inputs[0]);
    b.prepareForward(inputs[1]);
    timed(this.#calibrationsOf(a).forward, this.#able, this.threads, (atOnce) => {
      if (atOnce) this.#run("forward", plans);
      else for (const plan of plans) plan.computeForward();
    });
    return [a.forwardOutputs(inputs[0]), b.forwardOutputs(inputs[1])];
  }

  /** The backward passes of two plans, each after its forward pass. */
  backward(plans: Both<RecurrentPlan>, gradients: Both<BackwardInputs>): Both<BackwardOutputs> {
    const [a, b] = plans;
    a.prepareBackward(gradients[0]);
    b.prepareBackward(gradients[1]);
    timed(this.#calibrationsOf(a).backward, this.#able, this.threads, (atOnce) => {
      if (atOnce) {
        this.#run("backward", plans);
        this.#run("weightGradient", plans);
      } else for (const plan of plans) plan.computeBackward();
    });
    return [a.backwardOutputs(gradients[0]), b.backwardOutputs(gradients[1])];
  }

  #calibrationsOf(plan: RecurrentPlan) {
    const known = this.#calibrations.get(plan);
    if (known) return known;
    const made = { forward: new Calibration(), backward: new Calibration() };
    this.#calibrations.set(plan, made);
    return made;
  }

  /** Whether all threads can be divided between two plans. */
  get #able(): boolean {
    return this.#threads?.ready === true && this.#threads.count % 2 === 1;
  }

  /** Gives each plan half of the threads; the calling one is the last of the second plan. */
  #run(name: Extract<SharedFunction, "forward" | "backward" | "weightGradient">, plans: Both<RecurrentPlan>): void {
    const threads = this.#threads;
    if (!threads) throw new Error("Without threads nothing runs at the same time.");
    const half = (threads.count + 1) / 2;
    const shares = plans.flatMap((plan) => plan.shares(name, half));
    const own = shares.pop();
    if (!own) return;
    threads.runShares(name, shares, () => {
      callShare(this.#functions, name, own);
      // As each plan does if it runs alone, so that the trials compare the same work.
      if (name === "weightGradient") for (const plan of plans) plan.beginStatistics();
    });
  }
}
