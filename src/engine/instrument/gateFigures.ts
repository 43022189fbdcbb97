/** How far the gates of a cell are open, timestep by timestep. */

import { countAbove, countBelow, type Floats, sumOfTimescales } from "../recording/norms.ts";
import type { GateMeasurement, SequenceMeasurement } from "../recording/recorder.ts";

/** A gate is shut below the first value and open above the second. */
export const shut = 0.1;
export const open = 0.9;

export class GateFigures {
  readonly #gates: readonly GateMeasurement[];
  readonly #keepGate: string | null;
  readonly #timescale: Float64Array | null;

  /** @param keepGate name of the gate that keeps the state; null: there is none */
  constructor(timesteps: number, gates: readonly string[], keepGate: string | null) {
    const series = (): Float64Array => new Float64Array(timesteps);
    this.#gates = gates.map((name) => ({ name, low: series(), high: series() }));
    this.#keepGate = keepGate;
    this.#timescale = keepGate === null ? null : series();
  }

  /**
   * Takes the values of the `index`-th gate at a timestep, counted from 1.
   * @returns whether there is such a gate
   */
  values(index: number, timestep: number, data: Floats): boolean {
    const gate = this.#gates[index];
    if (!gate) return false;
    const t = timestep - 1;
    gate.low[t] = countBelow(data, shut) / data.length;
    gate.high[t] = countAbove(data, open) / data.length;
    if (this.#timescale && gate.name === this.#keepGate) this.#timescale[t] = sumOfTimescales(data) / data.length;
    return true;
  }

  get figures(): Pick<SequenceMeasurement, "gates" | "timescale"> {
    return { gates: this.#gates, timescale: this.#timescale };
  }
}
