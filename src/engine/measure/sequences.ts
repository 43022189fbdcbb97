/** From what recurrent layers report to the profiles of a frame. */

import type { Channel, Profile } from "../../protocol/frame.ts";
import type { StateName } from "../../protocol/run.ts";
import type { SequenceMeasurement, StateMeasurement } from "../recurrent/recorder.ts";

/** log₁₀ √(Σ 10^(2 xᵢ)), without leaving the logarithms' range. */
function logSumOfSquares(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  if (!Number.isFinite(largest)) return largest;
  return largest + Math.log10(logs.reduce((sum, x) => sum + 10 ** (2 * (x - largest)), 0)) / 2;
}

/** Index of timestep t of the merged profile in one of several passes: their last timesteps coincide. */
function at(pass: SequenceMeasurement, timesteps: number, t: number): number {
  return t - timesteps + pass.timesteps;
}

/** Element-wise over the passes that have timestep t. */
function merge(
  passes: readonly SequenceMeasurement[],
  timesteps: number,
  pick: (pass: SequenceMeasurement) => Float64Array | null | undefined,
  combine: (values: readonly number[]) => number,
): Float64Array {
  return Float64Array.from({ length: timesteps }, (_, t) => {
    const values = passes.flatMap((pass) => pick(pass)?.[at(pass, timesteps, t)] ?? []);
    return values.length === 0 ? Number.NaN : combine(values);
  });
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

function mergeState(passes: readonly SequenceMeasurement[], timesteps: number, name: StateName): StateMeasurement {
  const of = (pass: SequenceMeasurement): StateMeasurement | undefined => pass.states.find((s) => s.name === name);
  const logNorm = merge(passes, timesteps, (pass) => of(pass)?.logNorm, logSumOfSquares);
  const gain = Float64Array.from({ length: timesteps }, (_, t) => {
    if (logNorm[t] === -Infinity) return Number.NaN;
    const transported = passes.flatMap((pass) => {
      const i = at(pass, timesteps, t);
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
      const i = at(pass, timesteps, t);
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
    nonFinite: merge(passes, timesteps, (pass) => of(pass)?.nonFinite, sum),
    logSampleNorm,
    percentiles: null,
  };
}

/**
 * Several passes of one layer in one step (under timeDistributed, or shared) as one: norms over all of them, as if they
 * were one larger batch; contributions likewise, although ∂L/∂U of a timestep is then a sum over the passes.
 */
export function mergePasses(passes: readonly SequenceMeasurement[], timesteps: number): SequenceMeasurement | null {
  const [first] = passes;
  if (!first || (passes.length === 1 && first.timesteps === timesteps)) return first ?? null;
  return {
    timesteps,
    states: first.states.map(({ name }) => mergeState(passes, timesteps, name)),
    logContribution: first.logContribution
      ? merge(passes, timesteps, (pass) => pass.logContribution, logSumOfSquares)
      : null,
    gates: first.gates.map(({ name }, g) => ({
      name,
      low: merge(passes, timesteps, (pass) => pass.gates[g]?.low, mean),
      high: merge(passes, timesteps, (pass) => pass.gates[g]?.high, mean),
    })),
    timescale: first.timescale ? merge(passes, timesteps, (pass) => pass.timescale, mean) : null,
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
