/**
 * The interfaces for measurements of a step other than its layers: its weights, and how far the step could have gone.
 */

/** Sees the weights of a step. Arrays are parallel to `Trainer.weights`. */
export interface WeightObserver {
  /** Gradients before and after clipping; if clipping changed nothing, a weight's two arrays are the same object. */
  gradients(before: readonly Float32Array[], clipped: readonly Float32Array[]): void;
  /** The weights before and after the update. */
  updated(former: readonly Float32Array[], present: readonly Float32Array[]): void;
}

/** Sees how far a step could have gone, at some of the steps. */
export interface CurvatureObserver {
  /** Whether to measure this step; `step` counts from 1 in this run. */
  due(step: number): boolean;
  /** The factor of the step's update at which it stops lowering its batch's loss; NaN if it is unknown. */
  stable(factor: number): void;
}
