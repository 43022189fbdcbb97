/** A net's answers to samples whose first timesteps come from other samples, and the losses of these answers. */

import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import type { Dataset, Samples } from "../../data/dataset.ts";
import type { InputBlock } from "../../data/lag/jointInputs.ts";
import type { TimeAxis } from "../../data/lag/timeAxis.ts";
import { donors, exchanged } from "./exchange.ts";
import type { GroupLosses } from "./groupLosses.ts";

/** Smallest number of samples to measure on. */
export const minSamples = 32;
/** With fewer samples, several exchanges are averaged. */
const fewSamples = 128;
/** Number of groups of samples whose losses show how large chance is. */
const groups = 16;

export interface NeedQuestion {
  readonly dataset: Dataset;
  readonly axis: TimeAxis;
  /** Where each of several inputs is within a sample; omitted: there is one. */
  readonly blocks?: readonly InputBlock[] | undefined;
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

export class ExchangedAnswers {
  /** Whether the net answers at every timestep. */
  readonly everywhere: boolean;
  /** Number of exchanges that are averaged. */
  readonly rounds: number;
  readonly #question: NeedQuestion;
  readonly #chosen: Samples;
  readonly #target: tf.Tensor;
  /** Samples of one group. */
  readonly #size: number;
  #untouched: tf.Tensor | null = null;
  /** By the number of exchanged timesteps. */
  readonly #kept = new Map<number, readonly tf.Tensor[]>();

  constructor(question: NeedQuestion, chosen: Samples) {
    const { targetShape } = question.dataset;
    const { samples, targets } = chosen;
    this.#question = question;
    this.#chosen = chosen;
    this.#target = tf.tensor(targets, [samples, ...targetShape]);
    this.#size = Math.floor(samples / Math.min(groups, samples));
    this.everywhere = targetShape.length > 1 && targetShape[0] === question.axis.timesteps;
    this.rounds = samples < fewSamples ? 3 : 1;
  }

  /** The answers to the samples as they are. */
  async untouched(): Promise<tf.Tensor> {
    this.#untouched ??= await this.#answer(this.#chosen.inputs);
    return this.#untouched;
  }

  /** The answers with the first `cut` timesteps exchanged, once for each round. */
  async withoutFirst(cut: number): Promise<readonly tf.Tensor[]> {
    const before = this.#kept.get(cut);
    if (before) return before;
    const { inputs, samples } = this.#chosen;
    const { axis, blocks } = this.#question;
    const made: tf.Tensor[] = [];
    this.#kept.set(cut, made);
    for (let r = 0; r < this.rounds; r++)
      made.push(await this.#answer(exchanged(inputs, donors(samples, r), cut, axis, blocks)));
    return made;
  }

  /** Losses of the groups, for the answers from a timestep on. */
  losses(answers: tf.Tensor, from: number): GroupLosses {
    const size = this.#size;
    const { axis, loss } = this.#question;
    return Float64Array.from({ length: Math.floor(this.#chosen.samples / size) }, (_, g) =>
      numberOf(() => {
        const [y, p] = [this.#target, answers].map((tensor) => {
          const begin = [g * size, ...(this.everywhere ? [from] : [])];
          const rest = tensor.shape.slice(this.everywhere ? 2 : 1);
          const length = [size, ...(this.everywhere ? [axis.timesteps - from] : []), ...rest];
          return tf.slice(tensor, [...begin, ...rest.map(() => 0)], length);
        }) as [tf.Tensor, tf.Tensor];
        return loss(y, p);
      }),
    );
  }

  dispose(): void {
    tf.dispose([this.#target, this.#untouched ?? [], [...this.#kept.values()].flat()]);
  }

  /** Batch by batch: between them the process handles other events. */
  async #answer(values: Float32Array): Promise<tf.Tensor> {
    const { dataset, predict, batchSize } = this.#question;
    const { samples } = this.#chosen;
    const step = Math.max(batchSize, minSamples);
    const size = values.length / samples;
    const parts: tf.Tensor[] = [];
    for (let from = 0; from < samples; from += step) {
      await setImmediate();
      const count = Math.min(step, samples - from);
      const rows = values.subarray(from * size, (from + count) * size);
      parts.push(tf.tidy(() => predict(tf.tensor(rows, [count, ...dataset.inputShape]))));
    }
    const answer = tf.concat(parts, 0);
    tf.dispose(parts);
    return answer;
  }
}

function numberOf(make: () => tf.Scalar): number {
  const scalar = tf.tidy(make);
  const value = scalar.dataSync()[0] ?? Number.NaN;
  scalar.dispose();
  return value;
}
