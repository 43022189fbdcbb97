/**
 * Splitting and joining along the last axes, as recurrent cells do with their gates, on the WASM backend. tfjs's own
 * kernels (4.22) make a view of every short row, which takes longer than copying it.
 */

import type { TensorInfo } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { type Compute, computeInKernels, floatsOf } from "./kernelParams.ts";
import { wasmOf } from "./missingKernels.ts";

/** tfjs's own kernels copy longer rows faster. */
const shortRow = 64;

/** Call this once. */
export function registerColumns(): void {
  computeInKernels({ SplitV: split, Concat: join }, ["wasm"]);
}

const split: Compute = ({ inputs, attrs, backend }) => {
  const { x } = inputs;
  const axis = x && axisOf(attrs?.["axis"], x.shape.length);
  const sizes = attrs?.["numOrSizeSplits"];
  if (!x || axis === undefined || axis === null || x.dtype !== "float32") return null;
  if (typeof sizes !== "number" && !isSizes(sizes)) return null;
  const parts = tf.backend_util.prepareSplitSize(x, sizes, axis);
  const inner = sizeOf(x.shape.slice(axis + 1));
  const widths = parts.map((size) => size * inner);
  if (widths.some((width) => width === 0 || width > shortRow)) return null;
  const wasm = wasmOf(backend);
  const made = parts.map((size) => wasm.makeOutput(x.shape.with(axis, size), "float32"));
  // Take the views only now, because making a tensor may move the heap.
  copyRows([x], [sizeOf(x.shape.slice(axis))], made, widths, backend);
  return made;
};

const join: Compute = ({ inputs, attrs, backend }) => {
  const tensors = Object.values(inputs).filter((tensor) => tensor !== undefined);
  const [first] = tensors;
  const axis = first && axisOf(attrs?.["axis"], first.shape.length);
  if (!first || axis === undefined || axis === null || tensors.some(({ dtype }) => dtype !== "float32")) return null;
  const widths = tensors.map(({ shape }) => sizeOf(shape.slice(axis)));
  if (tensors.length < 2 || widths.some((width) => width === 0 || width > shortRow)) return null;
  const shape = tf.backend_util.computeOutShape(
    tensors.map((tensor) => tensor.shape),
    axis,
  );
  const made = wasmOf(backend).makeOutput(shape, "float32");
  copyRows(tensors, widths, [made], [sizeOf(shape.slice(axis))], backend);
  return made;
};

/** Copies rows that lie side by side in `from` to rows side by side in `to`; one of the two is a single tensor. */
function copyRows(
  from: readonly TensorInfo[],
  fromWidths: readonly number[],
  to: readonly TensorInfo[],
  toWidths: readonly number[],
  backend: unknown,
): void {
  const apart = to.length > 1;
  const [one] = apart ? from : to;
  const [total = 1] = apart ? fromWidths : toWidths;
  const whole = one && floatsOf(backend, one);
  let offset = 0;
  for (const [i, tensor] of (apart ? to : from).entries()) {
    const part = floatsOf(backend, tensor);
    const width = (apart ? toWidths : fromWidths)[i] ?? 0;
    if (!whole || !part) throw new Error("a tensor of floats has none");
    for (let row = 0, at = offset; row < part.length; row += width, at += total) {
      if (apart) for (let k = 0; k < width; k++) part[row + k] = whole[at + k]!;
      else for (let k = 0; k < width; k++) whole[at + k] = part[row + k]!;
    }
    offset += width;
  }
}

function axisOf(axis: unknown, rank: number): number | null {
  return typeof axis === "number" ? (axis + rank) % rank : null;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => typeof size === "number" && size >= 0);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, n) => size * n, 1);
}
