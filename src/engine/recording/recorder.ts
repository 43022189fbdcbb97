/**
 * The interface of all measurements: the code that computes a step's figures (taps, fused kernels) reports them here.
 */

import type { StateName } from "../../protocol/run.ts";

/** One state of one sequence. All arrays run over the timesteps in the layer's reading order. */
export interface StateMeasurement {
  readonly name: StateName;
  /**
   * log₁₀ ‖d_t‖ over batch and units, where d_t = ∂L/∂s_t is the total derivative; −Infinity if it is zero. T values.
   */
  readonly logNorm: Float64Array;
  /** γ_t = ‖J_tᵀ d_t‖ / ‖d_t‖; index 0 leads to the initial state; NaN if d_t is zero. T values. */
  readonly gain: Float64Array;
  /** Number of NaN or infinite entries of d_t. T values. */
  readonly nonFinite: Float64Array;
  /** log₁₀ ‖d_{t,b}‖, T × B values, with the samples of a timestep side by side. */
  readonly logSampleNorm: Float64Array;
  /**
   * Nearest-rank percentiles of `logSampleNorm` over the samples, if they have already been computed; NaN ranks
   * highest.
   */
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

/** The figures of one pass of one recurrent layer over its sequence. */
export interface SequenceMeasurement {
  readonly timesteps: number;
  /**
   * For a masked batch: the number of timesteps without its padding; the later ones are empty (see `RealTimesteps`).
   */
  readonly end?: number;
  readonly states: readonly StateMeasurement[];
  /** log₁₀ ‖∂L/∂U|_t‖_F, T values; null for a cell without a recurrent kernel. */
  readonly logContribution: Float64Array | null;
  readonly gates: readonly GateMeasurement[];
  /**
   * Mean of 1/(1 − f), where f is the gate that keeps the state (LSTM forget, GRU update), T values; null without such
   * a gate.
   */
  readonly timescale: Float64Array | null;
}

/**
 * Receives the figures of one step. `layer` is an index into `Instrumentation.layers`. Arrays are valid only during the
 * call. A layer that is used more than once in a step (TimeDistributed, shared layers) reports each use.
 */
export interface StepRecorder {
  /**
   * The layer's output in the forward pass, row-major, with a last axis of size `units`.
   * @param nonFiniteFrom the first timestep whose state is not finite; null: all are.
   */
  output(layer: number, values: Float32Array, units: number, nonFiniteFrom?: () => number | null): void;
  /** ∂L/∂ that output. Not called if no gradient arrives. */
  outputGradient(layer: number, values: Float32Array): void;
  /** A pass over a sequence, after forward and backward. */
  sequence(layer: number, measurement: SequenceMeasurement): void;
}

/**
 * Receives the directions of a simpleRNN's state gradients in a pass: rows of H values, d_t ∘ σ′(h_t) / ‖d_t‖ for a
 * sample at a timestep from 2 to T, zero if d_t is zero. Rows come in any order, and there may be one call per
 * timestep.
 */
export type DirectionListener = (layer: number, rows: Float32Array, samples: number) => void;
