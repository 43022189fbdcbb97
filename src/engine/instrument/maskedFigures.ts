/**
 * The figures of a pass over a masked batch, sample by sample, so that each timestep can be moved to its real place.
 */

import { logSumOfSquares } from "../recording/norms.ts";
import type { GateMeasurement, SequenceMeasurement, StateMeasurement } from "../recording/recorder.ts";
import { open, shut } from "./gateFigures.ts";
import type { RealTimesteps } from "./realTimesteps.ts";

/** Values of one state, `timesteps × samples` by place; −Infinity if there is none. */
export interface StateRows {
  /** log₁₀ ‖d‖. */
  readonly norm: Float64Array;
  /** log₁₀ of what the timestep sends to the previous real one, ‖Jᵀ d‖. */
  readonly sent: Float64Array;
  readonly nonFinite: Float64Array;
}

interface GateSums {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly timescale: Float64Array;
  readonly values: Float64Array;
}

export class MaskedFigures {
  readonly #real: RealTimesteps;
  readonly #states: readonly StateRows[];
  readonly #gates: readonly GateSums[];
  /** Per state, what the last visited timestep of the walk back received from a real one. */
  readonly #transported: (Float64Array | null)[];

  constructor(real: RealTimesteps, states: number, gates: number) {
    const { timesteps, samples } = real;
    const rows = (): Float64Array => new Float64Array(timesteps * samples).fill(Number.NEGATIVE_INFINITY);
    const series = (): Float64Array => new Float64Array(timesteps);
    this.#real = real;
    this.#transported = Array.from({ length: states }, () => null);
    this.#states = Array.from({ length: states }, () => ({ norm: rows(), sent: rows(), nonFinite: series() }));
    this.#gates = Array.from({ length: gates }, () => ({
      low: series(),
      high: series(),
      timescale: series(),
      values: series(),
    }));
  }

  /** Records a gate's values at a timestep, B × H. */
  gate(index: number, timestep: number, data: ArrayLike<number>): void {
    const sums = this.#gates[index];
    const width = data.length / this.#real.samples;
    for (let b = 0; sums && b < this.#real.samples; b++) {
      const k = this.#real.place(timestep, b);
      if (k < 0) continue;
      sums.values[k]! += width;
      for (let i = b * width; i < (b + 1) * width; i++) {
        const v = data[i]!;
        if (v < shut) sums.low[k]!++;
        else if (v > open) sums.high[k]!++;
        sums.timescale[k]! += 1 / (1 - v);
      }
    }
  }

  /** Records log₁₀ ‖d_t‖ of one sample. */
  state(index: number, timestep: number, sample: number, logNorm: number, nonFinite: number): void {
    const k = this.#real.place(timestep, sample);
    const rows = this.#states[index];
    if (k < 0 || !rows) return;
    rows.norm[k * this.#real.samples + sample] = logNorm;
    rows.nonFinite[k]! += nonFinite;
  }

  /**
   * Records what timestep t + 1 sent to the `index`-th state of timestep t (0: the initial one), B × H, both in the
   * scale of t. If t + 1 is masked, it only passed on what it received, together with its own loss. Then only the part
   * of `rows` that came from a real timestep is kept: nothing if the walk back was cut.
   *
   * @param factor from the scale of t + 1 to that of t.
   * @param logScale log₁₀ of the scale of t.
   */
  transported(index: number, timestep: number, rows: Float64Array, factor: number, logScale: number): void {
    const { samples, timesteps } = this.#real;
    const former = this.#transported[index];
    const width = rows.length / samples;
    for (let b = 0; former && timestep < timesteps && b < samples; b++) {
      if (this.#real.place(timestep + 1, b) >= 0) continue;
      const [from, to] = [b * width, (b + 1) * width];
      if (rows.subarray(from, to).some((v) => v !== 0)) for (let i = from; i < to; i++) rows[i] = former[i]! * factor;
    }
    this.#transported[index] = rows;
    this.sent(index, timestep, rows, logScale);
  }

  /** Records what the real timestep after `timestep` (0: before the first) sent to it, if `timestep` is real. */
  sent(index: number, timestep: number, data: Float64Array, logScale: number): void {
    const { samples, longest } = this.#real;
    const rows = this.#states[index];
    const width = data.length / samples;
    for (let b = 0; rows && b < samples; b++) {
      const place = timestep === 0 ? this.#real.first(b) - 1 : this.#real.place(timestep, b);
      const from = place + 1;
      if ((timestep > 0 && place < 0) || from >= longest) continue;
      let squares = 0;
      for (let i = b * width; i < (b + 1) * width; i++) squares += data[i]! ** 2;
      rows.sent[from * samples + b] = Math.log10(squares) / 2 - logScale;
    }
  }

  /** @param measured the same pass with all timesteps in their original places. */
  finish(measured: SequenceMeasurement, floor: number | null, keepGate: string | null): SequenceMeasurement {
    const { timesteps } = this.#real;
    const keep = measured.gates.findIndex(({ name }) => name === keepGate);
    return {
      timesteps,
      end: this.#real.longest,
      states: measured.states.map(({ name }, i) => stateFigures(name, this.#states[i]!, this.#real, floor)),
      logContribution: measured.logContribution && this.#contribution(measured.logContribution),
      gates: measured.gates.map(({ name }, i): GateMeasurement => {
        const { low, high, values } = this.#gates[i]!;
        return { name, low: low.map((n, k) => n / values[k]!), high: high.map((n, k) => n / values[k]!) };
      }),
      timescale: this.#gates[keep]?.timescale.map((sum, k) => sum / this.#gates[keep]!.values[k]!) ?? null,
    };
  }

  /**
   * ∂L/∂U of a timestep is one matrix for all samples together: it is placed where the longest sample has that
   * timestep.
   */
  #contribution(measured: Float64Array): Float64Array {
    const parts: number[][] = Array.from(measured, () => []);
    measured.forEach((log, i) => {
      const k = this.#real.placeInLongest(i + 1);
      if (k >= 0) parts[k]!.push(log);
    });
    return Float64Array.from(parts, (logs) => (logs.length === 0 ? Number.NEGATIVE_INFINITY : logSumOfSquares(logs)));
  }
}

/** Where the samples of a masked batch begin, by place. */
export interface Beginnings {
  readonly timesteps: number;
  readonly samples: number;
  readonly longest: number;
  first(sample: number): number;
}

/** The figures of one state of a masked batch: at each place, over the samples that have begun. */
export function stateFigures(
  name: StateMeasurement["name"],
  { norm, sent, nonFinite }: StateRows,
  beginnings: Beginnings,
  floor: number | null,
): StateMeasurement {
  const { timesteps, samples, longest } = beginnings;
  const limited = (log: number): number => (floor !== null && log < floor ? Number.NEGATIVE_INFINITY : log);
  const series = (value: number): Float64Array => new Float64Array(timesteps).fill(value);
  const none = Number.NEGATIVE_INFINITY;
  const [logNorm, gain] = [series(none), series(Number.NaN)];
  const [p10, p50, p90] = [series(none), series(none), series(none)];
  for (let k = 0; k < longest; k++) {
    const all: number[] = [];
    const sending: number[] = [];
    const arriving: number[] = [];
    for (let b = 0; b < samples; b++) {
      if (k < beginnings.first(b)) continue;
      all.push(norm[k * samples + b]!);
      // A shorter sample's first timestep sends to its initial state, not to a timestep.
      if (k > 0 && k === beginnings.first(b)) continue;
      sending.push(norm[k * samples + b]!);
      arriving.push(sent[k * samples + b]!);
    }
    logNorm[k] = limited(logSumOfSquares(all));
    if (logNorm[k] !== none) gain[k] = 10 ** (logSumOfSquares(arriving) - logSumOfSquares(sending));
    const sorted = Float64Array.from(all, limited).sort();
    const nearest = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
    [p10[k], p50[k], p90[k]] = [nearest(0.1), nearest(0.5), nearest(0.9)];
  }
  return { name, logNorm, gain, nonFinite, logSampleNorm: norm.map(limited), percentiles: { p10, p50, p90 } };
}
