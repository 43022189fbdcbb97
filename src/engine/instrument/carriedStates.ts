/**
 * Stateful recurrent layers: each batch begins with the states in which the one before ended, sample by sample, as in
 * Keras. Values are carried, no gradient: truncated back-propagation through a sequence that is longer than a batch.
 *
 * tfjs's own `stateful` wants the size of a batch before the first, and keeps all states of an epoch. So its layers are
 * built without it, and their calls are wrapped here: they are given the states to begin with, and those they end in are
 * kept. The kernels take and give them by `carriedState`.
 */

import * as tf from "@tensorflow/tfjs-core";
import type { layers, RNN } from "@tensorflow/tfjs-layers";
import { override } from "../tfjs/internals.ts";
import { firstTensor } from "./layers.ts";

type Call = layers.Layer["call"];

/** The states of one layer. */
interface Kept {
  /** Where the next batch begins; null: at zero. */
  current: tf.Tensor[] | null;
  /** Where the batch under way has ended. */
  next: tf.Tensor[] | null;
}

const stateful = new WeakMap<object, () => Kept>();

/** Whether a layer begins where it ended before. */
export function carriesState(layer: object): boolean {
  return stateful.has(layer);
}

/** What the kernels need of a layer that begins where it ended before. */
export interface CarriedState {
  /** h, and c of an LSTM, B × H each; empty: it begins at zero. */
  readonly begin: readonly tf.Tensor[];
  /** Takes those it ended in, whose values are copied. */
  end(states: readonly Float32Array[]): void;
}

/** Null for a layer that begins at zero in every batch. */
export function carriedState(layer: object, batch: number): CarriedState | null {
  const kept = stateful.get(layer)?.();
  if (!kept) return null;
  return {
    begin: fitting(kept, batch) ?? [],
    end(states) {
      keep(
        kept,
        states.map((values) => tf.tensor(values.slice(), [batch, values.length / batch])),
      );
    },
  };
}

/** Where a batch of this size begins; null: at zero. */
function fitting({ current }: Kept, batch: number | undefined): tf.Tensor[] | null {
  return current?.every((state) => state.shape[0] === batch) ? current : null;
}

function keep(kept: Kept, states: readonly tf.Tensor[]): void {
  tf.dispose(kept.next ?? []);
  kept.next = states.map((state) => tf.keep(state.clone()));
}

/** Of one state: its shape, that of a batch first, and its values. */
export interface StateValues {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export class CarriedStates {
  readonly #layers: readonly RNN[];
  #kept: readonly Kept[];
  readonly #undo: readonly (() => void)[];

  constructor(layers: readonly RNN[]) {
    this.#layers = layers;
    this.#kept = this.#none();
    this.#undo = layers.map((layer, i) => {
      const own = (): Kept => this.#kept[i]!;
      stateful.set(layer, own);
      return wrap(layer, own);
    });
  }

  /** The batch is over: the next one begins where it ended. To be called once nothing walks back through it any more. */
  advance(): void {
    for (const kept of this.#kept) {
      if (!kept.next) continue;
      tf.dispose(kept.current ?? []);
      kept.current = kept.next;
      kept.next = null;
    }
  }

  /** The next batch begins at zero. */
  reset(): void {
    release(this.#kept);
    this.#kept = this.#none();
  }

  /** Runs `pass` with states of its own, which begin at zero and are gone after it. */
  async apart<T>(pass: () => Promise<T>): Promise<T> {
    const own = this.#kept;
    this.#kept = this.#none();
    try {
      return await pass();
    } finally {
      release(this.#kept);
      this.#kept = own;
    }
  }

  /** Where the next batch begins, by layer and state; empty: at zero. */
  values(): readonly (readonly StateValues[])[] {
    return this.#kept.map(({ current }) =>
      (current ?? []).map((state) => ({ shape: state.shape, values: state.dataSync<"float32">() })),
    );
  }

  /** Brings them to what `values` of another one gave. */
  restore(values: readonly (readonly StateValues[])[]): void {
    this.reset();
    for (const [i, kept] of this.#kept.entries()) {
      const given = values[i] ?? [];
      if (given.length > 0) kept.current = given.map(({ shape, values: v }) => tf.keep(tf.tensor(v, [...shape])));
    }
  }

  dispose(): void {
    release(this.#kept);
    for (const layer of this.#layers) stateful.delete(layer);
    for (const back of this.#undo) back();
  }

  #none(): Kept[] {
    return this.#layers.map(() => ({ current: null, next: null }));
  }
}

function release(kept: readonly Kept[]): void {
  for (const { current, next } of kept) tf.dispose([...(current ?? []), ...(next ?? [])]);
}

function wrap(layer: RNN, keptNow: () => Kept): () => void {
  const original: Call = layer.call.bind(layer);
  const call: Call = (inputs, kwargs) => {
    const kept = keptNow();
    const begin = fitting(kept, firstTensor(inputs)?.shape[0]);
    const asked = layer.returnState;
    const undo = [override(layer, "returnState", true)];
    if (begin) undo.push(override(layer, "getInitialState", () => begin.map((state) => state.clone())));
    try {
      const results = original(inputs, kwargs);
      const [output, ...states] = Array.isArray(results) ? results : [results];
      if (!output) throw new Error(`The layer ${layer.name} gave nothing.`);
      keep(kept, states);
      return asked ? [output, ...states] : output;
    } finally {
      for (const back of undo) back();
    }
  };
  return override(layer, "call", call);
}
