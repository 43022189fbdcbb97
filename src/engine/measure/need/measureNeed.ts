/**
 * Measured need: how far back a trained net uses its inputs.
 *
 * Inputs older than k timesteps are exchanged among samples; the need is the smallest k for which the loss does not
 * rise. If the net answers at every timestep, the first c timesteps are exchanged and the answers from timestep c + k
 * on are used: at least everything older than k timesteps comes from another sample for them.
 */

import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import type { MeasuredNeed } from "../../../protocol/need.ts";
import type { Dataset, Samples } from "../../data/dataset.ts";
import { realLength } from "../../data/lag/examples.ts";
import type { TimeAxis } from "../../data/lag/timeAxis.ts";
import { createRandom, permutation } from "../../data/random.ts";
import { donors, exchanged } from "./exchange.ts";
import { type GroupLosses, rise } from "./groupLosses.ts";
import { smallestHarmless } from "./search.ts";

/** Largest and smallest number of samples to measure on. */
const maxSamples = 256;
const minSamples = 32;
/** With fewer samples, several exchanges are averaged. */
const fewSamples = 128;
/** Number of groups of samples whose losses show how large chance is. */
const groups = 16;
/** Values of one forward pass, so that a large input does not take all memory. */
const maxValues = 4_000_000;

export interface NeedQuestion {
  readonly dataset: Dataset;
  readonly axis: TimeAxis;
  /** Whether rows of zeros at the end are masked: then only samples without such rows are used. */
  readonly masked: boolean;
  /** The net's answers, in inference mode; called within a tidy. */
  readonly predict: (inputs: tf.Tensor) => tf.Tensor;
  /** Mean loss of its arguments. */
  readonly loss: (targets: tf.Tensor, outputs: tf.Tensor) => tf.Scalar;
  readonly batchSize: number;
  /** Loss above which the net has learnt nothing that it could use; null: unknown. */
  readonly worthwhile: number | null;
  /** Time limit in milliseconds. */
  readonly limit: number;
}

/** Null if the need cannot be determined: nothing learnt yet, too few samples, or not within the time limit. */
export async function measureNeed(question: NeedQuestion, signal: AbortSignal): Promise<MeasuredNeed | null> {
  const { dataset, axis, limit, worthwhile, loss } = question;
  const { timesteps, width } = axis;
  const chosen = chooseSamples(question);
  if (!chosen) return null;
  const { inputs, targets, samples, held } = chosen;
  const size = Math.floor(samples / Math.min(groups, samples));
  const everywhere = dataset.targetShape.length > 1 && dataset.targetShape[0] === timesteps;
  const target = tf.tensor(targets, [samples, ...dataset.targetShape]);
  const kept = new Map<number, readonly tf.Tensor[]>();

  /** Losses of the groups, for the answers from a timestep on. */
  const losses = (answers: tf.Tensor, from: number): GroupLosses =>
    Float64Array.from({ length: Math.floor(samples / size) }, (_, g) =>
      numberOf(() => {
        const [y, p] = [target, answers].map((tensor) => {
          const begin = [g * size, ...(everywhere ? [from] : [])];
          const rest = tensor.shape.slice(everywhere ? 2 : 1);
          const length = [size, ...(everywhere ? [timesteps - from] : []), ...rest];
          return tf.slice(tensor, [...begin, ...rest.map(() => 0)], length);
        }) as [tf.Tensor, tf.Tensor];
        return loss(y, p);
      }),
    );
  const answer = async (values: Float32Array): Promise<tf.Tensor> => {
    await setImmediate();
    return predicted(question, values, samples);
  };
  const rounds = samples < fewSamples ? 3 : 1;
  /** The answers with the first `cut` timesteps exchanged, once for each round. */
  const withoutFirst = async (cut: number): Promise<readonly tf.Tensor[]> => {
    const before = kept.get(cut);
    if (before) return before;
    const made: tf.Tensor[] = [];
    kept.set(cut, made);
    for (let r = 0; r < rounds; r++) made.push(await answer(exchanged(inputs, donors(samples, r), cut, width)));
    return made;
  };

  let untouched: tf.Tensor | null = null;
  try {
    const begun = performance.now();
    untouched = await answer(inputs);
    const whole = losses(untouched, 0);
    const mean = whole.reduce((a, b) => a + b, 0) / whole.length;
    if (!Number.isFinite(mean) || (worthwhile !== null && mean > worthwhile)) return null;
    // A grid and a search need twice the binary logarithm of T; answers at every timestep come from a few cuts.
    const passes = rounds * (everywhere ? cutsOf(timesteps).length + 1 : 2 * Math.ceil(Math.log2(timesteps)) + 2);
    if ((performance.now() - begun) * passes > limit) return null;

    const everything = rise(
      whole,
      (await withoutFirst(timesteps)).map((answers) => losses(answers, 0)),
      0,
    );
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
        const answers = await withoutFirst(cut);
        // With many answers, one timestep's share of the whole rise counts.
        const share = everywhere ? 1 / (timesteps - from) : 1;
        const original = everywhere ? losses(untouched!, from) : whole;
        const more = rise(
          original,
          answers.map((a) => losses(a, from)),
          share * everything.mean,
        );
        harmful ||= more.sure;
        highest = Math.max(highest, mean + more.mean);
      }
      return { loss: highest === Number.NEGATIVE_INFINITY ? mean : highest, harmful };
    };
    const { lag, curve } = await smallestHarmless(timesteps, test);
    return result(lag, curve);
  } catch (error) {
    if (error instanceof Aborted) return null;
    throw error;
  } finally {
    tf.dispose([target, untouched ?? [], [...kept.values()].flat()]);
  }
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
  const size = axis.timesteps * axis.width;
  for (const [source, held] of [
    [dataset.test, true],
    [dataset, false],
  ] as const) {
    if (!source) continue;
    const answers = (source.targets.length / source.samples) * (dataset.classes ?? 1);
    const most = Math.min(maxSamples, Math.floor(maxValues / Math.max(size, answers)));
    const order = Array.from(permutation(source.samples, createRandom(29)))
      .filter((s) => !masked || realLength(source.inputs, s, axis.timesteps, axis.width) === axis.timesteps)
      .slice(0, most);
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

function predicted({ dataset, predict, batchSize }: NeedQuestion, inputs: Float32Array, samples: number): tf.Tensor {
  const step = Math.max(batchSize, minSamples);
  const size = inputs.length / samples;
  return tf.tidy(() => {
    const parts: tf.Tensor[] = [];
    for (let from = 0; from < samples; from += step) {
      const count = Math.min(step, samples - from);
      const x = tf.tensor(inputs.subarray(from * size, (from + count) * size), [count, ...dataset.inputShape]);
      parts.push(predict(x));
    }
    return tf.concat(parts, 0);
  });
}

function numberOf(make: () => tf.Scalar): number {
  const scalar = tf.tidy(make);
  const value = scalar.dataSync()[0] ?? Number.NaN;
  scalar.dispose();
  return value;
}
