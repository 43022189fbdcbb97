/** The difference of two inputs, which tfjs lacks among its layers that merge. */

import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";

type Call = layers.Layer["call"];
export type SubtractArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** a − b, for shapes that can be broadcast. */
export class Subtract extends layers.Layer {
  static readonly className = "Subtract";

  constructor(args: SubtractArgs) {
    super(args);
    this.supportsMasking = true;
  }

  override call(inputs: Parameters<Call>[0]): tf.Tensor {
    const [a, b] = Array.isArray(inputs) ? inputs : [];
    if (!a || !b) throw new Error("Subtract takes two inputs.");
    return tf.sub(a, b);
  }

  override computeOutputShape(inputShape: Parameters<layers.Layer["computeOutputShape"]>[0]): (number | null)[] {
    const [a = [], b = []] = inputShape.map((shape) => (Array.isArray(shape) ? shape : []));
    const [batch = null] = a;
    const sizes = tf.broadcast_util.assertAndGetBroadcastShape(a.slice(1).map(Number), b.slice(1).map(Number));
    return [batch, ...sizes];
  }
}

tf.serialization.registerClass(Subtract);
