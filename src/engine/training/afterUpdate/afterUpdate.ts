/** A change to the weights after the optimizer's update. */

/**
 * Changes new weights in place before they take effect; the layers' own constraints come later. The arrays are those of
 * the trained weights, in their order; `step` counts from 1.
 */
export interface AfterUpdate {
  (weights: readonly Float32Array[], step: number): void;
  /** By weight, the state kept from step to step; a resumed run must restore it. */
  readonly masks?: Uint8Array[];
}

/** Kernels and embeddings, but not biases or a normalization's scale. */
export function isMatrix(shape: readonly (number | null)[] | undefined): boolean {
  return shape !== undefined && shape.length >= 2;
}
