/**
 * Masked sequences in the form that the kernels take: each sample's real timesteps follow one another, and the last
 * real timesteps of all samples are at the last timestep. A masked timestep passes the state on and repeats the last
 * real output.
 */

export interface Alignment {
  /** The kernels' timestep, from 0, at which each sample begins; T for a sample without real timesteps. */
  readonly starts: Int32Array;
  /** The earliest of these timesteps. */
  readonly first: number;
  /** T values per sample: the place, in reading order, of the kernels' timestep; −1 before the sample begins. */
  readonly places: Int32Array;
  readonly timesteps: number;
  readonly reversed: boolean;
}

/**
 * @param mask B × T, 0 where masked.
 * @param reversed whether the layer reads from the end.
 */
export function alignmentOf(mask: ArrayLike<number>, samples: number, reversed: boolean): Alignment {
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
  return { starts, first: starts.reduce((a, t) => Math.min(a, t), timesteps), places, timesteps, reversed };
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
  const { starts, timesteps: T } = alignment;
  starts.forEach((start, b) => {
    to.fill(0, b * T * width, (b * T + start) * width);
    for (let t = start; t < T; t++)
      copyRow(x, (b * T + inputPlace(alignment, b, t)) * width, to, (b * T + t) * width, width);
  });
}

/** The reverse of `alignInput` for ∂L/∂x: masked timesteps have no gradient. */
export function spreadInputGradient(aligned: Float32Array, alignment: Alignment, width: number): Float32Array {
  const { starts, timesteps: T } = alignment;
  const result = new Float32Array(aligned.length);
  starts.forEach((start, b) => {
    for (let t = start; t < T; t++)
      copyRow(aligned, (b * T + t) * width, result, (b * T + inputPlace(alignment, b, t)) * width, width);
  });
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
  forEachPlace(alignment, (b, place, t) => {
    const target = (b * alignment.timesteps + place) * width;
    if (t >= 0) copyRow(aligned, (b * alignment.timesteps + t) * width, result, target, width);
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
  forEachPlace(alignment, (b, place, t) => {
    if (t < 0) return;
    const from = (b * alignment.timesteps + place) * width;
    const target = (b * alignment.timesteps + t) * width;
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

/**
 * Zeroes the rows of samples without real timesteps: the gradient of their last state belongs to their initial state.
 */
export function dropEmpty(rows: Float32Array, { starts, timesteps }: Alignment): void {
  const width = rows.length / Math.max(1, starts.length);
  starts.forEach((start, b) => {
    if (start === timesteps) rows.fill(0, b * width, (b + 1) * width);
  });
}
