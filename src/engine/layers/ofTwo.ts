/** The difference and the quotient of two inputs, which tfjs lacks among its layers that merge. */

import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";

type Call = layers.Layer["call"];
export type OfTwoArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** A function of two inputs, for shapes that can be broadcast. */
abstract class OfTwo extends layers.Layer {
  constructor(args: OfTwoArgs) {
    super(args);
    this.supportsMasking = true;
  }

  protected abstract of(a: tf.Tensor, b: tf.Tensor): tf.Tensor;

  override call(inputs: Parameters<Call>[0]): tf.Tensor {
    const [a, b] = Array.isArray(inputs) ? inputs : [];
    if (!a || !b) throw new Error(`${this.getClassName()} takes two inputs.`);
    return this.of(a, b);
  }

  override computeOutputShape(inputShape: Parameters<layers.Layer["computeOutputShape"]>[0]): (number | null)[] {
    const [a = [], b = []] = inputShape.map((shape) => (Array.isArray(shape) ? shape : []));
    const [batch = null] = a;
    const sizes = tf.broadcast_util.assertAndGetBroadcastShape(a.slice(1).map(Number), b.slice(1).map(Number));
    return [batch, ...sizes];
  }
}

/** a − b. */
export class Subtract extends OfTwo {
  static readonly className = "Subtract";

  protected of(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
    return tf.sub(a, b);
  }
}

/** a / b. */
export class Divide extends OfTwo {
  static readonly className = "Divide";

  protected of(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
    return tf.div(a, b);
  }
}

for (const kind of [Subtract, Divide]) tf.serialization.registerClass(kind);
