/** Turns the reports of recurrent layers into the profiles of a frame. */

import type { Channel, Profile } from "../../protocol/frame.ts";
import type { StateName } from "../../protocol/run.ts";
import { logSumOfSquares } from "../recording/norms.ts";
import type { SequenceMeasurement, StateMeasurement } from "../recording/recorder.ts";

/** Number of timesteps of a pass that count: all, or the first so many of a masked batch. */
function endOf(pass: SequenceMeasurement): number {
  return pass.end ?? pass.timesteps;
}

/**
 * Index, in one of several passes, of timestep t of a merged profile that ends at `end`: the last timesteps coincide.
 */
function at(pass: SequenceMeasurement, end: number, t: number): number {
  return t - end + endOf(pass);
}

/** Size of a merged profile. */
interface Extent {
  readonly timesteps: number;
  /** Number of timesteps that count; the rest is empty. */
  readonly end: number;
}

/** Merges element by element, over the passes that have timestep t. */
function merge(
  passes: readonly SequenceMeasurement[],
  { timesteps, end }: Extent,
  pick: (pass: SequenceMeasurement) => Float64Array | null | undefined,
  combine: (values: readonly number[]) => number,
): Float64Array {
  return Float64Array.from({ length: timesteps }, (_, t) => {
    const values = passes.flatMap((pass) => pick(pass)?.[at(pass, end, t)] ?? []);
    return values.length === 0 ? Number.NaN : combine(values);
  });
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

function mergeState(passes: readonly SequenceMeasurement[], extent: Extent, name: StateName): StateMeasurement {
  const { timesteps, end } = extent;
  const of = (pass: SequenceMeasurement): StateMeasurement | undefined => pass.states.find((s) => s.name === name);
  const logNorm = merge(passes, extent, (pass) => of(pass)?.logNorm, logSumOfSquares);
  const gain = Float64Array.from({ length: timesteps }, (_, t) => {
    if (logNorm[t] === -Infinity) return Number.NaN;
    const transported = passes.flatMap((pass) => {
      const i = at(pass, end, t);
      const norm = of(pass)?.logNorm[i] ?? -Infinity;
      return norm === -Infinity ? [] : [norm + Math.log10(of(pass)?.gain[i] ?? Number.NaN)];
    });
    return 10 ** (logSumOfSquares(transported) - (logNorm[t] ?? Number.NaN));
  });
  const samples = passes.map((pass) => (of(pass)?.logSampleNorm.length ?? 0) / pass.timesteps);
  const width = sum(samples);
  const logSampleNorm = new Float64Array(width * timesteps).fill(-Infinity);
  let offset = 0;
  for (const [k, pass] of passes.entries()) {
    const own = samples[k] ?? 0;
    for (let t = 0; t < timesteps; t++) {
      const i = at(pass, end, t);
      if (i < 0) continue;
      const values = of(pass)?.logSampleNorm.subarray(i * own, (i + 1) * own);
      if (values) logSampleNorm.set(values, t * width + offset);
    }
    offset += own;
  }
  return {
    name,
    logNorm,
    gain,
    nonFinite: merge(passes, extent, (pass) => of(pass)?.nonFinite, sum),
    logSampleNorm,
    percentiles: null,
  };
}

/**
 * Merges several passes of one layer in one step (under timeDistributed, or shared) into one. Norms cover all passes,
 * as if they were one larger batch. Contributions do, too, so a timestep's ∂L/∂U is then a sum over the passes.
 */
export function mergePasses(passes: readonly SequenceMeasurement[], timesteps: number): SequenceMeasurement | null {
  const [first] = passes;
  if (!first) return null;
  if (passes.length === 1 && first.end !== undefined) return cut(first, timesteps);
  if (passes.length === 1 && first.timesteps === timesteps) return first;
  const masked = passes.some(({ end }) => end !== undefined);
  const extent = { timesteps, end: masked ? Math.max(...passes.map(endOf)) : timesteps };
  return {
    timesteps,
    states: first.states.map(({ name }) => mergeState(passes, extent, name)),
    logContribution: first.logContribution
      ? merge(passes, extent, (pass) => pass.logContribution, logSumOfSquares)
      : null,
    gates: first.gates.map(({ name }, g) => ({
      name,
      low: merge(passes, extent, (pass) => pass.gates[g]?.low, mean),
      high: merge(passes, extent, (pass) => pass.gates[g]?.high, mean),
    })),
    timescale: first.timescale ? merge(passes, extent, (pass) => pass.timescale, mean) : null,
  };
}

/** A masked batch's pass without the empty timesteps at its end. */
function cut(pass: SequenceMeasurement, timesteps: number): SequenceMeasurement {
  const first = (values: Float64Array): Float64Array => values.slice(0, timesteps);
  return {
    timesteps,
    states: pass.states.map((state) => {
      const { percentiles: p } = state;
      return {
        name: state.name,
        logNorm: first(state.logNorm),
        gain: first(state.gain),
        nonFinite: first(state.nonFinite),
        // Expensive, and with percentiles nobody needs it.
        get logSampleNorm() {
          const all = state.logSampleNorm;
          return all.slice(0, (all.length / pass.timesteps) * timesteps);
        },
        percentiles: p && { p10: first(p.p10), p50: first(p.p50), p90: first(p.p90) },
      };
    }),
    logContribution: pass.logContribution && first(pass.logContribution),
    gates: pass.gates.map(({ name, low, high }) => ({ name, low: first(low), high: first(high) })),
    timescale: pass.timescale && first(pass.timescale),
  };
}

/** Nearest-rank percentiles of each timestep's samples; NaN ranks highest. */
function percentiles(values: Float64Array, timesteps: number, share: number): Float64Array {
  const samples = values.length / timesteps;
  const rank = Math.max(0, Math.ceil(share * samples) - 1);
  return Float64Array.from({ length: timesteps }, (_, t) => {
    const sorted = values.slice(t * samples, (t + 1) * samples).sort();
    return sorted[rank] ?? Number.NaN;
  });
}

/** All profiles of one recurrent layer. */
export function profiles(layer: number, measurement: SequenceMeasurement): Profile[] {
  const { timesteps } = measurement;
  const result: Profile[] = [];
  const push = (channel: Channel, values: Float64Array): void => {
    result.push({ layer, channel, values, max: values });
  };
  for (const state of measurement.states) {
    const { name, logNorm, gain, nonFinite } = state;
    push(`${name}.logNorm`, logNorm);
    push(`${name}.gain`, gain);
    push(`${name}.nonFinite`, nonFinite);
    push(`${name}.p10`, state.percentiles?.p10 ?? percentiles(state.logSampleNorm, timesteps, 0.1));
    push(`${name}.p50`, state.percentiles?.p50 ?? percentiles(state.logSampleNorm, timesteps, 0.5));
    push(`${name}.p90`, state.percentiles?.p90 ?? percentiles(state.logSampleNorm, timesteps, 0.9));
  }
  if (measurement.logContribution) push("logContribution", measurement.logContribution);
  for (const { name, low, high } of measurement.gates) {
    push(`gate.${name}.low`, low);
    push(`gate.${name}.high`, high);
  }
  if (measurement.timescale) push("timescale", measurement.timescale);
  return result;
}
