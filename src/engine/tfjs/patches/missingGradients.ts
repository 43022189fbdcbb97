/** Gradients that tfjs's layers need but tfjs lacks. */

import * as tf from "@tensorflow/tfjs-core";

/**
 * Comparisons are constant almost everywhere, so their gradient is zero. Without it tfjs refuses to train
 * thresholdedReLU, and masking after another layer, because their masks are comparisons.
 */
const comparisons: { readonly [kernel: string]: readonly string[] } = {
  Greater: ["a", "b"],
  GreaterEqual: ["a", "b"],
  Less: ["a", "b"],
  LessEqual: ["a", "b"],
  Equal: ["a", "b"],
  NotEqual: ["a", "b"],
  Any: ["x"],
};

/** Call this once. */
export function registerMissingGradients(): void {
  for (const [kernelName, inputs] of Object.entries(comparisons)) {
    if (tf.getGradient(kernelName)) continue;
    tf.registerGradient({
      kernelName,
      inputsToSave: [...inputs],
      gradFunc: (_, saved) =>
        Object.fromEntries(inputs.map((name, i) => [name, () => tf.zeros(saved[i]!.shape, "float32")])),
    });
  }
  if (!tf.getGradient("Conv3DBackpropInputV2")) tf.registerGradient(transposedConvolution);
}

/** conv3dTranspose is linear in its input and in its filter; each derivative is the convolution that it transposes. */
const transposedConvolution: tf.GradConfig = {
  kernelName: "Conv3DBackpropInputV2",
  inputsToSave: ["dy", "filter"],
  gradFunc(upstream, saved, attrs) {
    const [input, filter] = saved;
    if (Array.isArray(upstream) || !input || !filter)
      throw new Error("Conv3DBackpropInputV2 has one output and two inputs");
    const { strides, pad } = attrs;
    return {
      dy: () =>
        run(
          "Conv3D",
          { x: upstream, filter },
          { strides: strides!, pad: pad!, dataFormat: "NDHWC", dilations: [1, 1, 1] },
        ),
      filter: () =>
        run(
          "Conv3DBackpropFilterV2",
          { x: upstream, dy: input },
          { strides: strides!, pad: pad!, filterShape: filter.shape },
        ),
    };
  },
};

function run(kernel: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap): tf.Tensor {
  const result = tf.engine().runKernel(kernel, inputs, attrs);
  if (!(result instanceof tf.Tensor)) throw new Error(`${kernel} returned more than one tensor`);
  return result;
}
