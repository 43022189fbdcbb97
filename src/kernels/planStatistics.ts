/** The statistics of a plan's last backward pass: reduced by the kernels, and read from its memory. */

import type { Alignment } from "./alignment.ts";
import { lanes } from "./layout.ts";
import type { PlanMemory } from "./planMemory.ts";
import type { CompleteSpec } from "./spec.ts";
import { type BegunStatistics, type RecurrentStatistics, readStatistics, type SampleNorms } from "./statistics.ts";
import { callShare } from "./threads.ts";
import type { Functions } from "./wasm.ts";

const gates = { simpleRNN: [], lstm: ["input", "forget", "output"], gru: ["update", "reset"] } as const;
const squares = { h: "squaresH", c: "squaresC" } as const;
const states = { simpleRNN: ["h"], lstm: ["h", "c"], gru: ["h"] } as const;

/** From this number of samples × timesteps on, reducing the statistics takes longer than waking a thread. */
const worthSharing = 8192;

export class PlanStatistics {
  readonly #memory: PlanMemory;
  readonly #functions: Functions;
  readonly #spec: CompleteSpec;
  #begun: BegunStatistics | null = null;

  constructor(memory: PlanMemory, functions: Functions, spec: CompleteSpec) {
    this.#memory = memory;
    this.#functions = functions;
    this.#spec = spec;
  }

  /** Whether several threads should reduce them. */
  get shared(): boolean {
    return this.#spec.timesteps * this.#spec.batch >= worthSharing;
  }

  /** A backward pass begins, which overwrites them. */
  forget(): void {
    this.#begun = null;
  }

  /** Reduces and reads all but the contributions, on this thread, as soon as the states' gradients are known. */
  begin(alignment: Alignment | null): void {
    callShare(this.#functions, "statistics", {
      plan: this.#memory.address,
      space: 0,
      from: 0,
      to: this.#spec.timesteps,
    });
    this.#begun = this.#read(alignment);
  }

  /**
   * The statistics, after the backward pass.
   * @param reduce reduces them, if they have not been begun
   * @param lasting see `RecurrentPlan.statistics`
   */
  finish(alignment: Alignment | null, lasting: boolean, reduce: () => void): RecurrentStatistics {
    const begun = this.#begun;
    this.#begun = null;
    if (!begun) reduce();
    this.#functions.contributions(this.#memory.address);
    return (begun ?? this.#read(alignment)).finish(lasting);
  }

  #read(alignment: Alignment | null): BegunStatistics {
    const { kind, timesteps, batch } = this.#spec;
    const memory = this.#memory;
    const stride = memory.panels * lanes;
    const read = (name: "h" | "c"): SampleNorms => ({
      squares: new Float32Array(memory.buffer, memory.addressOf(squares[name]), timesteps * stride),
      exponents: new Int32Array(memory.buffer, memory.addressOf("exponent"), timesteps * stride),
      batch,
      stride,
      alignment,
    });
    return readStatistics(() => memory.records, timesteps, alignment?.first ?? null, gates[kind], states[kind], read);
  }
}
