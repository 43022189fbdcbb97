/**
 * The optimizers, as loops over plain arrays: a dozen tfjs operations per weight cost more than a small net's whole
 * backward pass. Every operation is rounded to float32 where tfjs stores a tensor, so that the weights equal those of
 * tfjs's own optimizers on its CPU backend, bit for bit. Two optimizers that tfjs (4.22) gets wrong are exceptions; see
 * their comments.
 */

import type { OptimizerConfig } from "../../config/resolved.ts";
import type { Updates } from "../../kernels/updates.ts";
import { OptimizerMemory } from "./optimizerMemory.ts";

const f = Math.fround;

/** Shorter arrays take less time here than a call of `Updates`. */
const worthCalling = 256;

export interface Optimizer {
  /**
   * The weights after one step; both lists have the same weights in the same order at every step.
   * @param learningRate rate of this step; default: the config's.
   */
  update(weights: readonly Float32Array[], gradients: readonly Float32Array[], learningRate?: number): Float32Array[];
  /** The state that it keeps from step to step; the next step writes into its arrays. */
  state(): OptimizerState;
  /** Restores the state of another optimizer with the same config and takes over its arrays. */
  restore(state: OptimizerState): void;
}

export interface OptimizerState {
  readonly updates: number;
  /** For each kind (such as Adam's first moments), one array per weight. */
  readonly slots: readonly (readonly Float32Array[])[];
}

/** Writes a weight's new values; `i` is its place in the list, `learningRate` a float32. */
type Rule = (next: Float32Array, weight: Float32Array, gradient: Float32Array, i: number, learningRate: number) => void;

/** @param updates compute the updates of large weights, with the same results; null: loops in JavaScript compute all. */
export function createOptimizer(config: OptimizerConfig, updates: Updates | null = null): Optimizer {
  const memory = new OptimizerMemory(updates);
  const { rule, stepped = () => false } = ruleOf(config, memory);
  let count = 0;
  return {
    update(weights, gradients, learningRate = config.learningRate) {
      const rate = f(learningRate);
      const updated = weights.map((weight, i) => {
        const next = new Float32Array(weight.length);
        rule(next, weight, gradients[i]!, i, rate);
        return next;
      });
      stepped();
      count++;
      return updated;
    },
    state: () => ({ updates: count, slots: memory.kinds }),
    restore(state) {
      memory.kinds.forEach((made, kind) => {
        made.splice(0, made.length, ...(state.slots[kind] ?? []));
      });
      // Powers of β end at zero or at a number that stays: what somebody wrote as the number of updates takes no longer.
      for (let done = 0; done < state.updates && stepped(); done++);
      count = state.updates;
    },
  };
}

/** Called after all weights are updated. @returns whether it has changed what the next update depends on. */
type Stepped = () => boolean;

function ruleOf(config: OptimizerConfig, memory: OptimizerMemory): { readonly rule: Rule; readonly stepped?: Stepped } {
  switch (config.type) {
    case "sgd":
      return { rule: sgd };
    case "momentum":
      return { rule: momentum(memory, config.momentum, config.nesterov) };
    case "rmsprop":
      return { rule: config.centered ? centeredRmsprop(config, memory) : rmsprop(config, memory) };
    case "adagrad":
      return { rule: adagrad(memory, config.initialAccumulator) };
    case "adadelta":
      return { rule: adadelta(config, memory) };
    case "adam":
      return adam(config, memory, 0);
    case "adamw":
      return adam(config, memory, config.weightDecay);
    case "adamax":
      return adamax(config, memory);
  }
}

type Config<T extends OptimizerConfig["type"]> = Extract<OptimizerConfig, { readonly type: T }>;

function sgd(next: Float32Array, weight: Float32Array, gradient: Float32Array, _: number, learningRate: number): void {
  for (let k = 0; k < next.length; k++) next[k] = f(-learningRate * gradient[k]!) + weight[k]!;
}

function momentum(memory: OptimizerMemory, share: number, nesterov: boolean): Rule {
  const m = f(share);
  const accumulations = memory.slots();
  return (next, weight, gradient, i, learningRate) => {
    const c = -learningRate;
    const sum = accumulations(i, next.length);
    for (let k = 0; k < next.length; k++) {
      const g = gradient[k]!;
      const a = f(f(m * sum[k]!) + g);
      sum[k] = a;
      const move = nesterov ? f(g + f(a * m)) : a;
      next[k] = f(c * move) + weight[k]!;
    }
  };
}

function rmsprop(config: Config<"rmsprop">, memory: OptimizerMemory): Rule {
  const [decay, rest, share, epsilon] = rmspropFactors(config);
  const squares = memory.slots();
  const moments = memory.slots();
  return (next, weight, gradient, i, rate) => {
    const square = squares(i, next.length);
    const moment = moments(i, next.length);
    for (let k = 0; k < next.length; k++) {
      const g = gradient[k]!;
      const s = f(f(square[k]! * decay) + f(f(g * g) * rest));
      const m = f(f(moment[k]! * share) + f(f(g * rate) / f(Math.sqrt(f(s + epsilon)))));
      square[k] = s;
      moment[k] = m;
      next[k] = weight[k]! - m;
    }
  };
}

/**
 * RMSProp divided by the standard deviation of the gradient (Graves 2013, equations 38 to 41). tfjs subtracts epsilon
 * instead of adding it: a weight whose gradient does not vary, or is zero, becomes NaN.
 */
function centeredRmsprop(config: Config<"rmsprop">, memory: OptimizerMemory): Rule {
  const [decay, rest, share, epsilon] = rmspropFactors(config);
  const squares = memory.slots();
  const means = memory.slots();
  const moments = memory.slots();
  return (next, weight, gradient, i, rate) => {
    const square = squares(i, next.length);
    const mean = means(i, next.length);
    const moment = moments(i, next.length);
    for (let k = 0; k < next.length; k++) {
      const g = gradient[k]!;
      const s = f(f(square[k]! * decay) + f(f(g * g) * rest));
      const a = f(f(mean[k]! * decay) + f(g * rest));
      // Rounding can make the variance slightly negative.
      const variance = Math.max(0, f(s - f(a * a)));
      const deviation = f(Math.sqrt(f(variance + epsilon)));
      const m = f(f(moment[k]! * share) + f(f(g * rate) / deviation));
      square[k] = s;
      mean[k] = a;
      moment[k] = m;
      next[k] = weight[k]! - m;
    }
  };
}

function rmspropFactors({ decay, momentum: share, epsilon }: Config<"rmsprop">) {
  return [f(decay), f(1 - decay), f(share), f(epsilon)] as const;
}

/** tfjs's constant for float32. */
const adagradEpsilon = f(1e-7);

function adagrad(memory: OptimizerMemory, initial: number): Rule {
  const accumulators = memory.slots(initial);
  return (next, weight, gradient, i, learningRate) => {
    const rate = -learningRate;
    const sum = accumulators(i, next.length);
    for (let k = 0; k < next.length; k++) {
      const g = gradient[k]!;
      const a = f(sum[k]! + f(g * g));
      sum[k] = a;
      next[k] = f(f(g / f(Math.sqrt(f(a + adagradEpsilon)))) * rate) + weight[k]!;
    }
  };
}

/**
 * Adadelta (Zeiler 2012, algorithm 1). tfjs divides by the root of the running mean *before* this gradient: so its
 * first step is the whole gradient, whatever its size.
 */
function adadelta(config: Config<"adadelta">, memory: OptimizerMemory): Rule {
  const [rho, rest, epsilon] = [config.rho, 1 - config.rho, config.epsilon].map(f);
  const squares = memory.slots();
  const updates = memory.slots();
  return (next, weight, gradient, i, learningRate) => {
    const square = squares(i, next.length);
    const update = updates(i, next.length);
    for (let k = 0; k < next.length; k++) {
      const g = gradient[k]!;
      const s = f(f(square[k]! * rho!) + f(f(g * g) * rest!));
      const size = f(f(Math.sqrt(f(update[k]! + epsilon!))) / f(Math.sqrt(f(s + epsilon!))));
      const move = f(size * g);
      square[k] = s;
      update[k] = f(update[k]! * rho!) + f(f(move * move) * rest!);
      next[k] = f(move * -learningRate) + weight[k]!;
    }
  };
}

/**
 * @param weightDecay weight decay of AdamW (Loshchilov & Hutter 2019, algorithm 2): w ← w − learningRate · weightDecay
 * · w, in addition to Adam's step.
 */
function adam(
  config: Config<"adam" | "adamw">,
  memory: OptimizerMemory,
  weightDecay: number,
): { readonly rule: Rule; readonly stepped: Stepped } {
  const beta1 = f(config.beta1);
  const beta2 = f(config.beta2);
  const rest1 = f(1 - config.beta1);
  const rest2 = f(1 - config.beta2);
  const epsilon = f(config.epsilon);
  const firsts = memory.slots();
  const seconds = memory.slots();
  let power1 = beta1;
  let power2 = beta2;
  return {
    rule: (next, weight, gradient, i, learningRate) => {
      const rate = -learningRate;
      const kept = f(1 - learningRate * weightDecay);
      const first = firsts(i, next.length);
      const second = seconds(i, next.length);
      const correction1 = f(1 - power1);
      const correction2 = f(1 - power2);
      if (memory.updates && next.length >= worthCalling) {
        const factors = { beta1, rest1, beta2, rest2, correction1, correction2, epsilon, rate, kept };
        memory.updates.adam(next, weight, gradient, first, second, factors);
        return;
      }
      for (let k = 0; k < next.length; k++) {
        const g = gradient[k]!;
        const m = f(f(first[k]! * beta1) + f(g * rest1));
        const v = f(f(second[k]! * beta2) + f(f(g * g) * rest2));
        first[k] = m;
        second[k] = v;
        const size = f(f(Math.sqrt(f(v / correction2))) + epsilon);
        next[k] = f(f(f(m / correction1) / size) * rate) + kept * weight[k]!;
      }
    },
    stepped: () => {
      const [before1, before2] = [power1, power2];
      power1 = f(power1 * beta1);
      power2 = f(power2 * beta2);
      return power1 !== before1 || power2 !== before2;
    },
  };
}

function adamax(config: Config<"adamax">, memory: OptimizerMemory): { readonly rule: Rule; readonly stepped: Stepped } {
  const beta1 = f(config.beta1);
  const beta2 = f(config.beta2);
  const rest1 = f(1 - config.beta1);
  const epsilon = f(config.epsilon);
  const firsts = memory.slots();
  const infinities = memory.slots();
  let power1 = beta1;
  return {
    rule: (next, weight, gradient, i, learningRate) => {
      const first = firsts(i, next.length);
      const infinity = infinities(i, next.length);
      const corrected = f(-learningRate / f(1 - power1));
      for (let k = 0; k < next.length; k++) {
        const g = gradient[k]!;
        const m = f(f(first[k]! * beta1) + f(g * rest1));
        const u = Math.max(f(infinity[k]! * beta2), Math.abs(g));
        first[k] = m;
        infinity[k] = u;
        next[k] = f(corrected * f(m / f(u + epsilon))) + weight[k]!;
      }
    },
    stepped: () => {
      const before = power1;
      power1 = f(power1 * beta1);
      return power1 !== before;
    },
  };
}
