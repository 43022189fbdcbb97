/**
 * The heads' parameters: maps a linear layer's output to the ranges in which they have a meaning, and gradients back.
 */

import { headAt, type MemoryLayout, shifts } from "./layout.ts";

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** log(1 + eˣ), without overflow. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/**
 * Maps one sample's parameters from `at` on in place: key and added content by tanh, strength β ≥ 0 by softplus, gate
 * and erased share by the sigmoid, the shift by a softmax, sharpness γ ≥ 1 by 1 + softplus (Graves et al. 2014, 3.3).
 */
export function squash(p: Float32Array, at: number, layout: MemoryLayout): void {
  const { width, heads, writeHeads, locationAddressing, gateAt, shiftAt, sharpnessAt, eraseAt, addAt } = layout;
  for (let head = 0; head < heads; head++) {
    const from = at + headAt(layout, head);
    for (let i = from; i < from + width; i++) p[i] = Math.tanh(p[i]!);
    p[from + width] = softplus(p[from + width]!);
    if (locationAddressing) {
      p[from + gateAt] = sigmoid(p[from + gateAt]!);
      softmax(p, from + shiftAt, shifts);
      p[from + sharpnessAt] = 1 + softplus(p[from + sharpnessAt]!);
    }
    if (head >= writeHeads) continue;
    for (let i = from + eraseAt; i < from + addAt; i++) p[i] = sigmoid(p[i]!);
    for (let i = from + addAt; i < from + addAt + width; i++) p[i] = Math.tanh(p[i]!);
  }
}

/** Turns ∂L/∂ the squashed parameters `p` in place into ∂L/∂ the unsquashed ones: every slope follows from `p`. */
export function unsquash(d: Float64Array, p: Float32Array, at: number, layout: MemoryLayout): void {
  const { width, heads, writeHeads, locationAddressing, gateAt, shiftAt, sharpnessAt, eraseAt, addAt } = layout;
  const scale = (i: number, slope: number): void => {
    // A saturated parameter passes nothing on, not even an infinity.
    d[i] = slope === 0 ? 0 : d[i]! * slope;
  };
  for (let head = 0; head < heads; head++) {
    const from = at + headAt(layout, head);
    for (let i = from; i < from + width; i++) scale(i, 1 - p[i]! * p[i]!);
    scale(from + width, -Math.expm1(-p[from + width]!));
    if (locationAddressing) {
      const gate = p[from + gateAt]!;
      scale(from + gateAt, gate * (1 - gate));
      let mean = 0;
      for (let i = from + shiftAt; i < from + shiftAt + shifts; i++) mean += p[i]! * d[i]!;
      for (let i = from + shiftAt; i < from + shiftAt + shifts; i++) d[i] = p[i]! * (d[i]! - mean);
      scale(from + sharpnessAt, -Math.expm1(1 - p[from + sharpnessAt]!));
    }
    if (head >= writeHeads) continue;
    for (let i = from + eraseAt; i < from + addAt; i++) scale(i, p[i]! * (1 - p[i]!));
    for (let i = from + addAt; i < from + addAt + width; i++) scale(i, 1 - p[i]! * p[i]!);
  }
}

function softmax(values: Float32Array, at: number, count: number): void {
  let max = -Infinity;
  for (let i = at; i < at + count; i++) max = Math.max(max, values[i]!);
  let sum = 0;
  for (let i = at; i < at + count; i++) sum += Math.exp(values[i]! - max);
  for (let i = at; i < at + count; i++) values[i] = Math.exp(values[i]! - max) / sum;
}
