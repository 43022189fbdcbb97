/** The learning rate as a function of the step. */

import type { ScheduleConfig } from "../../config/resolved.ts";

export interface Schedule {
  /** Learning rate of a step, counted from 1. */
  rate(step: number): number;
  /** Receives each epoch's mean training loss when the epoch is over. */
  epochEnded(loss: number): void;
}

/**
 * @param base the optimizer's learning rate.
 * @param trainingSteps number of steps of a whole training run, also for a probe, so that its rates are those of the
 * run it anticipates.
 */
export function createSchedule(config: ScheduleConfig, base: number, trainingSteps: number): Schedule {
  const { warmup } = config;
  const plateau = config.type === "reduceOnPlateau" ? new Plateau(config, base) : null;
  return {
    rate(step) {
      const updates = step - 1;
      if (updates < warmup) return (base * step) / warmup;
      if (plateau) return plateau.rate;
      return base * share(config, updates - warmup, Math.max(1, trainingSteps - warmup));
    },
    epochEnded: (loss) => plateau?.epochEnded(loss),
  };
}

/**
 * Share of the learning rate after this many updates, without those of the warm-up. Formulas: Keras's
 * `ExponentialDecay` (with `staircase` for `step`), `InverseTimeDecay`, `CosineDecay` (Loshchilov & Hutter 2017,
 * equation 5) and `PolynomialDecay`.
 */
function share(config: ScheduleConfig, updates: number, rest: number): number {
  switch (config.type) {
    case "constant":
    case "reduceOnPlateau":
      return 1;
    case "step":
      return config.factor ** Math.floor(updates / config.every);
    case "exponential":
      return config.factor ** (updates / config.every);
    case "inverseTime":
      return 1 / (1 + (config.factor * updates) / config.every);
    case "cosine": {
      const done = Math.min(1, updates / (config.steps ?? rest));
      return config.final + ((1 - config.final) * (1 + Math.cos(Math.PI * done))) / 2;
    }
    case "polynomial": {
      const done = Math.min(1, updates / (config.steps ?? rest));
      return config.final + (1 - config.final) * (1 - done) ** config.power;
    }
  }
}

/** Keras's `ReduceLROnPlateau`, applied to the training loss. */
class Plateau {
  rate: number;
  readonly #config: Extract<ScheduleConfig, { readonly type: "reduceOnPlateau" }>;
  #best = Number.POSITIVE_INFINITY;
  #waited = 0;
  #cooling = 0;

  constructor(config: Extract<ScheduleConfig, { readonly type: "reduceOnPlateau" }>, base: number) {
    this.rate = base;
    this.#config = config;
  }

  epochEnded(loss: number): void {
    const { factor, patience, minDelta, cooldown, minimum } = this.#config;
    if (this.#cooling > 0) {
      this.#cooling--;
      this.#waited = 0;
    }
    if (loss < this.#best - minDelta) {
      this.#best = loss;
      this.#waited = 0;
    } else if (this.#cooling === 0) {
      this.#waited++;
      if (this.#waited < patience) return;
      // A rate that began below the minimum is not raised to it.
      this.rate = Math.min(this.rate, Math.max(minimum, this.rate * factor));
      this.#cooling = cooldown;
      this.#waited = 0;
    }
  }
}
