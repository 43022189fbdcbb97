/**
 * The parameter block of attention.
 *
 * The host reads this file too, so it holds only what means the same in TypeScript and in AssemblyScript.
 */

/** The parameter block: 32-bit fields, in this order. */
export class Attention {
  timesteps: i32 = 0;
  heads: i32 = 0;
  /** Number of features of a head. */
  size: i32 = 0;
  causal: i32 = 0;
  /** Factor of the scores. */
  scale: f32 = 0;
  /** Added to the score of a later timestep if `causal` is set. */
  unseen: f32 = 0;
  /** [samples][timesteps][heads][size]. */
  query: usize = 0;
  key: usize = 0;
  value: usize = 0;
  /** [samples][timesteps]: added to the scores of a key; 0: none. */
  added: usize = 0;
  /** The output or its gradient, in the layout of `query`. */
  out: usize = 0;
  dy: usize = 0;
  dQuery: usize = 0;
  dKey: usize = 0;
  dValue: usize = 0;
  /** Each worker's own space. */
  space: usize = 0;
  spaceStride: usize = 0;
}

/** Number of panels of queries whose shares of the gradients of keys and values are computed together. */
export const PANELS: i32 = 8;
