/**
 * Masked sequences in the form that the kernels take: each sample's real timesteps follow one another, and the last
 * real timesteps of all samples are at the last timestep. A masked timestep passes the state on and repeats the last
 * real output. Samples of similar length share a panel, and a panel is computed only from where its longest begins.
 */

import { lanes } from "./layout.ts";

export interface Alignment {
  /** The kernels' timestep, from 0, at which each sample begins; T for a sample without real timesteps. */
  readonly starts: Int32Array;
  /** The earliest of these timesteps. */
  readonly first: number;
  /** The place of each sample in the kernels' batch. */
  readonly slots: Int32Array;
  /** T values per sample: the place, in reading order, of the kernels' timestep; −1 before the sample begins. */
  readonly places: Int32Array;
  readonly timesteps: number;
  readonly reversed: boolean;
}

/**
 * @param mask B × T, 0 where masked.
 * @param reversed whether the layer reads from the end.
 * @param shares threads that may share the panels; each gets long and short samples alike.
 */
export function alignmentOf(mask: ArrayLike<number>, samples: number, reversed: boolean, shares: number): Alignment {
  const timesteps = mask.length / Math.max(1, samples);
  const starts = new Int32Array(samples).fill(timesteps);
  const places = new Int32Array(samples * timesteps).fill(-1);
  for (let b = 0; b < samples; b++) {
    // From the last timestep backward, so that the ends coincide.
    for (let place = timesteps - 1; place >= 0; place--) {
      if (mask[b * timesteps + (reversed ? timesteps - 1 - place : place)])
        places[b * timesteps + --starts[b]!] = place;
    }
  }
  const first = starts.reduce((a, t) => Math.min(a, t), timesteps);
  return { starts, first, slots: slotsOf(starts, shares), places, timesteps, reversed };
}

/** Assigns samples to places: the longest fill the first panel of each thread's share, the next the second, and so on. */
function slotsOf(starts: Int32Array, shares: number): Int32Array {
  const samples = starts.length;
  const panels = Math.ceil(samples / lanes);
  const bound = (share: number): number => Math.floor((panels * share) / shares);
  const order = Array.from({ length: panels }, (_, panel) => panel);
  const share = order.map((panel) =>
    Array.from({ length: shares }, (_, i) => i).findIndex((i) => panel < bound(i + 1)),
  );
  order.sort((a, b) => a - bound(share[a]!) - (b - bound(share[b]!)) || a - b);
  const byLength = Array.from(starts.keys()).sort((a, b) => starts[a]! - starts[b]! || a - b);
  const slots = new Int32Array(samples);
  let next = 0;
  for (const panel of order) {
    for (let slot = panel * lanes; slot < Math.min(samples, (panel + 1) * lanes); slot++)
      slots[byLength[next++]!] = slot;
  }
  return slots;
}

/** Place in the input, which is not in reading order, of a sample's kernel timestep `t`. */
function inputPlace({ places, timesteps, reversed }: Alignment, sample: number, t: number): number {
  const place = places[sample * timesteps + t]!;
  return reversed ? timesteps - 1 - place : place;
}

function copyRow(from: Float32Array, at: number, to: Float32Array, target: number, width: number): void {
  for (let i = 0; i < width; i++) to[target + i] = from[at + i]!;
}

/** Arranges the input [B, T, D] for the kernels; zeros before a sample begins. */
export function alignInput(x: Float32Array, alignment: Alignment, width: number, to: Float32Array): void {
  const { starts, slots, timesteps: T } = alignment;
  for (let b = 0; b < starts.length; b++) {
    const start = starts[b]!;
    const slot = slots[b]! * T;
    to.fill(0, slot * width, (slot + start) * width);
    for (let t = start; t < T; t++)
      copyRow(x, (b * T + inputPlace(alignment, b, t)) * width, to, (slot + t) * width, width);
  }
}

/** The reverse of `alignInput` for ∂L/∂x: masked timesteps have no gradient. */
export function spreadInputGradient(aligned: Float32Array, alignment: Alignment, width: number): Float32Array {
  const { starts, slots, timesteps: T } = alignment;
  const result = new Float32Array(aligned.length);
  for (let b = 0; b < starts.length; b++) {
    const slot = slots[b]! * T;
    for (let t = starts[b]!; t < T; t++)
      copyRow(aligned, (slot + t) * width, result, (b * T + inputPlace(alignment, b, t)) * width, width);
  }
  return result;
}

/**
 * The kernels' output sequence [B, T, H] in reading order. A masked timestep repeats the output of the previous real
 * one; before the first one it is `initial`, or 0.
 */
export function spreadOutput(
  aligned: Float32Array,
  alignment: Alignment,
  width: number,
  initial: Float32Array | undefined,
): Float32Array {
  const result = new Float32Array(aligned.length);
  const { slots, timesteps: T } = alignment;
  forEachPlace(alignment, (b, place, t) => {
    const target = (b * T + place) * width;
    if (t >= 0) copyRow(aligned, (slots[b]! * T + t) * width, result, target, width);
    else if (initial) copyRow(initial, b * width, result, target, width);
  });
  return result;
}

/**
 * Arranges ∂L/∂output [B, T, H] for the kernels: a masked timestep's gradient is added to the real one whose output it
 * repeats.
 */
export function alignOutputGradient(dy: Float32Array, alignment: Alignment, width: number, to: Float32Array): void {
  to.fill(0);
  const { slots, timesteps: T } = alignment;
  forEachPlace(alignment, (b, place, t) => {
    if (t < 0) return;
    const from = (b * T + place) * width;
    const target = (slots[b]! * T + t) * width;
    for (let i = 0; i < width; i++) to[target + i]! += dy[from + i]!;
  });
}

/**
 * Calls back for each place of each sample with the kernels' timestep of the last real one up to there, −1 before the
 * first.
 */
function forEachPlace(
  { starts, places, timesteps }: Alignment,
  visit: (sample: number, place: number, timestep: number) => void,
): void {
  starts.forEach((start, b) => {
    let next = start;
    for (let place = 0; place < timesteps; place++) {
      if (next < timesteps && places[b * timesteps + next] === place) next++;
      visit(b, place, next > start ? next - 1 : -1);
    }
  });
}

/** Arranges [B, width] by the samples' places in the kernels. */
export function toSlots(rows: Float32Array, { slots }: Alignment, to: Float32Array): void {
  const width = rows.length / Math.max(1, slots.length);
  for (let b = 0; b < slots.length; b++) copyRow(rows, b * width, to, slots[b]! * width, width);
}

/** The reverse of `toSlots`. */
export function fromSlots(rows: Float32Array, { slots }: Alignment): Float32Array {
  const width = rows.length / Math.max(1, slots.length);
  const result = new Float32Array(rows.length);
  for (let b = 0; b < slots.length; b++) copyRow(rows, slots[b]! * width, result, b * width, width);
  return result;
}

/**
 * Adds to ∂L/∂(initial state), by slot, the part that passes through no real timestep: outputs before a sample's first
 * real timestep repeat the initial state, and the last state of a sample without real timesteps is the initial state.
 */
export function addBeforeFirst(
  rows: Float32Array,
  alignment: Alignment,
  sequence: Float32Array | undefined,
  last: Float32Array | undefined,
): void {
  const { starts, slots, timesteps: T } = alignment;
  const width = rows.length / Math.max(1, starts.length);
  const add = (from: Float32Array, at: number, b: number): void => {
    for (let i = 0; i < width; i++) rows[slots[b]! * width + i]! += from[at + i]!;
  };
  if (sequence) {
    forEachPlace(alignment, (b, place, t) => {
      if (t < 0) add(sequence, (b * T + place) * width, b);
    });
  }
  for (let b = 0; last && b < starts.length; b++) if (starts[b] === T) add(last, b * width, b);
}

/** The timestep at which the sample in each slot begins; `empty` for a slot without a sample. */
export function startsBySlot({ starts, slots }: Alignment, length: number, empty: number): Int32Array {
  const result = new Int32Array(length).fill(empty);
  for (let b = 0; b < slots.length; b++) result[slots[b]!] = starts[b]!;
  return result;
}

/**
 * Zeroes the rows, by slot, of samples without real timesteps: the gradient of their last state belongs to their initial
 * state.
 */
export function dropEmpty(rows: Float32Array, { starts, slots, timesteps }: Alignment): void {
  const width = rows.length / Math.max(1, starts.length);
  for (let b = 0; b < starts.length; b++) {
    if (starts[b] === timesteps) rows.fill(0, slots[b]! * width, (slots[b]! + 1) * width);
  }
}
