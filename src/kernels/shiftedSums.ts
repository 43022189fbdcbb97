/** Sums over values less a shift, and a count. */

export interface ShiftedSums {
  readonly sum: number;
  readonly squares: number;
  /** Number of values that are not between two limits. */
  readonly outside: number;
}
