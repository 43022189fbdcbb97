/**
 * Gradients of dilated convolutions, which tfjs (4.22) refuses, and of the fused convolution with its bias, where tfjs
 * always computes the gradient of x, even if nothing needs it.
 *
 * Dilating a convolution is the same as filling its filter with zeros. So where the backend's kernels take no dilation,
 * the gradients are those of the filled filter.
 */

import * as tf from "@tensorflow/tfjs-core";

interface Convolution {
  readonly name: string;
  /** Kernels of the gradients with respect to x and filter. */
  readonly backward: readonly [image: string, filter: string];
  /** Spatial axes, which are the first ones of the filter. */
  readonly axes: number;
  readonly bias?: true;
}

const plane = { backward: ["Conv2DBackpropInput", "Conv2DBackpropFilter"], axes: 2 } as const;

const convolutions: readonly Convolution[] = [
  { name: "Conv2D", ...plane },
  { name: "FusedConv2D", ...plane, bias: true },
  {
    name: "DepthwiseConv2dNative",
    backward: ["DepthwiseConv2dNativeBackpropInput", "DepthwiseConv2dNativeBackpropFilter"],
    axes: 2,
  },
  { name: "Conv3D", backward: ["Conv3DBackpropInputV2", "Conv3DBackpropFilterV2"], axes: 3 },
];

/** Backends whose kernels of these gradients take dilations. */
let dilating: readonly string[] = [];

/** Tells the gradients that the kernels of these backends take dilations. */
export function passDilations(backends: readonly string[]): void {
  dilating = backends;
}

/** Call this once, after tfjs has registered its own gradients. */
export function registerConvolutionGradients(): void {
  for (const convolution of convolutions) tf.registerGradient(gradientOf(convolution));
}

function gradientOf({ name, backward, axes, bias }: Convolution): tf.GradConfig {
  return {
    kernelName: name,
    inputsToSave: ["x", "filter"],
    gradFunc(dy, saved, attrs) {
      const [x, filter] = saved;
      if (Array.isArray(dy) || !x || !filter) throw new Error(`${name} has one output and two inputs`);
      if (bias && attrs["activation"] !== "linear") throw new Error(`${name} has a gradient only without activation`);
      const dilations = dilationsOf(attrs["dilations"], axes);
      const { strides, pad, dataFormat, dimRoundingMode } = attrs;
      // The kernels leave explicit padding to tfjs's.
      const dilates = dilating.includes(tf.getBackend()) && !Array.isArray(pad);
      const direct = dilates || dilations.every((rate) => rate === 1);
      const shared = {
        ...{ strides: strides!, pad: pad!, dimRoundingMode: dimRoundingMode!, dataFormat: dataFormat! },
        dilations: direct ? dilations : dilations.map(() => 1),
      };
      const whole = (): tf.Tensor => (direct ? filter : filled(filter, dilations));
      const shape = filter.shape.map((n, i) => (direct ? n : (n - 1) * (dilations[i] ?? 1) + 1));
      return {
        x: () => tf.tidy(() => run(backward[0], { dy, filter: whole() }, { ...shared, inputShape: x.shape })),
        filter: () =>
          tf.tidy(() => {
            const gradient = run(backward[1], { x, dy }, { ...shared, filterShape: shape });
            return direct ? gradient : everyNth(gradient, dilations);
          }),
        ...(bias && { bias: () => tf.sum(dy, [0, 1, 2]) }),
      };
    },
  };
}

function dilationsOf(value: unknown, axes: number): number[] {
  const rates: readonly unknown[] = Array.isArray(value) ? value : Array.from({ length: axes }, () => value ?? 1);
  return rates.map(Number);
}

/** `filter` with zeros between its taps along each spatial axis. */
function filled(filter: tf.Tensor, dilations: readonly number[]): tf.Tensor {
  return dilations.reduce((values, rate, axis) => {
    if (rate === 1) return values;
    const { shape } = values;
    const taps = shape[axis]!;
    const before = tf.util.sizeFromShape(shape.slice(0, axis));
    const after = tf.util.sizeFromShape(shape.slice(axis + 1));
    const spread = tf.concat(
      [tf.reshape(values, [before, taps, 1, after]), tf.zeros([before, taps, rate - 1, after])],
      2,
    );
    const length = (taps - 1) * rate + 1;
    const cut = tf.slice(tf.reshape(spread, [before, taps * rate, after]), [0, 0, 0], [before, length, after]);
    return tf.reshape(cut, shape.with(axis, length));
  }, filter);
}

/** The taps of a filled filter. */
function everyNth(filter: tf.Tensor, dilations: readonly number[]): tf.Tensor {
  const steps = filter.shape.map((_, axis) => dilations[axis] ?? 1);
  return tf.stridedSlice(
    filter,
    steps.map(() => 0),
    [...filter.shape],
    steps,
  );
}

function run(kernel: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap): tf.Tensor {
  const result = tf.engine().runKernel(kernel, inputs, attrs);
  if (!(result instanceof tf.Tensor)) throw new Error(`${kernel} returned more than one tensor`);
  return result;
}
