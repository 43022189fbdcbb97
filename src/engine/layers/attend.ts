/** Scaled dot-product attention of several heads, with the masks that Keras's MultiHeadAttention applies. */

import * as tf from "@tensorflow/tfjs-core";
import { attention } from "../backend/fusedOperations.ts";

/** Added to the score of a hidden timestep: its share is then exactly 0 in float32, and NaN stays NaN. */
export const unseen = -1e9;

export interface Sequences {
  /** B × T × heads · size. */
  readonly query: tf.Tensor;
  /** B × S × heads · size. */
  readonly key: tf.Tensor;
  /** B × S × heads · value size. */
  readonly value: tf.Tensor;
}

export interface Attending {
  readonly heads: number;
  /** Whether timestep t of the query sees only the timesteps up to t of the others. */
  readonly causal: boolean;
  /** B × T, 1: a real timestep; null: all are. */
  readonly queryMask: tf.Tensor | null;
  /** B × S, 1: visible; null: all are. */
  readonly keyMask: tf.Tensor | null;
  /** Drops shares of attention; null: keeps all. */
  readonly drop: ((shares: tf.Tensor) => tf.Tensor) | null;
}

/**
 * softmax(Q Kᵀ / √size) V in each head (Vaswani et al. 2017, section 3.2). A masked timestep of the query, which sees
 * nothing, gets the mean of all values, as in Keras.
 *
 * @returns B × T × heads · value size.
 */
export function attend(sequences: Sequences, attending: Attending): tf.Tensor {
  const { query, value } = sequences;
  const { queryMask } = attending;
  const seen = fused(sequences, attending) ?? composed(sequences, attending);
  if (!queryMask) return seen;
  const real = tf.expandDims(tf.cast(tf.cast(queryMask, "bool"), "float32"), -1);
  const mean = tf.mean(value, 1, true);
  const [batch = 0, timesteps = 0] = query.shape;
  const elsewhere = tf.mul(tf.sub(1, tf.reshape(real, [batch, timesteps, 1])), mean);
  return tf.add(tf.mul(seen, tf.reshape(real, [batch, timesteps, 1])), elsewhere);
}

/** The kernels' attention, for sequences of one length whose heads have one size; null: it does not apply. */
function fused({ query, key, value }: Sequences, attending: Attending): tf.Tensor | null {
  const { heads, causal, queryMask, keyMask, drop } = attending;
  const [samples = 0, timesteps = 0, width = 0] = query.shape;
  const alike = key.shape[1] === timesteps && value.shape[2] === width;
  // The kernels add what both masks hide. Only a timestep that sees itself is sure to see anything.
  if (!alike || drop || (causal && keyMask !== null && keyMask !== queryMask)) return null;
  const spec = { samples, timesteps, heads, size: width / heads, later: causal ? unseen : null };
  return attention(spec, [query, key, value], keyMask ? hidden(keyMask, samples, timesteps) : null);
}

/** Attention in tfjs's own operations. */
function composed({ query, key, value }: Sequences, { heads, causal, keyMask, drop }: Attending): tf.Tensor {
  const [samples = 0, timesteps = 0, width = 0] = query.shape;
  const [, keys = 0] = key.shape;
  const inside = value.shape[2] ?? 0;
  const apart = (x: tf.Tensor): tf.Tensor => {
    const [, length = 0, all = 0] = x.shape;
    return tf.transpose(tf.reshape(x, [samples, length, heads, all / heads]), [0, 2, 1, 3]);
  };
  let scores = tf.mul(tf.matMul(apart(query), apart(key), false, true), 1 / Math.sqrt(width / heads));
  const visible = both(
    causal ? tf.reshape(upTo(timesteps, keys), [1, 1, timesteps, keys]) : null,
    keyMask ? tf.reshape(tf.cast(tf.cast(keyMask, "bool"), "float32"), [samples, 1, 1, keys]) : null,
  );
  // Replaces hidden scores, as Keras does: where nothing is visible, no gradient reaches them.
  if (visible) scores = tf.add(tf.mul(scores, visible), tf.mul(tf.sub(1, visible), unseen));
  const shares = tf.softmax(scores);
  const seen = tf.matMul(drop ? drop(shares) : shares, apart(value));
  return tf.reshape(tf.transpose(seen, [0, 2, 1, 3]), [samples, timesteps, inside]);
}

/** What both masks show; null: everything. */
export function both(a: tf.Tensor | null, b: tf.Tensor | null): tf.Tensor | null {
  return a && b ? tf.mul(a, b) : (a ?? b);
}

/** T × S: 1 where row t may see a column. */
export function upTo(timesteps: number, keys: number): tf.Tensor {
  const values = new Float32Array(timesteps * keys);
  for (let t = 0; t < timesteps; t++) values.fill(1, t * keys, t * keys + Math.min(t + 1, keys));
  return tf.tensor2d(values, [timesteps, keys]);
}

/** Converts a mask (B × T, 1: visible) to what is added to the scores of any row and head. */
export function hidden(mask: tf.Tensor, batch: number, timesteps: number): tf.Tensor {
  const shown = tf.reshape(tf.cast(tf.cast(mask, "bool"), "float32"), [batch, 1, 1, timesteps]);
  return tf.mul(tf.sub(1, shown), unseen);
}
