/**
 * The gradients of sum and mean: each entry of the result is repeated. tfjs's own (4.22) multiply it with an array of
 * ones of the input's size and, for the mean, divide the product: three arrays of that size instead of one.
 */

import * as tf from "@tensorflow/tfjs-core";

/** Call this once, after tfjs has registered its own gradients. */
export function registerReductionGradients(): void {
  for (const kernelName of ["Sum", "Mean"])
    tf.registerGradient({
      kernelName,
      inputsToSave: ["x"],
      gradFunc(upstream, saved, attributes) {
        const [x] = saved;
        if (Array.isArray(upstream) || !x) throw new Error(`${kernelName} has one output and one input`);
        const given: unknown = attributes["axis"];
        const listed: readonly unknown[] = Array.isArray(given) ? given : [given ?? []].flat();
        const axes =
          listed.length === 0 ? x.shape.map((_, i) => i) : tf.util.parseAxisParam(listed.map(Number), x.shape);
        const terms = axes.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
        return {
          x: () => tf.tidy(() => repeated(kernelName === "Mean" ? tf.div(upstream, terms) : upstream, x.shape, axes)),
        };
      },
    });
}

/** The values of `dy` along the axes that were summed up. */
function repeated(dy: tf.Tensor, shape: number[], axes: readonly number[]): tf.Tensor {
  const sorted = [...axes].sort((a, b) => a - b);
  const first = sorted[0] ?? 0;
  const after = first + sorted.length;
  const kept = shape.map((size, axis) => (sorted.includes(axis) ? 1 : size));
  if (sorted.some((axis, i) => axis !== first + i)) return tf.mul(tf.reshape(dy, kept), tf.ones(shape));
  const inner = tf.util.sizeFromShape(shape.slice(after));
  const copies = tf.util.sizeFromShape(shape.slice(first, after));
  if (copies === 1) return tf.reshape(dy, shape);
  const values = dy.dataSync<"float32">();
  const result = new Float32Array(tf.util.sizeFromShape(shape));
  const block = copies * inner;
  for (let from = 0, to = 0; to < result.length; from += inner, to += block) {
    if (inner === 1) {
      result.fill(values[from]!, to, to + block);
      continue;
    }
    result.set(values.subarray(from, from + inner), to);
    // Each copy doubles what is there.
    for (let done = inner; done < block; done *= 2) result.copyWithin(to + done, to, to + Math.min(done, block - done));
  }
  return tf.tensor(result, shape, "float32");
}
