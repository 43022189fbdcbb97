/** The config's optimizer: tfjs's own, but for two that tfjs has wrong. */

import * as tf from "@tensorflow/tfjs-core";
import type { OptimizerConfig } from "../../config/resolved.ts";
import { adadelta, centeredRmsProp } from "./slotOptimizer.ts";

/** The caller disposes it, and with it its moments. */
export function createOptimizer(config: OptimizerConfig): tf.Optimizer {
  switch (config.type) {
    case "sgd":
      return tf.train.sgd(config.learningRate);
    case "momentum":
      return tf.train.momentum(config.learningRate, config.momentum, config.nesterov);
    case "rmsprop":
      return config.centered
        ? centeredRmsProp(config.learningRate, config.decay, config.momentum, config.epsilon)
        : tf.train.rmsprop(config.learningRate, config.decay, config.momentum, config.epsilon);
    case "adagrad":
      return tf.train.adagrad(config.learningRate, config.initialAccumulator);
    case "adadelta":
      return adadelta(config.learningRate, config.rho, config.epsilon);
    case "adam":
      return tf.train.adam(config.learningRate, config.beta1, config.beta2, config.epsilon);
    case "adamax":
      return tf.train.adamax(config.learningRate, config.beta1, config.beta2, config.epsilon);
  }
}
