/**
 * Measured need: how far back a trained net uses its inputs.
 *
 * Inputs older than k timesteps are exchanged among samples; the need is the smallest k for which the loss does not
 * rise. If the net answers at every timestep, the first c timesteps are exchanged and the answers from timestep c + k
 * on are used: at least everything older than k timesteps comes from another sample for them.
 */

import { Stopped } from "../../../kernels/stop.ts";
import type { MeasuredNeed } from "../../../protocol/need.ts";
import type { Samples } from "../../data/dataset.ts";
import { realLength } from "../../data/lag/examples.ts";
import { createRandom, permutation } from "../../data/random.ts";
import { ExchangedAnswers, minSamples, type NeedQuestion } from "./exchangedAnswers.ts";
import { type GroupLosses, rise } from "./groupLosses.ts";
import { smallestHarmless } from "./search.ts";

/** Largest number of samples to measure on. */
const maxSamples = 256;
/** Values of one forward pass, so that a large input does not take all memory. */
const maxValues = 4_000_000;

/** Null if the need cannot be determined: nothing learnt yet, too few samples, or not within the time limit. */
export async function measureNeed(question: NeedQuestion, signal: AbortSignal): Promise<MeasuredNeed | null> {
  const chosen = chooseSamples(question);
  if (!chosen) return null;
  const answers = new ExchangedAnswers(question, chosen);
  try {
    return await needOf(question, chosen, answers, signal);
  } catch (error) {
    if (error instanceof Aborted || error instanceof Stopped) return null;
    throw error;
  } finally {
    answers.dispose();
  }
}

async function needOf(
  { axis, limit, worthwhile }: NeedQuestion,
  { samples, held }: Chosen,
  answers: ExchangedAnswers,
  signal: AbortSignal,
): Promise<MeasuredNeed | null> {
  const { timesteps } = axis;
  const { everywhere, rounds } = answers;
  const begun = performance.now();
  const untouched = await answers.untouched();
  const whole = answers.losses(untouched, 0);
  const mean = whole.reduce((a, b) => a + b, 0) / whole.length;
  if (!Number.isFinite(mean) || (worthwhile !== null && mean > worthwhile)) return null;
  // A grid and a search need twice the binary logarithm of T; answers at every timestep come from a few cuts.
  const passes = rounds * (everywhere ? cutsOf(timesteps).length + 1 : 2 * Math.ceil(Math.log2(timesteps)) + 2);
  if ((performance.now() - begun) * passes > limit) return null;

  /** The rise of the losses of the answers from a timestep on, with the first `cut` timesteps exchanged. */
  const riseOf = async (cut: number, from: number, original: GroupLosses, least: number) =>
    rise(
      original,
      (await answers.withoutFirst(cut)).map((each) => answers.losses(each, from)),
      least,
    );
  const everything = await riseOf(timesteps, 0, whole, 0);
  const result = (lag: number | null, curve: MeasuredNeed["curve"]): MeasuredNeed => ({
    lag,
    timesteps,
    loss: mean,
    lossWithout: mean + everything.mean,
    samples,
    held,
    curve,
  });
  if (!everything.sure) return result(null, []);
  /** The highest loss with everything older than `lag` exchanged, and whether it is significantly too high. */
  const test = async (lag: number): Promise<{ readonly loss: number; readonly harmful: boolean }> => {
    if (signal.aborted) throw new Aborted();
    let harmful = false;
    let highest = Number.NEGATIVE_INFINITY;
    for (const cut of everywhere ? cutsOf(timesteps) : [timesteps - 1 - lag]) {
      const from = everywhere ? cut + lag : 0;
      if (everywhere && from >= timesteps) continue;
      // With many answers, one timestep's share of the whole rise counts.
      const share = everywhere ? 1 / (timesteps - from) : 1;
      const original = everywhere ? answers.losses(untouched, from) : whole;
      const more = await riseOf(cut, from, original, share * everything.mean);
      harmful ||= more.sure;
      highest = Math.max(highest, mean + more.mean);
    }
    return { loss: highest === Number.NEGATIVE_INFINITY ? mean : highest, harmful };
  };
  const { lag, curve } = await smallestHarmless(timesteps, test);
  return result(lag, curve);
}

class Aborted extends Error {}

/** Numbers of exchanged timesteps for a net that answers at every one: few for distant, many for near dependences. */
function cutsOf(timesteps: number): readonly number[] {
  const shares = [0, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4];
  return [...new Set(shares.map((share) => Math.max(1, Math.round(share * timesteps))))].filter((c) => c < timesteps);
}

interface Chosen extends Samples {
  readonly held: boolean;
}

/** Samples held out for testing if there are enough of them, in a random order. */
function chooseSamples({ dataset, axis, masked }: NeedQuestion): Chosen | null {
  const size = dataset.inputShape.reduce((product, n) => product * n, 1);
  for (const [source, held] of [
    [dataset.test, true],
    [dataset, false],
  ] as const) {
    if (!source) continue;
    const answers = (source.targets.length / source.samples) * (dataset.classes ?? 1);
    const most = Math.min(maxSamples, Math.floor(maxValues / Math.max(size, answers)));
    const order: number[] = [];
    for (const s of permutation(source.samples, createRandom(29))) {
      if (order.length === most) break;
      if (!masked || realLength(source.inputs, s, axis.timesteps, axis.width) === axis.timesteps) order.push(s);
    }
    if (order.length < minSamples) continue;
    const width = source.targets.length / source.samples;
    const inputs = new Float32Array(order.length * size);
    const targets = new Float32Array(order.length * width);
    for (const [i, s] of order.entries()) {
      inputs.set(source.inputs.subarray(s * size, (s + 1) * size), i * size);
      targets.set(source.targets.subarray(s * width, (s + 1) * width), i * width);
    }
    return { samples: order.length, inputs, targets, held };
  }
  return null;
}
