/** Explains the figures of a deep probe, one sentence each; the same in the terminal and in the panel. */

import type {
  DeepExponents,
  DeepFlow,
  DeepMatrix,
  DeepProducts,
  DeepReadings,
  DeepResult,
} from "../../protocol/deep.ts";
import { count, formatDecades, formatGain, formatNumber } from "../../protocol/numberText.ts";

/** A factor per timestep nearer to 1 than this counts as keeping a perturbation's size. */
const keeping = 0.0005;
/** Below this share the gradient counts as lost; the same as the horizon's default ε. */
const lost = 0.01;

export function deepReadings(result: Omit<DeepResult, "readings" | "milliseconds">): DeepReadings {
  return {
    flow: flowReading(result.flow, result.timesteps),
    exponents: exponentsReading(result.exponents, result.sequences),
    matrices: matricesReading(result.matrices, result.type),
    products: productsReading(result.products, result.timesteps),
  };
}

function flowReading({ lossTimesteps, states }: DeepFlow, timesteps: number): string {
  const last = lossTimesteps.at(-1);
  if (last === undefined) return "No loss gradient enters this layer: nothing flows back.";
  const from = lossTimesteps.length - 1;
  // The state of an LSTM that keeps more counts.
  const kept = states.map(({ logNorm }) => {
    const column = logNorm.subarray(from * timesteps, (from + 1) * timesteps);
    return column.map((v) => v - column[last - 1]!);
  });
  const left = (t: number): number => Math.max(...kept.map((column) => column[t - 1]!));
  const where =
    lossTimesteps.length === 1
      ? `The loss enters at timestep ${last} only.`
      : `The loss enters at ${count(lossTimesteps.length, "timestep")}; what follows is about the last one, ${last}.`;
  if (last === 1) return where;
  let lag = 0;
  while (lag < last - 1 && left(last - lag - 1) >= Math.log10(lost)) lag++;
  const end = left(1);
  const rate = end === Number.NEGATIVE_INFINITY ? "" : `, ${formatGain(10 ** (end / (last - 1)))} per timestep`;
  const arrives =
    end === Number.NEGATIVE_INFINITY
      ? "Nothing of it arrives at timestep 1"
      : `At timestep 1 it has changed by ${formatDecades(end)} decades`;
  const reach =
    lag === last - 1
      ? `more than ${100 * lost} % of its gradient survives all the way back`
      : `less than ${100 * lost} % of its gradient is left after ${count(lag + 1, "timestep")}`;
  return `${where} ${capital(reach)}. ${arrives}${rate}.`;
}

function exponentsReading(exponents: DeepExponents | null, sequences: number): string {
  const leading = exponents?.mean[0];
  if (!exponents || leading === undefined) return "A single timestep has no transition to measure.";
  const factor = Math.exp(leading);
  if (factor === 0) return "Every perturbation is gone after one timestep: the state forgets everything before it.";
  const [low, high] = [Math.exp(exponents.low[0]!), Math.exp(exponents.high[0]!)];
  const spread =
    sequences === 1 || formatGain(low) === formatGain(high)
      ? ""
      : ` (${formatGain(low)} to ${formatGain(high)} over ${sequences} sequences)`;
  if (Math.abs(factor - 1) < keeping)
    return `A perturbation keeps its size along the least stable direction${spread}: ${formatGain(factor)} per timestep.`;
  const verb = factor < 1 ? "shrinks" : "grows";
  const growing = exponents.mean.filter((v) => v > keeping).length;
  const chaos =
    growing === 0
      ? ""
      : ` ${count(growing, "direction")} of the ${exponents.mean.length} leading ${growing === 1 ? "grows" : "grow"}: gradients over long spans explode.`;
  return `A perturbation ${verb} by ${formatGain(factor)} per timestep along the least stable direction${spread}.${chaos}`;
}

function matricesReading(matrices: readonly DeepMatrix[], type: DeepResult["type"]): string {
  if (matrices.length === 0) return "The recurrent matrix is too large to analyse here.";
  const largest = (m: DeepMatrix): number => 10 ** (m.logSingularValues[0] ?? Number.NEGATIVE_INFINITY);
  const [only] = matrices;
  if (type === "simpleRNN" && only) {
    const sigma = largest(only);
    const smallest = 10 ** (only.logSingularValues.at(-1) ?? Number.NEGATIVE_INFINITY);
    const meaning = sigma < 1 - 1e-6 ? ": with slopes of at most 1, as tanh's, a gradient can only shrink" : "";
    return `U stretches by between ×${formatNumber(smallest)} and ×${formatNumber(sigma)}; its spectral radius is ${formatNumber(only.spectralRadius)}${meaning}.`;
  }
  const each = matrices.map((m) => `${m.name} ×${formatNumber(largest(m))} (${formatNumber(m.spectralRadius)})`);
  return `The most the recurrent matrix of each gate stretches, and its spectral radius: ${each.join(", ")}.`;
}

function productsReading(products: DeepProducts | null, timesteps: number): string {
  if (!products)
    return timesteps < 2
      ? "A single timestep has no transition to measure."
      : "The states are too wide for the singular values of products.";
  const { spans, width, logSingularValues } = products;
  const span = spans.at(-1)!;
  const whole = logSingularValues.subarray(-width);
  const kept = whole.filter((v) => v >= Math.log10(lost)).length;
  const best = whole[0]!;
  const most = best === Number.NEGATIVE_INFINITY ? "nothing" : `${formatDecades(best)} decades`;
  return `Over ${count(span, "timestep")}, ${kept} of ${count(width, "direction")} ${kept === 1 ? "keeps" : "keep"} more than ${100 * lost} %; the best keeps ${most}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
