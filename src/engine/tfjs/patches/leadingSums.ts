/**
 * Sums over the first axes, such as the gradient of every bias. tfjs's WASM backend (4.22) transposes the tensor first;
 * its CPU backend walks through indices entry by entry.
 */

import type { Elementwise } from "../../../kernels/elementwise.ts";
import type { Sums } from "../../../kernels/sums.ts";
import { type Compute, computeInKernels, filled, floatsOf, heldOf, madeOf } from "./kernelParams.ts";

interface Fast {
  /** Sums what lies in tfjs's WASM memory. */
  readonly sums: Sums;
  /** Sums what lies in the kernels' memory. */
  readonly elementwise: Elementwise;
}

let fast: Fast | null = null;

/** Lets the kernels compute sums; null: they are computed here. */
export function provideColumnSums(kernels: Fast | null): void {
  fast = kernels;
}

/** Call this once. */
export function registerLeadingSums(): void {
  computeInKernels({ Sum: leadingSum });
}

const leadingSum: Compute = ({ inputs, attrs, backend }) => {
  const { x } = inputs;
  if (!x) return null;
  const axes = axesOf(attrs?.["axis"], x.shape.length);
  const values = floatsOf(backend, x);
  if (!values || !axes || axes.length === 0 || axes.length === x.shape.length) return null;
  if (axes.some((axis, i) => axis !== i)) return null;
  const rest = x.shape.slice(axes.length);
  const shape = attrs?.["keepDims"] === true ? [...axes.map(() => 1), ...rest] : rest;
  const width = rest.reduce((product, n) => product * n, 1);
  const held = fast && width > 0 ? heldOf(backend, x) : null;
  if (fast && held) return madeOf(backend, shape, fast.elementwise.columnSums(held, width));
  return filled(backend, shape, (sums) => {
    // Making the result may have moved the memory.
    const present = floatsOf(backend, x) ?? values;
    if (sums.length > 0 && !fast?.sums.columnSums(present, sums)) columnSums(present, sums);
  });
};

/** Ascending; null if it is not a list of axes. */
function axesOf(axis: unknown, rank: number): number[] | null {
  const list: readonly unknown[] = Array.isArray(axis) ? axis : [axis];
  const axes = list.map((value) => (typeof value === "number" ? (value + rank) % rank : Number.NaN));
  return axes.every(Number.isInteger) ? axes.sort((a, b) => a - b) : null;
}

/**
 * Sums of the columns of rows with as many values as there are sums, in float64: four columns at a time, whose sums stay
 * in registers.
 */
function columnSums(values: Float32Array, sums: Float32Array): void {
  const width = sums.length;
  let i = 0;
  for (; i + 4 <= width; i += 4) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let at = i; at < values.length; at += width) {
      a += values[at]!;
      b += values[at + 1]!;
      c += values[at + 2]!;
      d += values[at + 3]!;
    }
    sums[i] = a;
    sums[i + 1] = b;
    sums[i + 2] = c;
    sums[i + 3] = d;
  }
  for (; i < width; i++) {
    let sum = 0;
    for (let at = i; at < values.length; at += width) sum += values[at]!;
    sums[i] = sum;
  }
}
