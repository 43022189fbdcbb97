/**
 * Observes gradients on their way back: with identity operations on the tape, or by listening to the operations there.
 */

import * as tf from "@tensorflow/tfjs-core";

/** The same values; on the way back `onGradient` receives ∂L/∂x and returns the gradient that flows on. */
export function tap(x: tf.Tensor, onGradient: (dy: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tf.customGrad(() => ({ value: x.clone(), gradFunc: (dy: tf.Tensor) => onGradient(dy) }))(x);
}

/**
 * Like `tap`, but the result also depends on `probe`, with derivative zero: tfjs walks back only along tensors that
 * depend on a variable, and a zero initial state or a frozen layer's output does not.
 */
export function tapWithProbe(x: tf.Tensor, probe: tf.Tensor, onGradient: (dy: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tf.customGrad(() => ({
    value: x.clone(),
    gradFunc: (dy: tf.Tensor) => [onGradient(dy), tf.zerosLike(probe)],
  }))(x, probe);
}

/** Number of operations on the tape. */
export function tapeLength(): number {
  return tf.engine().state.activeTape?.length ?? 0;
}

/**
 * Calls `seen` with ∂L/∂x on the way back without adding an operation: it listens to the operation that made `x`.
 *
 * @param from number of operations that were on the tape before.
 * @returns false if no operation on the tape since then made `x`.
 */
export function listen(x: tf.Tensor, from: number, seen: (dy: tf.Tensor) => void): boolean {
  const tape = tf.engine().state.activeTape ?? [];
  // It is almost always the last operation.
  for (let i = tape.length - 1; i >= from; i--) {
    const node = tape[i]!;
    const at = node.outputs.findIndex((output) => output.id === x.id);
    if (at < 0) continue;
    const { gradient } = node;
    if (!gradient) return false;
    node.gradient = (dys) => {
      const dy = dys[at];
      if (dy) seen(dy);
      return gradient(dys);
    };
    return true;
  }
  return false;
}
