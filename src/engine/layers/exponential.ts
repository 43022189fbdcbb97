/** Keras's activation `exponential`, eˣ, which tfjs lacks. */

import * as tf from "@tensorflow/tfjs-core";

export class Exponential extends tf.serialization.Serializable {
  static readonly className = "exponential";

  apply(x: tf.Tensor): tf.Tensor {
    return tf.exp(x);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {};
  }
}

tf.serialization.registerClass(Exponential);
