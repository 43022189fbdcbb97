/** When a layer counts as dead. */

/** From this share of units that are zero for every sample on, a layer is dead as a whole: as good as no gradient passes. */
export const allDead = 0.99;
