/**
 * Keeps large tensors of tfjs's WASM backend in the kernels' memory, too, so that products that follow one another need
 * not copy them: a result is copied into tfjs's memory only when an operation of tfjs's asks for it, and an operand is
 * copied into the kernels' only once, although the backward pass uses it again. Each such copy takes as long as a tenth
 * of a product of 64 columns.
 *
 * This is safe because no kernel ever writes into a tensor that it did not make (sharedClones.ts). A tensor's values are
 * gone from here as soon as the backend disposes of them.
 */

import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type { Held, Holder } from "../../kernels/held.ts";
import { override } from "./internals.ts";

type DataId = TensorInfo["dataId"];

interface Entry {
  readonly held: Held;
  /** Whether tfjs's memory does not have the values yet. */
  pending: boolean;
}

export interface Limits {
  /** Number of values from which a tensor is kept. */
  readonly fewest: number;
  /** Bytes that are kept at most; a single tensor takes at most a fourth, so that no operand displaces another. */
  readonly budget: number;
}

/** Copies of fewer values take less time than the calls around them. */
const usual: Limits = { fewest: 1 << 14, budget: 1 << 26 };

let provided: { readonly holder: Holder; readonly limits: Limits } | null = null;
let store: HeldTensors | null = null;

/** Keeps tensors in the memory of `holder` from now on; null: none. */
export function provideHolder(holder: Holder | null, limits: Limits = usual): void {
  store?.end();
  store = null;
  provided = holder && { holder, limits };
}

/** The tensors of a backend that are kept; null if there are no kernels. */
export function heldTensors(backend: BackendWasm): HeldTensors | null {
  // There is one such backend at a time: another one means that the former is gone.
  if (provided && store?.backend !== backend) {
    store?.abandon();
    store = new HeldTensors(backend, provided.holder, provided.limits);
  }
  return store;
}

/** Whether a tensor's values lie in the kernels' memory. */
export function isHeld({ dataId }: TensorInfo): boolean {
  return store !== null && store.backend === tf.backend() && store.values(dataId) !== null;
}

export class HeldTensors {
  readonly backend: BackendWasm;
  readonly #holder: Holder;
  readonly #limits: Limits;
  readonly #restore: readonly (() => void)[];
  /** The one that was used last comes last. */
  readonly #entries = new Map<DataId, Entry>();
  #bytes = 0;
  /** Whether the backend only counts references, for which it needs no values. */
  #counting = false;

  constructor(backend: BackendWasm, holder: Holder, limits: Limits) {
    this.backend = backend;
    this.#holder = holder;
    this.#limits = limits;
    const { dataIdMap } = backend;
    const get = dataIdMap.get.bind(dataIdMap);
    const dispose = this.#counts(backend.disposeData.bind(backend));
    this.#restore = [
      override(dataIdMap, "get", (dataId: DataId) => {
        if (!this.#counting) this.#deliver(dataId);
        return get(dataId);
      }),
      override(backend, "incRef", this.#counts(backend.incRef.bind(backend))),
      override(backend, "refCount", this.#counts(backend.refCount.bind(backend))),
      override(backend, "disposeData", (dataId: DataId, force?: boolean) => {
        const gone = dispose(dataId, force);
        if (gone) this.#drop(dataId);
        return gone;
      }),
    ];
  }

  /** Values in the kernels' memory, valid until anything is kept; null: they are only in tfjs's. */
  values(dataId: DataId): Float32Array | null {
    const entry = this.#entries.get(dataId);
    if (!entry) return null;
    this.#entries.delete(dataId);
    this.#entries.set(dataId, entry);
    return entry.held.values;
  }

  /** Copies a float32 tensor into the kernels' memory if that is worth it and not done yet. */
  hold(tensor: TensorInfo): void {
    if (tensor.dtype !== "float32" || this.values(tensor.dataId)) return;
    const values = this.backend.typedArrayFromHeap(tensor);
    if (!(values instanceof Float32Array) || !this.#fits(values.length)) return;
    const held = this.#copied(values);
    if (held) this.#add(tensor.dataId, { held, pending: false });
  }

  /** Null if the memory is full: what is kept then makes room for the operation, which copies its operands. */
  #copied(values: Float32Array): Held | null {
    try {
      return this.#holder.copy(values);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#clear();
      return null;
    }
  }

  /** Makes a tensor of a result that the kernels have just computed; null: it must be copied. */
  keep(shape: readonly number[], values: Float32Array): TensorInfo | null {
    if (!this.#fits(values.length)) return null;
    const held = this.#holder.keep(values);
    if (!held) return null;
    const made = this.backend.makeOutput([...shape], "float32");
    this.#add(made.dataId, { held, pending: true });
    return made;
  }

  /** Leaves all values to the backend. */
  end(): void {
    this.#clear();
    for (const restore of this.#restore) restore();
  }

  /** Gives the memory back, after the backend itself has gone. */
  abandon(): void {
    for (const dataId of [...this.#entries.keys()]) this.#drop(dataId);
  }

  #clear(): void {
    for (const dataId of [...this.#entries.keys()]) {
      this.#deliver(dataId);
      this.#drop(dataId);
    }
  }

  #fits(length: number): boolean {
    return length >= this.#limits.fewest && length * 4 <= this.#limits.budget / 4;
  }

  #add(dataId: DataId, entry: Entry): void {
    this.#entries.set(dataId, entry);
    this.#bytes += entry.held.length * 4;
    for (const [oldest] of this.#entries) {
      if (this.#bytes <= this.#limits.budget) break;
      this.#deliver(oldest);
      this.#drop(oldest);
    }
  }

  /** Writes values into tfjs's memory that it does not have yet. */
  #deliver(dataId: DataId): void {
    const entry = this.#entries.get(dataId);
    if (!entry?.pending) return;
    entry.pending = false;
    const { values } = entry.held;
    this.backend.typedArrayFromHeap({ dataId, shape: [values.length], dtype: "float32" }).set(values);
  }

  #drop(dataId: DataId): void {
    const entry = this.#entries.get(dataId);
    if (!entry) return;
    this.#entries.delete(dataId);
    this.#bytes -= entry.held.length * 4;
    entry.held.release();
  }

  /** A method that only counts references. */
  #counts<Rest extends readonly unknown[], Result>(method: (dataId: DataId, ...rest: Rest) => Result) {
    return (dataId: DataId, ...rest: Rest): Result => {
      this.#counting = true;
      try {
        return method(dataId, ...rest);
      } finally {
        this.#counting = false;
      }
    };
  }
}
