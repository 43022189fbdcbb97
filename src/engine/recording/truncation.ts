/** Where truncated back-propagation through time cuts the gradient. */

/**
 * Whether no gradient passes from timestep `t` to the one before it. The pieces are counted from the end, where most
 * losses are, so the first piece may be shorter.
 *
 * @param t from 0 to `timesteps` − 1
 * @param truncate timesteps of a piece; null: nothing is cut
 */
export function isCut(t: number, timesteps: number, truncate: number | null): boolean {
  return truncate !== null && t > 0 && (timesteps - t) % truncate === 0;
}
