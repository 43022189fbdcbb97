/** The scalars that are measured at every step. */

/** Scalars of the whole model. */
export const modelQuantities = [
  /** Mean over the batch, without regularizers. */
  "loss",
  /** L2 norm over all weight gradients, before clipping. */
  "gradientNorm",
  /** The same after clipping. */
  "clippedGradientNorm",
  /** Duration of the step in milliseconds. */
  "milliseconds",
  /** The learning rate of the step's update, as set by the schedule. */
  "learningRate",
  /**
   * The learning rate above which the step's update would have raised the loss of its own batch, from the loss's
   * curvature along the update. It is measured at a few steps only; NaN at all others, and if the loss does not curve
   * up.
   */
  "stableRate",
] as const;

/**
 * Scalars of the whole model at the end of an epoch and of the run, if samples are held out for testing; NaN at all
 * other steps.
 */
export const testQuantities = [
  /** Mean over the test samples after the step's update; Infinity also if it is NaN. */
  "testLoss",
  /** Share of right answers, for classifications. */
  "testAccuracy",
] as const;

/** Scalars of the whole model, if its layers have regularizers. */
export const penaltyQuantities = [
  /** The regularizers' contribution to the step's loss, before its update. */
  "penalty",
] as const;

/** Scalars of the whole model that the config asks for (`name` = the metric, by its name in the config). */
export const metricQuantities = [
  /** Metric of the step's batch, before its update; NaN if no position counts. */
  "metric",
  /** Metric of the test samples at steps with a `testLoss`; NaN at all other steps. */
  "testMetric",
] as const;

/** Scalars of each weight of each layer (`name` = weight). */
export const weightQuantities = [
  "weightNorm",
  "weightGradientNorm",
  "weightClippedGradientNorm",
  /** ‖Δw‖ / ‖w‖ of the actual update. */
  "weightUpdateRatio",
  /** Share of gradient entries that are exactly zero. */
  "weightGradientZeros",
  /** Number of NaN or Inf entries of the gradient before clipping. */
  "weightNonFinite",
] as const;

/** Scalars of each layer's output. */
export const layerQuantities = [
  "outputGradientNorm",
  "activationMean",
  "activationStd",
  /** Share of units that are zero for the whole batch (and all timesteps). */
  "activationDead",
  /** Share of output entries within 1 % of the ends of the activation's range; NaN if it has no range. */
  "activationSaturated",
  "activationNonFinite",
  /** First timestep, in reading order, at which the states of a recurrent layer are not finite; 0 if all are finite. */
  "stateNonFiniteFrom",
] as const;

/** Scalars of each state of each recurrent layer (`name` = the state), computed from its profiles. */
export const stateQuantities = [
  /** H_ε in timesteps. */
  "horizon",
  /** log₁₀ of the product of all gains from the last timestep with signal back to timestep 1. */
  "survival",
  /** log₁₀ ‖d_1‖ / ‖d_T‖. */
  "attenuation",
  /** Geometric mean gain per timestep. */
  "meanGain",
  "stateNonFinite",
] as const;

export const quantities = [
  ...modelQuantities,
  ...testQuantities,
  ...penaltyQuantities,
  ...metricQuantities,
  ...weightQuantities,
  ...layerQuantities,
  ...stateQuantities,
] as const;
export type TestQuantity = (typeof testQuantities)[number];
export type Quantity = (typeof quantities)[number];
