/** A recurrent layer as the kernels see it, and the inputs and outputs of its passes. */

import type { Activation } from "./layout.ts";

/** A layer and its shape. B = batch, T = timesteps, D = inputs, H = units, G = gates × H (1 simpleRNN, 3 GRU, 4 LSTM). */
export interface RecurrentSpec {
  readonly kind: "simpleRNN" | "lstm" | "gru";
  readonly timesteps: number;
  readonly batch: number;
  readonly inputs: number;
  readonly units: number;
  readonly activation: Activation;
  /** Activation of the gates; simpleRNN has none. Default `hardSigmoid`, as in tfjs. */
  readonly recurrentActivation?: Activation;
  /** GRU: the reset gate acts on h·U + its own bias (Keras v3) instead of on h (tfjs). Default false. */
  readonly resetAfter?: boolean;
  /** LSTM: c_{t−1} acts on the input and forget gates and c_t on the output gate (Gers & Schmidhuber 2000). Default false. */
  readonly peepholes?: boolean;
  /** Default true. */
  readonly useBias?: boolean;
  /** Reads x from its end; the output sequence is in reading order, as in tfjs. Default false. */
  readonly goBackwards?: boolean;
  /** Whether `forward` writes the output sequence and `backward` takes its gradient. Default false. */
  readonly sequences?: boolean;
  /**
   * Truncated back-propagation through time: what timestep t sends to the state of t − 1 is treated as zero at every
   * `truncate`-th edge, counted from the last timestep. The forward pass does not change. Default 0: never.
   */
  readonly truncate?: number;
  /** Whether `backward` computes ∂L/∂x; a first layer does not need it. Default true. */
  readonly inputGradient?: boolean;
  /** Whether `forward` may receive a `mask`; only for training. Default false. */
  readonly masked?: boolean;
  /** Whether `forward` receives a `recurrentMask`. Default false. */
  readonly recurrentDropout?: boolean;
  /** False keeps only one timestep in memory; then `backward` is impossible. Default true. */
  readonly training?: boolean;
}

/** Row-major float32 arrays with Keras's layout of gates: LSTM i, f, c, o; GRU z, r, h. */
export interface ForwardInputs {
  /** [B, T, D] */
  readonly x: Float32Array;
  /** [D, G] */
  readonly kernel: Float32Array;
  /** [H, G] */
  readonly recurrentKernel: Float32Array;
  /** [G]; GRU with `resetAfter` [2, G]: one row for the input part, one for the recurrent part. */
  readonly bias?: Float32Array | undefined;
  /** [3, H]: for the input, forget and output gate. */
  readonly peepholes?: Float32Array | undefined;
  /** [B, H]; zeros if absent. */
  readonly h0?: Float32Array | undefined;
  /** [B, H], LSTM; zeros if absent. */
  readonly c0?: Float32Array | undefined;
  /** [B, T], 0 where masked; if absent, no timestep is masked. */
  readonly mask?: ArrayLike<number> | undefined;
  /**
   * [B, H]: factors of h_{t−1} before the recurrent kernel (and, in a GRU, before everything else that reads it, as in
   * Keras).
   */
  readonly recurrentMask?: Float32Array | undefined;
}

/** Views into the kernels' memory: valid until the plan's next pass, or until another plan is made. Copy what must last. */
export interface ForwardOutputs {
  /** [B, H] */
  readonly h: Float32Array;
  /** [B, H], LSTM. */
  readonly c: Float32Array | null;
  /** [B, T, H] with `sequences`. */
  readonly sequence: Float32Array | null;
}

/** Gradients of the loss; absent ones are zero. */
export interface BackwardInputs {
  /** [B, T, H] with `sequences`. */
  readonly sequence?: Float32Array | undefined;
  /** [B, H]: gradient of the last h. */
  readonly h?: Float32Array | undefined;
  /** [B, H]: gradient of the last c. */
  readonly c?: Float32Array | undefined;
}

/** Views like `ForwardOutputs`, with float32's semantics: overflow gives Inf or NaN, underflow gives 0. */
export interface BackwardOutputs {
  /** [B, T, D] with `inputGradient`. */
  readonly x: Float32Array | null;
  /** [D, G] */
  readonly kernel: Float32Array;
  /** [H, G] */
  readonly recurrentKernel: Float32Array;
  /** [G], or [2, G] (GRU with `resetAfter`). */
  readonly bias: Float32Array | null;
  /** [3, H] */
  readonly peepholes: Float32Array | null;
  /** [B, H] */
  readonly h0: Float32Array;
  /** [B, H], LSTM. */
  readonly c0: Float32Array | null;
}

export type CompleteSpec = Required<RecurrentSpec>;

/**
 * Fills in the defaults.
 * @throws RangeError for a size or a combination that no layer has.
 */
export function completeSpec(spec: RecurrentSpec): CompleteSpec {
  const full: CompleteSpec = {
    recurrentActivation: "hardSigmoid",
    resetAfter: false,
    peepholes: false,
    useBias: true,
    goBackwards: false,
    sequences: false,
    truncate: 0,
    inputGradient: true,
    masked: false,
    recurrentDropout: false,
    training: true,
    ...spec,
  };
  const { timesteps: T, batch: B, inputs: D, units: H } = full;
  if (![T, B, D, H].every((n) => Number.isInteger(n) && n > 0))
    throw new RangeError(
      `A recurrent layer's sizes must be whole numbers of at least 1, not T=${T}, B=${B}, D=${D}, H=${H}.`,
    );
  if (full.peepholes && full.kind !== "lstm") throw new RangeError("Only an LSTM has peepholes.");
  if (full.masked && !full.training) throw new RangeError("A plan without training takes no masks.");
  if (full.resetAfter && full.kind !== "gru") throw new RangeError("Only a GRU has a reset gate.");
  return full;
}
