/** Finds rows of zeros that pad samples to equal length. */

import type { Indices } from "../split.ts";
import { overlapOf } from "./overlap.ts";

export interface Padding {
  readonly at: "start" | "end";
  /** Share of all timesteps that are padding. */
  readonly share: number;
  /** Timesteps of the longest sample without its padding. */
  readonly longest: number;
}

/** Samples × timesteps × features, row-major. */
export interface Sequences {
  readonly values: Float32Array;
  readonly samples: number;
  readonly timesteps: number;
  readonly features: number;
}

/** In padded data, at most this share of the timesteps between the ends may be zeros: measurements can be zero, too. */
const maxInside = 0.2;
/**
 * Padding must be at least this many times as long as the zeros at the other end, and as the zeros that such data have
 * at an end by chance.
 */
const clearly = 4;

/**
 * Zeros at an end are padding only if samples have different numbers of them; if one end has far more than the other
 * (images have dark borders on both sides); and if there are far more than chance would put there. With a share p of
 * zero timesteps between the ends, chance puts p / (1 − p) of them at an end. Windows of one series are never padded: a row
 * of zeros wanders through them. Null if there is no padding.
 *
 * @param chosen indices of the samples to look at; null: all.
 */
export function findPadding(sequences: Sequences, chosen: Indices | null = null): Padding | null {
  const { timesteps } = sequences;
  const samples = chosen?.length ?? sequences.samples;
  const total = { start: 0, end: 0 };
  /** Which numbers of zeros occur at an end. */
  const amounts = { start: new Uint8Array(timesteps + 1), end: new Uint8Array(timesteps + 1) };
  const longest = { start: 0, end: 0 };
  /** Number of samples that consist of zeros only and so have no end. */
  let blank = 0;
  let inside = 0;
  let between = 0;
  for (let k = 0; k < samples; k++) {
    const i = chosen?.at(k) ?? k;
    const end = zerosAt(sequences, i, "end");
    if (end === timesteps) {
      blank++;
      continue;
    }
    const start = zerosAt(sequences, i, "start");
    total.start += start;
    total.end += end;
    amounts.start[start] = 1;
    amounts.end[end] = 1;
    longest.start = Math.max(longest.start, timesteps - start);
    longest.end = Math.max(longest.end, timesteps - end);
    between += timesteps - start - end;
    for (let t = start; t < timesteps - end; t++) if (isZero(sequences, i, t)) inside++;
  }
  const at = total.end >= total.start ? "end" : "start";
  const chance = between === 0 ? 0 : inside / between;
  const other = total[at === "end" ? "start" : "end"];
  if (amounts[at].reduce((sum, occurs) => sum + occurs, 0) < 2 || chance > maxInside) return null;
  if (total[at] < clearly * Math.max(other, (samples * chance) / (1 - chance))) return null;
  // Half of the neighbours, because test samples may have been drawn from among them. Zeros behind a constant say nothing.
  if (overlapOf(sequences, { share: 0.5, different: 4 }) !== null) return null;
  return { at, share: (total[at] + blank * timesteps) / (samples * timesteps), longest: longest[at] };
}

/** Number of zero timesteps at one end of a sample. */
export function zerosAt(sequences: Sequences, sample: number, at: Padding["at"]): number {
  const { timesteps } = sequences;
  let zeros = 0;
  while (zeros < timesteps && isZero(sequences, sample, at === "end" ? timesteps - 1 - zeros : zeros)) zeros++;
  return zeros;
}

function isZero({ values, timesteps, features }: Sequences, sample: number, timestep: number): boolean {
  const from = (sample * timesteps + timestep) * features;
  for (let i = from; i < from + features; i++) if (values[i] !== 0) return false;
  return true;
}
