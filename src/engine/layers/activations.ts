/** Keras's activations that tfjs lacks. */

import * as tf from "@tensorflow/tfjs-core";

abstract class Activation extends tf.serialization.Serializable {
  abstract apply(x: tf.Tensor): tf.Tensor;

  override getConfig(): tf.serialization.ConfigDict {
    return {};
  }
}

/** relu6(x + 3) */
function raised(x: tf.Tensor): tf.Tensor {
  return tf.clipByValue(tf.add(x, 3), 0, 6);
}

/** eˣ */
class Exponential extends Activation {
  static readonly className = "exponential";
  apply(x: tf.Tensor): tf.Tensor {
    return tf.exp(x);
  }
}

/** Keras 3's `hard_sigmoid`, whose slope is 1/6; that of Keras 2 and tfjs has slope 1/5. */
class HardSigmoid6 extends Activation {
  static readonly className = "hardSigmoid6";
  apply(x: tf.Tensor): tf.Tensor {
    return tf.div(raised(x), 6);
  }
}

/** Keras's `hard_silu`: x × relu6(x + 3) / 6 (Howard et al. 2019) */
class HardSwish extends Activation {
  static readonly className = "hardSwish";
  apply(x: tf.Tensor): tf.Tensor {
    return tf.mul(x, tf.div(raised(x), 6));
  }
}

/** x above zero, x / 5 below: Keras's `leaky_relu` without arguments. */
class LeakyRelu extends Activation {
  static readonly className = "leakyRelu";
  apply(x: tf.Tensor): tf.Tensor {
    return tf.leakyRelu(x, 0.2);
  }
}

/** ln softmax(x), along the last axis. */
class LogSoftmax extends Activation {
  static readonly className = "logSoftmax";
  apply(x: tf.Tensor): tf.Tensor {
    return tf.logSoftmax(x);
  }
}

for (const each of [Exponential, HardSigmoid6, HardSwish, LeakyRelu, LogSoftmax]) tf.serialization.registerClass(each);
