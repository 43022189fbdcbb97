/** Tells whether samples are windows of one series. */

/** Pairs of samples that are compared. */
const pairs = 40;
/** Pairs after which a stride is given up if none of them agrees. */
const enough = 5;

export interface Rows {
  readonly values: Float32Array;
  readonly samples: number;
  readonly timesteps: number;
}

/**
 * How many timesteps a sample begins after the one before it, if they are windows of one series; otherwise null.
 *
 * @param share of the neighbours that must overlap; fewer of them do if some samples are kept for testing.
 * @param different values that two neighbours must share, because a constant says nothing.
 */
export function overlapOf(
  { values, samples, timesteps }: Rows,
  { share, different }: { readonly share: number; readonly different: number },
): number | null {
  const size = values.length / samples;
  const width = size / timesteps;
  for (let stride = 1; stride <= timesteps / 2; stride++) {
    let same = 0;
    let seen = 0;
    for (let k = 0; k < pairs; k++) {
      const first = Math.floor((k * (samples - 1)) / pairs) * size;
      const shared = values.subarray(first + stride * width, first + size);
      if (!varies(shared, different)) continue;
      seen++;
      if (shared.every((value, i) => value === values[first + size + i])) same++;
      else if (same === 0 && seen >= enough) break;
    }
    if (same >= 3 && same >= share * seen) return stride;
  }
  return null;
}

/** Whether there are at least this many different values. */
function varies(values: Float32Array, different: number): boolean {
  const found = new Set<number>();
  return values.some((value) => found.add(value).size >= different);
}
