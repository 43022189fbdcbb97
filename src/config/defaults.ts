/**
 * The defaults of a config, and their reasons. Arguments of layers have tfjs's defaults, which are stated in their
 * schema.
 */

export const taskDefaults = {
  /**
   * T of the shortest tasks in the literature on which a plain recurrent net fails (Hochreiter & Schmidhuber 1997,
   * table 7).
   */
  length: 100,
  /** Ten symbols from an alphabet of eight (Arjovsky et al. 2016, section 4.1). */
  symbols: 10,
  alphabet: 8,
  /** One input shows the class, followed by noise with variance 0.2 (Hochreiter & Schmidhuber 1997, task 3a). */
  cue: 1,
  noiseVariance: 0.2,
  permute: false,
  /** Several periods in a sequence of usual length, with every value seen at many phases. */
  period: 20,
  sineHorizon: 1,
  /** The smallest usual delay at which the series is chaotic, and the usual forecast (Jang 1993, section VI.C). */
  delay: 17,
  mackeyGlassHorizon: 6,
  /** As many timesteps as a small net can use; shorter pieces give more samples. */
  textLength: 20,
  /**
   * Enough that a net with about ten thousand weights learns the rule rather than the samples; made in well under a
   * second.
   */
  samples: 10_000,
  seed: 1,
} as const;

/** Data are not scaled unless requested, because their meaning is unknown. */
export const scalingDefaults = { standardize: false, minMax: false } as const;

export const tableDefaults = {
  /** With a window, the target is the next row; a single row is its own sample. */
  horizonWithWindow: 1,
  horizonWithoutWindow: 0,
} as const;

export const trainingDefaults = {
  /**
   * By task: a sum or a value is a regression; symbols and orders are classes. Files of numbers are treated as
   * regressions.
   */
  loss: {
    addingProblem: "meanSquaredError",
    copyMemory: "sparseCategoricalCrossentropy",
    temporalOrder: "sparseCategoricalCrossentropy",
    delayedRecall: "binaryCrossentropy",
    parity: "binaryCrossentropy",
    sequentialDigits: "sparseCategoricalCrossentropy",
    sineForecasting: "meanSquaredError",
    mackeyGlassForecasting: "meanSquaredError",
    characterLanguageModel: "sparseCategoricalCrossentropy",
    table: "meanSquaredError",
  },
  fromLogits: false,
  batchSize: 32,
  accumulate: 1,
  /** Some tens of seconds for the nets of the examples. */
  steps: 1000,
  checkpoint: {
    keep: "both",
    /** Rare enough that the cost is negligible beside the steps. */
    every: 100,
  },
  seed: 1,
} as const;

/** Keras's values (and tfjs's optimizers by name); 1e-7 is Keras's epsilon for float32. */
export const optimizerDefaults = {
  sgd: { learningRate: 0.01 },
  momentum: { learningRate: 0.01, momentum: 0.9, nesterov: false },
  rmsprop: { learningRate: 0.001, decay: 0.9, momentum: 0, epsilon: 1e-7, centered: false },
  adagrad: { learningRate: 0.01, initialAccumulator: 0.1 },
  adadelta: { learningRate: 1, rho: 0.95, epsilon: 1e-7 },
  adam: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  adamw: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.004 },
  adamax: { learningRate: 0.002, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
} as const;

/** Keras's values if it has the schedule; `reduceOnPlateau` is its `ReduceLROnPlateau`. */
export const scheduleDefaults = {
  warmup: 0,
  step: { every: 1000, factor: 0.1 },
  exponential: { every: 1000, factor: 0.96 },
  inverseTime: { every: 1000, factor: 1 },
  cosine: { final: 0 },
  polynomial: { power: 1, final: 0 },
  reduceOnPlateau: { factor: 0.1, patience: 10, minDelta: 1e-4, cooldown: 0, minimum: 0 },
} as const;

/** As in the authors' experiments (Pascanu et al. 2013). */
export const gradientNormDefaults = { alpha: 2 } as const;

export const earlyStoppingDefaults = { monitor: "loss", patience: 5, minDelta: 0 } as const;

export const weightClipDefaults = { every: 1 } as const;

/** Begins at once; masks grow every hundred updates (the paper uses 100 to 1000). */
export const pruningDefaults = { begin: 1, every: 100 } as const;

export const diagnosisDefaults = {
  "vanishing-through-time": {
    /** Two decades: below a hundredth, distant timesteps no longer affect the direction of the update. */
    epsilon: 0.01,
    /** One step may be an unlucky batch; the median of five is not. */
    minSteps: 5,
    /** A net within 5 % of the loss of guessing has not begun to learn. */
    baselineTolerance: 0.05,
  },
  /** A thousandfold growth: beyond it, the first timesteps alone determine the direction of the update. */
  "exploding-through-time": { decades: 3 },
  /** Ten times the usual norm is a cliff (Pascanu et al. 2013, section 2.3); 1e4 is one even if it is usual. */
  "exploding-gradient": { factor: 10, norm: 1e4 },
  /**
   * A thousandth, as for growth through time. AutoTrainer (Zhang et al. 2021) uses the same ratio between the last and
   * the first layer.
   */
  "vanishing-through-depth": { factor: 1e-3, minSteps: 5 },
  "exploding-through-depth": { factor: 1e3, minSteps: 5 },
  /** A majority: below it, the layer is narrower than it looks but still passes gradient on. */
  "dead-units": { share: 0.5, minSteps: 5 },
  "saturated-units": { share: 0.5, minSteps: 5 },
  "saturated-gates": { share: 0.5, minSteps: 5 },
  /** About 1e-3 is usual; a decade or two around it are in common use. */
  "update-ratio": { low: 1e-5, high: 1e-1, minSteps: 5 },
  /** Nets that learn the adding problem stay at its baseline for up to half of their training. */
  "loss-plateau": { tolerance: 0.05, grace: 0.25 },
  /** An order of magnitude exceeds the noise of batches. */
  "loss-diverging": { factor: 10, minSteps: 5 },
} as const;
