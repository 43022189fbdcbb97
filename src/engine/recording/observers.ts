/** The seam of what is measured of a step besides layers: its weights, and how far it could have gone. */

/** Sees the weights' side of a step. Arrays are parallel to `Trainer.weights`. */
export interface WeightObserver {
  /** Gradients before and after clipping; a weight's two arrays are the same object where clipping changed nothing. */
  gradients(before: readonly Float32Array[], clipped: readonly Float32Array[]): void;
  /** The weights before and after the update. */
  updated(former: readonly Float32Array[], present: readonly Float32Array[]): void;
}

/** Sees how far some steps could have gone. */
export interface CurvatureObserver {
  /** Whether to measure a step; `step` counts from 1 in this run. */
  due(step: number): boolean;
  /** Factor on the step's update at which it ceases to lower its batch's loss; NaN where that is not known. */
  stable(factor: number): void;
}
