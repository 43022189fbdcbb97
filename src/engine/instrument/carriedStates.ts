/**
 * Stateful recurrent layers: each batch begins with the states in which the previous one ended, sample by sample, as in
 * Keras. Values are carried over but gradients are not: this is truncated back-propagation through a sequence that is
 * longer than a batch.
 *
 * tfjs's own `stateful` needs the batch size in advance, and keeps all states of an epoch. So the layers are built
 * without it, and their calls are wrapped here: each call receives its initial states, and its final states are kept.
 * The kernels use `carriedState` for the same.
 */

import * as tf from "@tensorflow/tfjs-core";
import type { layers, RNN } from "@tensorflow/tfjs-layers";
import { override } from "../tfjs/internals.ts";
import { firstTensor } from "./measuredLayers.ts";

type Call = layers.Layer["call"];

/** The states of one layer. */
interface Kept {
  /** States with which the next batch begins; null: zero. */
  current: tf.Tensor[] | null;
  /** States in which the current batch ended. */
  next: tf.Tensor[] | null;
}

const stateful = new WeakMap<object, () => Kept>();

/** Whether a layer begins with the states in which it last ended. */
export function carriesState(layer: object): boolean {
  return stateful.has(layer);
}

/** Carried states of a layer, for the kernels. */
export interface CarriedState {
  /** h, and c for an LSTM, B × H each; empty: zero. */
  readonly begin: readonly tf.Tensor[];
  /** Receives the final states and copies their values. */
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

/** Initial states for a batch of this size; null: zero. */
function fitting({ current }: Kept, batch: number | undefined): tf.Tensor[] | null {
  return current?.every((state) => state.shape[0] === batch) ? current : null;
}

function keep(kept: Kept, states: readonly tf.Tensor[]): void {
  tf.dispose(kept.next ?? []);
  kept.next = states.map((state) => tf.keep(state.clone()));
}

/** One state: its shape (batch first) and its values. */
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

  /**
   * Ends the batch: the next one begins where it ended. Call this only when nothing walks back through the batch any
   * more.
   */
  advance(): void {
    for (const kept of this.#kept) {
      if (!kept.next) continue;
      tf.dispose(kept.current ?? []);
      kept.current = kept.next;
      kept.next = null;
    }
  }

  /** Forgets the states of a batch whose step is not taken; the next batch begins as that one did. */
  forget(): void {
    for (const kept of this.#kept) {
      tf.dispose(kept.next ?? []);
      kept.next = null;
    }
  }

  /** The next batch begins at zero. */
  reset(): void {
    release(this.#kept);
    this.#kept = this.#none();
  }

  /** Runs `pass` with separate states, which begin at zero and are discarded afterwards. */
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

  /** Initial states of the next batch, by layer and state; empty: zero. */
  values(): readonly (readonly StateValues[])[] {
    return this.#kept.map(({ current }) =>
      (current ?? []).map((state) => ({ shape: state.shape, values: state.dataSync<"float32">() })),
    );
  }

  /** Restores the states that another instance's `values` returned. */
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
      if (!output) throw new Error(`The layer ${layer.name} returned nothing.`);
      keep(kept, states);
      return asked ? [output, ...states] : output;
    } finally {
      for (const back of undo) back();
    }
  };
  return override(layer, "call", call);
}
