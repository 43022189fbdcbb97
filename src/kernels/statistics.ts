/**
 * Figures of a backward pass, from the records that the kernel reduced (assembly/statistics.ts). The figures of masked
 * sequences are ordered by place: the longest sample begins at place 0, the last timesteps of all samples coincide, and
 * the places after them are empty, −Infinity in norms.
 */

import type { Alignment } from "./alignment.ts";
import {
  C_FIELDS,
  CONTRIBUTION,
  EDGE,
  GATE_SHARES,
  H_FIELDS,
  NON_FINITE,
  NORM,
  PERCENTILES,
  SENDING_NORM,
  STATISTICS,
  TIMESCALE,
} from "./assembly/records.ts";

/** One state, h or c. All arrays run over the timesteps in the layer's reading order: T values. */
export interface StateStatistics {
  readonly name: "h" | "c";
  /**
   * log₁₀ ‖d_t‖ over batch and units, where d_t = ∂L/∂s_t is the total derivative; −Infinity if it is zero; unlimited
   * range.
   */
  readonly logNorm: Float64Array;
  /**
   * γ_t = ‖J_tᵀ d_t‖ / ‖d_t‖; index 0 leads to the initial state; NaN if d_t is zero. For c, J_tᵀ d_t is what timestep
   * t sends to c_{t−1} directly and through h_{t−1}.
   */
  readonly gain: Float64Array;
  /** Number of NaN or infinite entries of d_t. */
  readonly nonFinite: Float64Array;
  /**
   * log₁₀ of percentiles (nearest rank) of ‖d_{t,b}‖ over the batch; values that are not finite rank highest, as
   * Infinity.
   */
  readonly p10: Float64Array;
  readonly p50: Float64Array;
  readonly p90: Float64Array;
  /**
   * log₁₀ ‖d_{t,b}‖, T × B values, with the samples of a timestep side by side. Computed when it is read, so unless it
   * was asked to last, only before the plan's next backward pass.
   */
  readonly logSampleNorm: Float64Array;
}

/** Share of a gate's values (batch × units) below 0.1 and above 0.9. */
export interface GateStatistics {
  readonly name: string;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface RecurrentStatistics {
  readonly timesteps: number;
  /** Timesteps of the longest sample; null: nothing is masked. */
  readonly longest: number | null;
  readonly states: readonly StateStatistics[];
  /** log₁₀ ‖∂L/∂U|_t‖_F: timestep t's contribution to the recurrent kernel's gradient. */
  readonly logContribution: Float64Array;
  readonly gates: readonly GateStatistics[];
  /**
   * Mean of 1/(1 − f), where f is the gate that keeps the state (LSTM forget, GRU update); null without such a gate.
   */
  readonly timescale: Float64Array | null;
}

const log10Of2 = Math.log10(2);

/** Location of one state's per-sample figures, for `logSampleNorm`. */
export interface SampleNorms {
  readonly squares: Float32Array;
  readonly exponents: Int32Array;
  readonly batch: number;
  /** Number of samples per timestep in the arrays, including padding. */
  readonly stride: number;
  readonly alignment: Alignment | null;
}

/** Where the per-sample figures of a plan's states are read. */
export type SampleSource = (name: "h" | "c") => SampleNorms;

function copied(samples: SampleNorms): SampleNorms {
  // `set` is many times faster than `slice` on shared memory.
  const squares = new Float32Array(samples.squares.length);
  squares.set(samples.squares);
  const exponents = new Int32Array(samples.exponents.length);
  exponents.set(samples.exponents);
  return { ...samples, squares, exponents };
}

/** T × B values of log₁₀, with the samples of a timestep side by side. */
function logSampleNorm({ squares, exponents, batch, stride, alignment }: SampleNorms, timesteps: number): Float64Array {
  const result = new Float64Array(timesteps * batch).fill(Number.NEGATIVE_INFINITY);
  const first = alignment?.first ?? 0;
  for (let b = 0; b < batch; b++) {
    const slot = alignment?.slots[b] ?? b;
    for (let t = alignment?.starts[b] ?? 0; t < timesteps; t++) {
      const at = t * stride + slot;
      result[(t - first) * batch + b] = Math.log10(squares[at]!) / 2 + exponents[at]! * log10Of2;
    }
  }
  return result;
}

/** The records of the timesteps `first` … `timesteps` − 1. */
interface Records {
  readonly values: Float64Array;
  readonly timesteps: number;
  readonly first: number;
}

/** Arrays of one length in one block of memory, which is much cheaper than a block for each. */
class Block {
  readonly #values: Float64Array;
  readonly #length: number;
  #taken = 0;

  constructor(arrays: number, length: number) {
    this.#values = new Float64Array(arrays * length);
    this.#length = length;
  }

  next(): Float64Array {
    const from = this.#taken++ * this.#length;
    return this.#values.subarray(from, from + this.#length);
  }
}

/** Number of arrays of a state. */
const stateArrays = 6;

/** A class, because an object literal with a getter costs as much as all the arrays of a short sequence. */
class State implements StateStatistics {
  readonly name: "h" | "c";
  readonly logNorm: Float64Array;
  readonly gain: Float64Array;
  readonly nonFinite: Float64Array;
  readonly p10: Float64Array;
  readonly p50: Float64Array;
  readonly p90: Float64Array;
  readonly #timesteps: number;
  readonly #source: SampleSource;
  #copy: SampleNorms | null = null;
  #perSample: Float64Array | null = null;

  constructor(name: "h" | "c", records: Records, source: SampleSource, block: Block) {
    const base = name === "h" ? H_FIELDS : C_FIELDS;
    this.name = name;
    this.logNorm = logNorms(records, base + NORM, block.next());
    this.gain = gains(records, base, block.next());
    this.nonFinite = column(records, base + NON_FINITE, 0, block.next());
    this.p10 = logNorms(records, base + PERCENTILES, block.next());
    this.p50 = logNorms(records, base + PERCENTILES + 2, block.next());
    this.p90 = logNorms(records, base + PERCENTILES + 4, block.next());
    this.#timesteps = records.timesteps;
    this.#source = source;
  }

  /** Keeps what the plan's next backward pass overwrites. */
  keep(): void {
    this.#copy = copied(this.#source(this.name));
  }

  get logSampleNorm(): Float64Array {
    this.#perSample ??= logSampleNorm(this.#copy ?? this.#source(this.name), this.#timesteps);
    return this.#perSample;
  }
}

/** Fills `to`, T values: one from each record, then `empty`. */
function column({ values, timesteps, first }: Records, field: number, empty: number, to: Float64Array): Float64Array {
  if (first > 0) to.fill(empty, timesteps - first);
  for (let t = first, at = first * STATISTICS + field; t < timesteps; t++, at += STATISTICS)
    to[t - first] = values[at]!;
  return to;
}

/** log₁₀ of norms that the record stores as (square, e): norm² = square × 4^e. */
function logNorms({ values, timesteps, first }: Records, field: number, to: Float64Array): Float64Array {
  if (first > 0) to.fill(Number.NEGATIVE_INFINITY, timesteps - first);
  for (let t = first, at = first * STATISTICS + field; t < timesteps; t++, at += STATISTICS)
    to[t - first] = Math.log10(values[at]!) / 2 + values[at + 1]! * log10Of2;
  return to;
}

function gains({ values, timesteps, first }: Records, base: number, to: Float64Array): Float64Array {
  if (first > 0) to.fill(Number.NaN, timesteps - first);
  for (let t = first, at = first * STATISTICS + base; t < timesteps; t++, at += STATISTICS) {
    const square = values[at + SENDING_NORM]!;
    const ratio = Math.sqrt(values[at + EDGE]! / square);
    const shift = values[at + EDGE + 1]! - values[at + SENDING_NORM + 1]!;
    to[t - first] = square === 0 ? Number.NaN : shift === 0 ? ratio : ratio * 2 ** shift;
  }
  return to;
}

/** Statistics that lack only the contributions. */
export interface BegunStatistics {
  /** Reads the contributions; call this once. @param lasting see `RecurrentPlan.statistics` */
  finish(lasting: boolean): RecurrentStatistics;
}

/**
 * Reads the records of `timesteps` timesteps, but for the contributions.
 *
 * @param values the records, in a view that is made anew each time, because the memory may grow in between.
 * @param first the timestep at which the longest sample begins; null: nothing is masked.
 * @param gates the gates' names in the order of their counts.
 */
export function readStatistics(
  values: () => Float64Array,
  timesteps: number,
  first: number | null,
  gates: readonly string[],
  names: readonly ("h" | "c")[],
  samples: SampleSource,
): BegunStatistics {
  const present = (): Records => ({ values: values(), timesteps, first: first ?? 0 });
  const records = present();
  const block = new Block(stateArrays * names.length + 1 + 2 * gates.length + 1, timesteps);
  const states = names.map((name) => new State(name, records, samples, block));
  const begun = {
    timesteps,
    longest: first === null ? null : timesteps - first,
    states,
    gates: gates.map((name, i) => ({
      name,
      low: column(records, GATE_SHARES + 2 * i, Number.NaN, block.next()),
      high: column(records, GATE_SHARES + 2 * i + 1, Number.NaN, block.next()),
    })),
    timescale: gates.length > 0 ? column(records, TIMESCALE, Number.NaN, block.next()) : null,
  };
  return {
    finish(lasting) {
      if (lasting) for (const state of states) state.keep();
      return { ...begun, logContribution: logNorms(present(), CONTRIBUTION, block.next()) };
    },
  };
}
