/** A change that is made to weights once the optimizer has updated them. */

/**
 * Changes new weights in place before they take effect; layers' own constraints come after. Arrays and their order are
 * those of the trained weights; `step` counts from 1.
 */
export interface AfterUpdate {
  (weights: readonly Float32Array[], step: number): void;
  /** By weight, what is kept from step to step: a run that goes on needs it back. */
  readonly masks?: Uint8Array[];
}

/** Kernels and embeddings, but not biases or a normalization's scale. */
export function isMatrix(shape: readonly (number | null)[] | undefined): boolean {
  return shape !== undefined && shape.length >= 2;
}
