/** The results of a run as numbers, for comparisons. */

export const figureNames = [
  /** Newest step. */
  "steps",
  /** Median of the newest losses, the same as everywhere; NaN or an infinity if the newest loss is. */
  "loss",
  /** Lowest loss of any step. */
  "bestLoss",
  /** Newest loss on the samples held out for testing; Infinity also if it is NaN. */
  "testLoss",
  /** Loss of the best constant predictor. */
  "baselineLoss",
  /**
   * Number of timesteps back that the gradient reaches in the layer where it reaches farthest, at most the required
   * lag.
   */
  "horizon",
  /** Number of timesteps back that it must reach there. */
  "requiredLag",
  /** log₁₀ of the share that survives down to timestep 1: decades, negative if it vanishes. */
  "decades",
  /** Geometric mean of its gains per timestep. */
  "gain",
  /** Largest norm of all weight gradients over all steps, before clipping; NaN if any was NaN. */
  "largestGradientNorm",
  "errors",
  "warnings",
  /** Number of findings with severity information. */
  "notes",
] as const;
export type FigureName = (typeof figureNames)[number];

/** NaN for figures that are unknown or do not exist, such as the horizon of a net without recurrent layers. */
export type RunFigures = { readonly [name in FigureName]: number };

/** Packs the figures into an array, because messages travel as JSON, which has no NaN. */
export function packFigures(figures: RunFigures): Float64Array {
  return Float64Array.from(figureNames, (name) => figures[name]);
}

/** Inverse of `packFigures`. */
export function unpackFigures(packed: Float64Array): RunFigures {
  const at = (name: FigureName): number => packed[figureNames.indexOf(name)] ?? Number.NaN;
  return {
    steps: at("steps"),
    loss: at("loss"),
    bestLoss: at("bestLoss"),
    testLoss: at("testLoss"),
    baselineLoss: at("baselineLoss"),
    horizon: at("horizon"),
    requiredLag: at("requiredLag"),
    decades: at("decades"),
    gain: at("gain"),
    largestGradientNorm: at("largestGradientNorm"),
    errors: at("errors"),
    warnings: at("warnings"),
    notes: at("notes"),
  };
}
