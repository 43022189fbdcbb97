/** Figures of a backward pass, from the records that the kernel reduced (assembly/statistics.ts). */

/** Number of float64 fields per timestep; a module with another number is refused. */
export const statisticsFields = 31;
const stateFields = 11;
const contributionField = 2 * stateFields;
const gatesField = contributionField + 2;
const timescaleField = gatesField + 6;

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
  /** log₁₀ ‖d_{t,b}‖, T × B values, with the samples of a timestep side by side. */
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
}

/** T × B values of log₁₀, with the samples of a timestep side by side. */
export function logSampleNorm({ squares, exponents, batch, stride }: SampleNorms, timesteps: number): Float64Array {
  const result = new Float64Array(timesteps * batch);
  let to = 0;
  for (let t = 0; t < timesteps; t++)
    for (let at = t * stride, end = at + batch; at < end; at++)
      result[to++] = Math.log10(squares[at]!) / 2 + exponents[at]! * log10Of2;
  return result;
}

function state(name: "h" | "c", records: Float64Array, timesteps: number, samples: SampleNorms): StateStatistics {
  const base = name === "h" ? 0 : stateFields;
  const gain = new Float64Array(timesteps);
  for (let t = 0, at = base; t < timesteps; t++, at += statisticsFields) {
    const square = records[at]!;
    const ratio = Math.sqrt(records[at + 2]! / square);
    gain[t] = square === 0 ? Number.NaN : ratio * 2 ** (records[at + 3]! - records[at + 1]!);
  }
  let perSample: Float64Array | null = null;
  const copy = { ...samples, squares: samples.squares.slice(), exponents: samples.exponents.slice() };
  return {
    name,
    logNorm: logNorms(records, timesteps, base),
    gain,
    nonFinite: column(records, timesteps, base + 4),
    p10: logNorms(records, timesteps, base + 5),
    p50: logNorms(records, timesteps, base + 7),
    p90: logNorms(records, timesteps, base + 9),
    get logSampleNorm() {
      perSample ??= logSampleNorm(copy, timesteps);
      return perSample;
    },
  };
}

function column(records: Float64Array, timesteps: number, field: number): Float64Array {
  const result = new Float64Array(timesteps);
  for (let t = 0, at = field; t < timesteps; t++, at += statisticsFields) result[t] = records[at]!;
  return result;
}

/** log₁₀ of norms that the record stores as (square, e): norm² = square × 4^e. */
function logNorms(records: Float64Array, timesteps: number, field: number): Float64Array {
  const result = new Float64Array(timesteps);
  for (let t = 0, at = field; t < timesteps; t++, at += statisticsFields)
    result[t] = Math.log10(records[at]!) / 2 + records[at + 1]! * log10Of2;
  return result;
}

/** Reads the records of `timesteps` timesteps; `gates` are the gates' names in the order of their counts. */
export function readStatistics(
  records: Float64Array,
  timesteps: number,
  gates: readonly string[],
  h: SampleNorms,
  c: SampleNorms | null,
): RecurrentStatistics {
  return {
    timesteps,
    states: [state("h", records, timesteps, h), ...(c ? [state("c", records, timesteps, c)] : [])],
    logContribution: logNorms(records, timesteps, contributionField),
    gates: gates.map((name, i) => ({
      name,
      low: column(records, timesteps, gatesField + 2 * i),
      high: column(records, timesteps, gatesField + 2 * i + 1),
    })),
    timescale: gates.length > 0 ? column(records, timesteps, timescaleField) : null,
  };
}
