/** Scaled dot-product attention of several heads in WebAssembly, with its gradients. */

import { Attention, PANELS } from "./assembly/attentionBlock.ts";
import { fieldsOf } from "./blockFields.ts";
import { lanes, roundUp, tileRows } from "./layout.ts";
import { bitsOf, type Tasks } from "./tasks.ts";

export const attentionFields = fieldsOf(new Attention());

export interface AttentionSpec {
  readonly samples: number;
  readonly timesteps: number;
  readonly heads: number;
  /** Number of features of a head. */
  readonly size: number;
  /** Value added to the scores of timesteps after a query's own; null: none. */
  readonly later: number | null;
}

/** Each [samples][timesteps][heads][size]. */
export interface Sequences {
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
}

export class Attentions {
  readonly #tasks: Tasks;

  constructor(tasks: Tasks) {
    this.#tasks = tasks;
  }

  /**
   * softmax(query · keyᵀ / √size + `added`) · value in each head.
   * @param added values added to the scores of each timestep as a key, [samples][timesteps]; null: none.
   * @returns the output in the layout of `query`; a view that the next call of anything in the kernels overwrites.
   */
  forward(spec: AttentionSpec, sequences: Sequences, added: Float32Array | null): Float32Array {
    const { timesteps, size } = spec;
    // Not afterwards: if the memory grows, views of it may lose their length.
    const { length } = sequences.query;
    const keyTiles = Math.ceil(timesteps / tileRows);
    const sizeTiles = Math.ceil(size / tileRows);
    const floats =
      keyTiles * size * tileRows +
      sizeTiles * timesteps * tileRows +
      size * lanes +
      (keyTiles + sizeTiles) * tileRows * lanes;
    const spaceStride = roundUp(floats * 4, 64);
    const results = this.#tasks.run({
      fields: attentionFields,
      numbers: { ...numbersOf(spec), spaceStride },
      inputs: { ...sequences, added },
      room: { out: length * 4, space: spaceStride * this.#tasks.workers },
      ...stage(spec, "attend", 2),
    });
    return results("out", length);
  }

  /** @param dy the output's gradient. @returns the gradients of the sequences; views as above. */
  backward(spec: AttentionSpec, sequences: Sequences, added: Float32Array | null, dy: Float32Array): Sequences {
    const { timesteps, size } = spec;
    const keyTiles = Math.ceil(timesteps / tileRows);
    const sizeTiles = Math.ceil(size / tileRows);
    const panel = keyTiles * tileRows * lanes;
    const columns = roundUp(size, lanes);
    const floats =
      2 * keyTiles * size * tileRows +
      sizeTiles * timesteps * tileRows +
      size * lanes +
      sizeTiles * tileRows * lanes +
      2 * PANELS * (panel + lanes * columns) +
      PANELS * tileRows * lanes +
      2 * keyTiles * tileRows * columns;
    const spaceStride = roundUp(floats * 4, 64);
    const { length } = dy;
    const bytes = length * 4;
    const results = this.#tasks.run({
      fields: attentionFields,
      numbers: { ...numbersOf(spec), spaceStride },
      inputs: { ...sequences, added, dy },
      room: { dQuery: bytes, dKey: bytes, dValue: bytes, space: spaceStride * this.#tasks.workers },
      ...stage(spec, "attendBack", 5),
    });
    return {
      query: results("dQuery", length),
      key: results("dKey", length),
      value: results("dValue", length),
    };
  }
}

function numbersOf({ timesteps, heads, size, later }: AttentionSpec) {
  return {
    timesteps,
    heads,
    size,
    causal: later === null ? 0 : 1,
    scale: bitsOf(1 / Math.sqrt(size)),
    unseen: bitsOf(later ?? 0),
  };
}

/** One stage of `products` products of timesteps × timesteps × size in each head. */
function stage({ samples, timesteps, heads, size }: AttentionSpec, name: "attend" | "attendBack", products: number) {
  return {
    stages: [{ name, size: samples * heads }],
    name: `${name} ${samples} ${timesteps} ${heads} ${size}`,
    work: samples * heads * timesteps * timesteps * size * products,
  };
}
