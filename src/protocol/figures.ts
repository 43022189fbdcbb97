/** What a run came to, in numbers: what comparisons are made of. */

export const figureNames = [
  /** Newest step. */
  "steps",
  /** Median of the newest losses, as everywhere; NaN or an infinity as soon as the newest one is. */
  "loss",
  /** Lowest loss of any step. */
  "bestLoss",
  /** Newest loss on the samples kept for testing; Infinity also for one that is not a number. */
  "testLoss",
  /** Loss of the best constant predictor. */
  "baselineLoss",
  /** Timesteps back that the gradient reaches in the layer where it comes farthest, not counted beyond the required lag. */
  "horizon",
  /** Timesteps back that it has to reach there. */
  "requiredLag",
  /** log₁₀ of what survives of it down to timestep 1: decades, negative where it vanishes. */
  "decades",
  /** Geometric mean of its gains per timestep. */
  "gain",
  /** Largest norm of all weight gradients of any step, before clipping; NaN where there was a NaN. */
  "largestGradientNorm",
  "errors",
  "warnings",
  /** Findings that only inform. */
  "notes",
] as const;
export type FigureName = (typeof figureNames)[number];

/** NaN for what is not known or does not exist, such as the horizon of a net without recurrent layers. */
export type RunFigures = { readonly [name in FigureName]: number };

/** As an array: JSON, in which messages travel, has no NaN. */
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
