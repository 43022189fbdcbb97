/** A deep probe with figures from simple formulas, which tests know. */

import type { DeepResult } from "../../../../src/protocol/deep.ts";

export const demoTimesteps = 60;
/** Decades that the flow loses per timestep. */
export const demoLoss = 0.15;

/** The same for a net that answers at its last timestep alone. */
export function oneLoss(found: DeepResult): DeepResult {
  const { timesteps, flow } = found;
  const last = (values: Float64Array): Float64Array => values.slice(-timesteps);
  const states = flow.states.map((state) => ({
    ...state,
    logNorm: last(state.logNorm),
    logTotal: last(state.logNorm),
  }));
  return { ...found, flow: { lossTimesteps: Float64Array.of(timesteps), states } };
}

export function demoDeep(model: string, type: "lstm" | "simpleRNN", layer: string): DeepResult {
  const timesteps = demoTimesteps;
  const units = 32;
  const lossTimesteps = Float64Array.from({ length: timesteps }, (_, i) => i + 1);
  const flow = (slope: number): Float64Array =>
    Float64Array.from({ length: timesteps * timesteps }, (_, i) => {
      const [k, t] = [Math.floor(i / timesteps) + 1, (i % timesteps) + 1];
      return t > k ? Number.NEGATIVE_INFINITY : -1 - slope * (k - t);
    });
  const state = (name: "h" | "c", slope: number) => ({
    name,
    logNorm: flow(slope),
    logTotal: new Float64Array(timesteps).fill(-1),
  });
  const exponents = Float64Array.from({ length: 16 }, (_, i) => -0.1 - 0.05 * i);
  const matrix = (name: string, top: number) => ({
    name,
    spectralRadius: 0.8 * top,
    logSingularValues: Float64Array.from({ length: units }, (_, i) => Math.log10(top * (1 - i / units))),
  });
  const spans = Float64Array.of(1, 2, 4, 8, 16, 32, 59);
  const width = type === "lstm" ? 2 * units : units;
  return {
    model,
    layer,
    path: ["models", model, "layers", 0],
    type,
    units,
    timesteps,
    reversed: false,
    steps: 0,
    sequences: 8,
    flow: { lossTimesteps, states: type === "lstm" ? [state("h", demoLoss), state("c", 0.1)] : [state("h", demoLoss)] },
    exponents: { mean: exponents, low: exponents.map((v) => v - 0.03), high: exponents.map((v) => v + 0.02) },
    matrices:
      type === "lstm"
        ? [matrix("input", 0.9), matrix("forget", 1.1), matrix("candidate", 1.3), matrix("output", 0.7)]
        : [matrix("U", 1)],
    products: {
      spans,
      width,
      logSingularValues: Float64Array.from(
        Array.from(spans).flatMap((span) =>
          Array.from({ length: width }, (_, i) => -0.04 * span - (0.05 * i * span) / 8),
        ),
      ),
    },
    readings: {
      flow: "The loss enters at 60 timesteps; what follows is about the last one, 60. Less than 1 % of its gradient is left after 14 timesteps.",
      exponents:
        "A perturbation shrinks by ×0.905 per timestep along the least stable direction (×0.88 to ×0.92 over 8 sequences).",
      matrices:
        "The most the recurrent matrix of each gate stretches, and its spectral radius: input ×0.9 (0.72), forget ×1.1 (0.88).",
      products: "Over 59 timesteps, 1 of 64 directions keeps more than 1 %; the best keeps −2.4 decades.",
    },
    milliseconds: 2134,
  };
}
