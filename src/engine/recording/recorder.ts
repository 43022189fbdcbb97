/** The seam of all measurement: whoever computes the figures of a step (taps, fused kernels) hands them in here. */

import type { StateName } from "../../protocol/run.ts";

/** One state of one sequence. All arrays run over the timesteps in the order in which the layer read them. */
export interface StateMeasurement {
  readonly name: StateName;
  /** log₁₀ ‖d_t‖ over batch and units, d_t = ∂L/∂s_t the total derivative; −Infinity where it is zero. T values. */
  readonly logNorm: Float64Array;
  /** γ_t = ‖J_tᵀ d_t‖ / ‖d_t‖; index 0 leads to the initial state; NaN where d_t is zero. T values. */
  readonly gain: Float64Array;
  /** NaN or infinite entries of d_t. T values. */
  readonly nonFinite: Float64Array;
  /** log₁₀ ‖d_{t,b}‖, T × B values, the samples of a timestep side by side. */
  readonly logSampleNorm: Float64Array;
  /** Nearest-rank percentiles of `logSampleNorm` over the samples, where whoever measured has them already; NaN ranks highest. */
  readonly percentiles: {
    readonly p10: Float64Array;
    readonly p50: Float64Array;
    readonly p90: Float64Array;
  } | null;
}

/** Share of a gate's values (batch × units) below 0.1 and above 0.9, T values each. */
export interface GateMeasurement {
  readonly name: string;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** What one pass of one recurrent layer over its sequence yields. */
export interface SequenceMeasurement {
  readonly timesteps: number;
  /** Of a masked batch: how many timesteps there are without its padding; what follows them is empty (see `RealTimesteps`). */
  readonly end?: number;
  readonly states: readonly StateMeasurement[];
  /** log₁₀ ‖∂L/∂U|_t‖_F, T values; null for a cell without a recurrent kernel. */
  readonly logContribution: Float64Array | null;
  readonly gates: readonly GateMeasurement[];
  /** Mean of 1/(1 − f), f the gate that keeps the state (LSTM forget, GRU update), T values; null without one. */
  readonly timescale: Float64Array | null;
}

/**
 * Hears of one step. `layer` is an index into `Instrumentation.layers`. Arrays are only valid during the call.
 * A layer that is used more than once in a step (TimeDistributed, shared layers) reports each use.
 */
export interface StepRecorder {
  /**
   * The layer's output, in the forward pass, row-major, its last axis of size `units`.
   * @param nonFiniteFrom the first timestep whose state is not finite; null where all are.
   */
  output(layer: number, values: Float32Array, units: number, nonFiniteFrom?: () => number | null): void;
  /** ∂L/∂ of that output. Not called when no gradient arrives. */
  outputGradient(layer: number, values: Float32Array): void;
  /** A pass over a sequence, once forward and backward are through. */
  sequence(layer: number, measurement: SequenceMeasurement): void;
}

/**
 * Hears where the state gradients of a pass of a simpleRNN point: rows of H values, d_t ∘ σ′(h_t) / ‖d_t‖ of a sample at a
 * timestep from 2 to T, zero where d_t is zero; the order of the rows is of no account, and there may be one call for each timestep.
 */
export type DirectionListener = (layer: number, rows: Float32Array, samples: number) => void;
