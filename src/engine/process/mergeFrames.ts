/** Merges several frames into one: all scalar rows, and for the profiles the newest values and the extremes. */

import type { Frame, Profile } from "../../protocol/frame.ts";

/**
 * The larger of two values, where NaN ranks above +Infinity and +Infinity above every number: a fault must not be
 * averaged away.
 */
export function worse(a: number, b: number): number {
  return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.max(a, b);
}

/** Frames of consecutive steps of one run, in order, at least one; `seq` is the number of the merged frame. */
export function mergeFrames(frames: readonly Frame[], seq: number): Frame {
  const [first] = frames;
  if (!first) throw new Error("there is nothing to merge");
  if (frames.length === 1) return { ...first, seq };
  const profiles = new Map<string, Profile>();
  for (const profile of frames.flatMap((frame) => frame.profiles)) {
    const key = `${profile.layer} ${profile.channel}`;
    const before = profiles.get(key);
    // A profile of another length belongs to another state of the layer, about which the older one says nothing.
    const max =
      before && before.max.length === profile.max.length
        ? profile.max.map((v, i) => worse(v, before.max[i]!))
        : profile.max;
    profiles.set(key, { ...profile, max });
  }
  return {
    runId: first.runId,
    seq,
    steps: concatenate(frames.map((frame) => frame.steps)),
    rows: concatenate(frames.map((frame) => frame.rows)),
    profiles: [...profiles.values()],
  };
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const result = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
