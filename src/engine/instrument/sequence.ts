/**
 * Collects what the taps see on the way back, in one pass of one recurrent cell over its sequence.
 *
 * The walk back visits timestep T first. At each timestep the gradient arrives from up to three places: from the
 * layer's output (`direct`), from the next timestep (`transported`), and for an LSTM's c from h_t of the same timestep
 * (`inner`). Their sum is the state gradient d_t; the part transported into t − 1 over ‖d_t‖ is the gain.
 *
 * float32 covers about 2^±126, but a sigmoid net loses 62 decades in 100 timesteps. So the gradient travels back as d_t
 * · 2^e_t, with e_t chosen per timestep to keep it near 1. Everything that leaves the time loop (weight gradients,
 * input gradients, initial states) is scaled back. Scaling by powers of two is exact in both directions.
 */

import type * as tf from "@tensorflow/tfjs-core";
import type { StateName } from "../../protocol/run.ts";
import { borrow } from "../backend/borrow.ts";
import { type Floats, l2 } from "../recording/norms.ts";
import type { SequenceMeasurement } from "../recording/recorder.ts";
import { GateFigures } from "./gateFigures.ts";
import { MaskedFigures } from "./maskedFigures.ts";
import { addScaled, multiplyByPowerOfTwo, writeScaled } from "./powerOfTwo.ts";
import type { RealTimesteps } from "./realTimesteps.ts";
import { StateFigures } from "./stateFigures.ts";

const log10Of2 = Math.log10(2);
/** d_t·2^e is not rescaled while its largest entry is within 2^±window. */
const window = 30;

export interface SequenceOptions {
  readonly timesteps: number;
  readonly samples: number;
  readonly states: readonly StateName[];
  readonly gates: readonly string[];
  /** Name of the gate that keeps the state. */
  readonly keepGate: string | null;
  readonly hasRecurrentKernel: boolean;
  /** Whether every weight that the cell reads is tapped, so that the gradient may travel scaled. */
  readonly scaled: boolean;
  /** log₁₀ below which a norm counts as zero because float32 lost gradients that should have entered; null: none. */
  readonly floor: number | null;
  /** Real timesteps of a masked batch; null: no timestep is masked. */
  readonly real: RealTimesteps | null;
}

export class Sequence {
  readonly timesteps: number;
  /** Current timestep of the forward pass, 1-based; 0 before the first. */
  timestep = 0;
  readonly #options: SequenceOptions;
  readonly #states: readonly StateFigures[];
  readonly #logContribution: Float64Array | null;
  readonly #gates: GateFigures;
  readonly #masked: MaskedFigures | null;
  /** e_t at index t; e_{T+1} = 0: nothing is scaled outside the loop. */
  readonly #exponents: Int32Array;

  /** Timestep that the walk back has reached; T + 1 before it begins. */
  #back: number;
  /** Sum of the gradients that have arrived at `#back` so far, per state, scaled by 2^e. */
  #sums: (Float64Array | null)[];
  /** Gradients that the timestep after `#back` sent to it, per state, scaled by 2^e. */
  #arrived: (Float64Array | null)[];
  /** Whether anything besides those has entered h at `#back`. */
  #entered = false;
  /** Buffers that all timesteps reuse in turn. */
  readonly #buffers: Float64Array[] = [];
  /** Whether d_t of `#back` is still being summed. */
  #open = false;
  /** Largest finite |entry| of the last completed d_t over all states, and its ‖d_t‖ per state, scaled by 2^e_t. */
  #lastMax = 0;
  #lastNorms: number[];

  constructor(options: SequenceOptions) {
    const { timesteps, samples } = options;
    this.#options = options;
    this.timesteps = timesteps;
    this.#states = options.states.map((name) => new StateFigures(name, timesteps, samples, options.floor));
    this.#logContribution = options.hasRecurrentKernel ? new Float64Array(timesteps).fill(-Infinity) : null;
    this.#gates = new GateFigures(timesteps, options.gates, options.keepGate);
    this.#masked = options.real && new MaskedFigures(options.real, options.states.length, options.gates.length);
    this.#exponents = new Int32Array(timesteps + 2);
    this.#back = timesteps + 1;
    this.#sums = options.states.map(() => null);
    this.#arrived = options.states.map(() => null);
    this.#lastNorms = options.states.map(() => 0);
  }

  /** Values of the `index`-th gate at the current timestep of the forward pass. */
  gate(index: number, values: tf.Tensor): void {
    const data = borrow(values);
    if (this.#gates.values(index, this.timestep, data)) this.#masked?.gate(index, this.timestep, data);
  }

  /** ∂L/∂ the cell's output where it leaves the loop at timestep t (`record`: the output is the state h). */
  direct(t: number, dy: tf.Tensor, record: boolean): tf.Tensor {
    const data = borrow(dy);
    this.#arriveAt(t, data);
    const exponent = this.#exponents[t]!;
    if (record) {
      this.#entered = true;
      this.#add(0, data, exponent);
    }
    return multiplyByPowerOfTwo(dy, exponent);
  }

  /** ∂L/∂ the `index`-th state where it enters timestep t + 1 (t = T: where it leaves the layer). */
  transported(t: number, index: number, dy: tf.Tensor): tf.Tensor {
    const data = borrow(dy);
    this.#arriveAt(t, null);
    if (t < this.timesteps) this.#setGain(t + 1, index, l2(data));
    const change = this.#exponents[t]! - this.#exponents[t + 1]!;
    if (!this.#whole) {
      // Two alternating buffers, because the masked figures compare with the previous timestep.
      const arrived = this.#buffer(2 * index + (t % 2), data.length);
      writeScaled(arrived, data, change);
      this.#arrived[index] = arrived;
      this.#masked?.transported(index, t, arrived, 2 ** change, this.#exponents[t]! * log10Of2);
    }
    this.#add(index, data, change);
    return multiplyByPowerOfTwo(dy, change);
  }

  /**
   * ∂L/∂ the `index`-th state through h of the same timestep; called when ∂L/∂h is complete. The part of it that
   * timestep t + 1 sent to h is also transport and counts in the gain.
   */
  inner(t: number, index: number, dy: tf.Tensor): tf.Tensor {
    const data = borrow(dy);
    this.#arriveAt(t, null);
    const transported = t < this.timesteps && !this.#whole ? this.#transportThroughOutput(index, data) : null;
    this.#add(index, data, 0);
    if (t < this.timesteps) {
      const change = this.#exponents[t]! - this.#exponents[t + 1]!;
      // If nothing else has entered, everything that has arrived at the state is transport.
      this.#setGain(t + 1, index, l2(transported ?? this.#sums[index] ?? data) * 2 ** -change);
      if (transported) this.#masked?.sent(index, t, transported, this.#exponents[t]! * log10Of2);
    }
    return dy;
  }

  /** What timestep t + 1 sent to the `index`-th state, directly and through h; `inner` has one entry per entry of h. */
  #transportThroughOutput(index: number, inner: Floats): Float64Array {
    const own = this.#arrived[index];
    const [sent] = this.#arrived;
    const [all] = this.#sums;
    const result = this.#buffer(2 * this.#states.length, inner.length);
    for (let i = 0; i < inner.length; i++) {
      const v = inner[i]!;
      const share = v === 0 ? 1 : (sent ? sent[i]! : 0) / (all ? all[i]! : 0);
      result[i] = (own ? own[i]! : 0) + v * share;
    }
    return result;
  }

  /**
   * Rows of d_t ∘ σ′(h_t) / ‖d_t‖, zero where d_t is zero or not finite.
   * @param dy d_t ∘ σ′(h_t), B × H, of the timestep reached; called when d_t is complete.
   */
  directions(dy: tf.Tensor): Float32Array {
    const data = borrow(dy);
    const rows = new Float32Array(data.length);
    const [sum] = this.#sums;
    const width = data.length / this.#options.samples;
    for (let from = 0; sum && from < data.length; from += width) {
      const norm = l2(sum.subarray(from, from + width));
      if (!(norm > 0 && norm < Infinity)) continue;
      for (let i = from; i < from + width; i++) rows[i] = data[i]! / norm;
    }
    return rows;
  }

  /** ∂L/∂ the `index`-th initial state. */
  initial(index: number, dy: tf.Tensor): tf.Tensor {
    this.#complete();
    const data = borrow(dy);
    this.#setGain(1, index, l2(data));
    this.#masked?.transported(index, 0, Float64Array.from(data), 1, this.#exponents[1]! * log10Of2);
    return multiplyByPowerOfTwo(dy, -this.#exponents[1]!);
  }

  /** Timestep t's contribution to ∂L/∂ a weight, or ∂L/∂x_t. */
  leaving(t: number, dy: tf.Tensor): tf.Tensor {
    return multiplyByPowerOfTwo(dy, -this.#exponents[t]!);
  }

  /** Timestep t's contribution to ∂L/∂U. */
  contribution(t: number, dy: tf.Tensor): tf.Tensor {
    if (this.#logContribution) {
      this.#logContribution[t - 1] = Math.log10(l2(borrow(dy))) - this.#exponents[t]! * log10Of2;
    }
    return this.leaving(t, dy);
  }

  /** All figures, after the walk back. */
  finish(): SequenceMeasurement {
    this.#complete();
    const measured = {
      timesteps: this.timesteps,
      states: this.#states.map(({ arrays }) => arrays),
      logContribution: this.#logContribution,
      ...this.#gates.figures,
    };
    const { floor, keepGate } = this.#options;
    return this.#masked?.finish(measured, floor, keepGate) ?? measured;
  }

  /**
   * Handles the first gradient of timestep t: completes t + 1 and chooses e_t. `direct` is everything that can enter
   * besides what t + 1 sends.
   */
  #arriveAt(t: number, direct: Floats | null): void {
    if (t === this.#back) return;
    this.#complete();
    const before = this.#exponents[t + 1]!;
    this.#back = t;
    this.#open = true;
    this.#exponents[t] = before;
    if (!this.#options.scaled) return;
    let size = Math.log2(this.#lastMax) - before;
    if (direct) {
      let max = 0;
      for (let i = 0; i < direct.length; i++) {
        const entry = Math.abs(direct[i]!);
        if (entry < Infinity && entry > max) max = entry;
      }
      size = Math.max(size, Math.log2(max));
    }
    if (!Number.isFinite(size) || Math.abs(size + before) <= window) return;
    this.#exponents[t] = Math.abs(size) <= window ? 0 : -Math.round(size);
  }

  #add(index: number, data: Floats, exponent: number): void {
    if (!this.#states[index]) return;
    const sum = this.#sums[index];
    if (sum) {
      addScaled(sum, data, exponent);
      return;
    }
    const first = this.#buffer(2 * this.#states.length + 1 + index, data.length);
    writeScaled(first, data, exponent);
    this.#sums[index] = first;
  }

  /** Whether everything that has arrived at h is what the next timestep sent; nothing then needs to be told apart. */
  get #whole(): boolean {
    return !this.#entered && !this.#masked;
  }

  /** One of the arrays that all timesteps reuse: allocating new ones would cost more than the measurement. */
  #buffer(which: number, length: number): Float64Array {
    let buffer = this.#buffers[which];
    if (buffer?.length !== length) {
      buffer = new Float64Array(length);
      this.#buffers[which] = buffer;
    }
    return buffer;
  }

  #setGain(t: number, index: number, norm: number): void {
    const state = this.#states[index];
    const own = this.#lastNorms[index];
    if (state && own) state.arrays.gain[t - 1] = norm / own;
  }

  /** Computes the figures of d_t at the timestep reached. */
  #complete(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#entered = false;
    this.#arrived.fill(null);
    this.#lastMax = 0;
    const t = this.#back;
    const logScale = this.#exponents[t]! * log10Of2;
    for (const [index, state] of this.#states.entries()) {
      const sum = this.#sums[index];
      this.#sums[index] = null;
      this.#lastNorms[index] = 0;
      if (!sum) continue;
      const seen = (sample: number, log: number, nonFinite: number): void =>
        this.#masked?.state(index, t, sample, log, nonFinite);
      const { norm, largest } = state.complete(t, sum, logScale, seen);
      this.#lastNorms[index] = norm;
      this.#lastMax = Math.max(this.#lastMax, largest);
    }
  }
}
