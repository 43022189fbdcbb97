/**
 * Slices and single places along an axis on the WASM backend. tfjs's own kernels (4.22) copy the whole tensor for each
 * of them, so that walking through T timesteps costs T².
 */

import * as tf from "@tensorflow/tfjs-core";
import { type Compute, computeInKernels, floatsOf, madeOf } from "./kernelParams.ts";

/** Call this once. */
export function registerSlices(): void {
  computeInKernels({ Slice: slice, Unpack: unpack }, ["wasm"]);
}

const slice: Compute = ({ inputs, attrs, backend }) => {
  const { x } = inputs;
  const [from, sizes] = [numbersAt(attrs?.["begin"]), numbersAt(attrs?.["size"])];
  if (!x || !from || !sizes) return null;
  const values = floatsOf(backend, x);
  if (!values) return null;
  const [begin = [], size = []] = tf.slice_util.parseSliceParams(x, from, sizes);
  tf.slice_util.assertParamsValid(x, begin, size);
  return madeOf(backend, size, blockOf(values, x.shape, begin, size));
};

const unpack: Compute = ({ inputs, attrs, backend }) => {
  const { value: x } = inputs;
  const given: unknown = attrs?.["axis"];
  if (!x || typeof given !== "number" || !floatsOf(backend, x)) return null;
  const axis = given < 0 ? given + x.shape.length : given;
  const size = x.shape.with(axis, 1);
  return Array.from({ length: x.shape[axis] ?? 0 }, (_, place) => {
    const begin = x.shape.map((_, i) => (i === axis ? place : 0));
    // Taken anew each time, because making a tensor may move the heap.
    const values = floatsOf(backend, x) ?? new Float32Array();
    return madeOf(backend, x.shape.toSpliced(axis, 1), blockOf(values, x.shape, begin, size));
  });
};

/** Copies a block in runs that are contiguous. */
function blockOf(
  values: Float32Array,
  shape: readonly number[],
  begin: readonly number[],
  size: readonly number[],
): Float32Array {
  const result = new Float32Array(size.reduce((product, n) => product * n, 1));
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
  // The last axis that is cut: what follows is whole.
  let cut = shape.length - 1;
  while (cut > 0 && size[cut] === shape[cut]) cut--;
  const run = (size[cut] ?? 1) * (strides[cut] ?? 1);
  let to = 0;
  const walk = (axis: number, from: number): void => {
    const at = from + (begin[axis] ?? 0) * (strides[axis] ?? 1);
    if (axis >= cut) {
      result.set(values.subarray(at, at + run), to);
      to += run;
      return;
    }
    for (let i = 0; i < size[axis]!; i++) walk(axis + 1, at + i * strides[axis]!);
  };
  if (result.length > 0) walk(0, 0);
  return result;
}

function numbersAt(value: unknown): number[] | null {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.every((each) => typeof each === "number") ? [...list] : null;
}
