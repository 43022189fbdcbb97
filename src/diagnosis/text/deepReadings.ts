/** Explains the figures of a deep probe, one sentence each; the same in the terminal and in the panel. */

import { deepWords } from "../../messages/deepTexts.ts";
import { listWords } from "../../messages/lists.ts";
import type {
  DeepExponents,
  DeepFlow,
  DeepMatrix,
  DeepProducts,
  DeepReadings,
  DeepResult,
} from "../../protocol/deep.ts";
import { formatDecades, formatGain, formatNumber } from "../../protocol/numberText.ts";

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
  if (last === undefined) return deepWords().noLoss;
  const from = lossTimesteps.length - 1;
  // The state of an LSTM that keeps more counts.
  const kept = states.map(({ logNorm }) => {
    const column = logNorm.subarray(from * timesteps, (from + 1) * timesteps);
    return column.map((v) => v - column[last - 1]!);
  });
  const left = (t: number): number => Math.max(...kept.map((column) => column[t - 1]!));
  const where =
    lossTimesteps.length === 1
      ? deepWords().entersOnce(last)
      : deepWords().entersOften({ timesteps: lossTimesteps.length, last });
  if (last === 1) return where;
  let lag = 0;
  while (lag < last - 1 && left(last - lag - 1) >= Math.log10(lost)) lag++;
  const end = left(1);
  const rate = end === Number.NEGATIVE_INFINITY ? "" : deepWords().perTimestep(formatGain(10 ** (end / (last - 1))));
  const arrives =
    end === Number.NEGATIVE_INFINITY ? deepWords().nothingArrives : deepWords().changedBy(formatDecades(end));
  const reach =
    lag === last - 1 ? deepWords().survives(100 * lost) : deepWords().lost({ lost: 100 * lost, lag: lag + 1 });
  return listWords().sentences(
    `${where} ${deepWords().reachAndRest({ reach: capital(reach), rest: `${arrives}${rate}` })}`,
  );
}

function exponentsReading(exponents: DeepExponents | null, sequences: number): string {
  const leading = exponents?.mean[0];
  if (!exponents || leading === undefined) return deepWords().oneTimestep;
  const factor = Math.exp(leading);
  if (factor === 0) return deepWords().forgetsAll;
  const [low, high] = [Math.exp(exponents.low[0]!), Math.exp(exponents.high[0]!)];
  const spread =
    sequences === 1 || formatGain(low) === formatGain(high)
      ? ""
      : deepWords().overSequences({ low: formatGain(low), high: formatGain(high), sequences });
  if (Math.abs(factor - 1) < keeping) return deepWords().keepsSize({ spread, factor: formatGain(factor) });
  const growing = exponents.mean.filter((v) => v > keeping).length;
  const chaos =
    growing === 0 ? "" : deepWords().explodes({ growing, leading: exponents.mean.length, one: growing === 1 });
  return deepWords().perturbation({ shrinks: factor < 1, factor: formatGain(factor), spread, chaos });
}

function matricesReading(matrices: readonly DeepMatrix[], type: DeepResult["type"]): string {
  if (matrices.length === 0) return deepWords().matrixTooLarge;
  const largest = (m: DeepMatrix): number => 10 ** (m.logSingularValues[0] ?? Number.NEGATIVE_INFINITY);
  const [only] = matrices;
  if (type === "simpleRNN" && only) {
    const sigma = largest(only);
    const smallest = 10 ** (only.logSingularValues.at(-1) ?? Number.NEGATIVE_INFINITY);
    const meaning = sigma < 1 - 1e-6 ? deepWords().canOnlyShrink : "";
    return deepWords().stretches({
      smallest: formatNumber(smallest),
      sigma: formatNumber(sigma),
      spectralRadius: formatNumber(only.spectralRadius),
      meaning,
    });
  }
  const each = matrices.map((m) =>
    listWords().aside({ text: `${m.name} ×${formatNumber(largest(m))}`, aside: formatNumber(m.spectralRadius) }),
  );
  return deepWords().gatesStretch(listWords().commas(each));
}

function productsReading(products: DeepProducts | null, timesteps: number): string {
  if (!products) return timesteps < 2 ? deepWords().oneTimestep : deepWords().statesTooWide;
  const { spans, width, logSingularValues } = products;
  const span = spans.at(-1)!;
  const whole = logSingularValues.subarray(-width);
  const kept = whole.filter((v) => v >= Math.log10(lost)).length;
  const best = whole[0]!;
  const most = best === Number.NEGATIVE_INFINITY ? deepWords().nothing : deepWords().decades(formatDecades(best));
  return deepWords().products({ span, kept, width, one: kept === 1, lost: 100 * lost, most });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
