/** When a layer counts as dead. */

/**
 * Share of units that are zero for every sample from which a whole layer counts as dead: practically no gradient
 * passes.
 */
export const allDead = 0.99;
