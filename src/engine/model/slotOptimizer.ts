/** An optimizer given by its update rule, for rules that tfjs has wrong. */

import * as tf from "@tensorflow/tfjs-core";

/** What one weight's step is: the change to add, and its new running quantities. */
export interface SlotUpdate {
  readonly change: tf.Tensor;
  readonly slots: readonly tf.Tensor[];
}

export class SlotOptimizer extends tf.Optimizer {
  static readonly className = "SlotOptimizer";
  readonly #count: number;
  readonly #update: (gradient: tf.Tensor, slots: readonly tf.Tensor[]) => SlotUpdate;
  readonly #slots = new Map<string, readonly tf.Tensor[]>();

  /** @param count running quantities per weight, of the weight's shape, zero at first. */
  constructor(count: number, update: (gradient: tf.Tensor, slots: readonly tf.Tensor[]) => SlotUpdate) {
    super();
    this.#count = count;
    this.#update = update;
  }

  override applyGradients(
    gradients: tf.NamedTensorMap | { readonly name: string; readonly tensor: tf.Tensor }[],
  ): void {
    const named = Array.isArray(gradients)
      ? gradients.map(({ name, tensor }) => [name, tensor] as const)
      : Object.entries(gradients);
    for (const [name, gradient] of named) {
      const variable = tf.engine().registeredVariables[name];
      if (!variable) throw new Error(`there is no variable ${name}`);
      this.#step(name, variable, gradient);
    }
  }

  #step(name: string, variable: tf.Variable, gradient: tf.Tensor): void {
    const before = this.#slots.get(name);
    const after = tf.tidy(() => {
      const slots = before ?? Array.from({ length: this.#count }, () => tf.zerosLike(variable));
      const update = this.#update(gradient, slots);
      variable.assign(tf.add(variable, update.change));
      return [...update.slots];
    });
    for (const tensor of after) tf.keep(tensor);
    tf.dispose([...(before ?? [])]);
    this.#slots.set(name, after);
  }

  override dispose(): void {
    super.dispose();
    for (const slots of this.#slots.values()) tf.dispose([...slots]);
    this.#slots.clear();
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {};
  }
}

/**
 * Adadelta (Zeiler 2012, algorithm 1). tfjs 4.22 divides by the root of the running mean *before* this gradient: its
 * first step is the whole gradient, whatever its size.
 */
export function adadelta(learningRate: number, rho: number, epsilon: number): tf.Optimizer {
  return new SlotOptimizer(2, (gradient, [gradients, updates]) => {
    const newGradients = runningMean(gradients!, tf.square(gradient), rho);
    const update = tf.mul(tf.div(tf.sqrt(tf.add(updates!, epsilon)), tf.sqrt(tf.add(newGradients, epsilon))), gradient);
    const newUpdates = runningMean(updates!, tf.square(update), rho);
    return { change: tf.mul(update, -learningRate), slots: [newGradients, newUpdates] };
  });
}

/**
 * RMSProp divided by the standard deviation of the gradient (Graves 2013, equations 38 to 41). tfjs 4.22 subtracts epsilon where
 * it is to be added: a weight whose gradient does not vary, or is zero, becomes NaN.
 */
export function centeredRmsProp(learningRate: number, decay: number, momentum: number, epsilon: number): tf.Optimizer {
  return new SlotOptimizer(3, (gradient, [squares, means, velocity]) => {
    const newSquares = runningMean(squares!, tf.square(gradient), decay);
    const newMeans = runningMean(means!, gradient, decay);
    // Rounding can take the variance a little below zero.
    const variance = tf.relu(tf.sub(newSquares, tf.square(newMeans)));
    const newVelocity = tf.add(
      tf.mul(velocity!, momentum),
      tf.div(tf.mul(gradient, learningRate), tf.sqrt(tf.add(variance, epsilon))),
    );
    return { change: tf.neg(newVelocity), slots: [newSquares, newMeans, newVelocity] };
  });
}

function runningMean(mean: tf.Tensor, value: tf.Tensor, decay: number): tf.Tensor {
  return tf.add(tf.mul(mean, decay), tf.mul(value, 1 - decay));
}
