/**
 * Everything that a pass over a sequence keeps for its walk back. Arrays are time-major: timesteps × samples × values.
 */

import type { MemoryLayout } from "./layout.ts";

export interface Tape {
  readonly layout: MemoryLayout;
  readonly timesteps: number;
  readonly samples: number;
  /** [h, read] after each timestep; index 0: zeros, before the first. (T + 1) × B × outputs. */
  readonly outputs: Float32Array;
  /** The controller's gates after their activations, in tfjs's order i, f, c, o; empty for a simple controller. */
  readonly gates: Float32Array;
  /** c after each timestep; index 0: zeros. (T + 1) × B × H; empty for a simple controller. */
  readonly cells: Float32Array;
  /** Squashed head parameters. T × B × parameters. */
  readonly parameters: Float32Array;
  /** The memory's content after each timestep; index 0: the initial one. (T + 1) × B × slots × width. */
  readonly memory: Float32Array;
  /** Heads' records (see `Addressing`); index 0: the initial weightings. (T + 1) × B × heads × record. */
  readonly records: Float32Array;
}

/** @param memory slots × width: the initial memory of every sample. */
export function emptyTape(layout: MemoryLayout, timesteps: number, samples: number, memory: Float32Array): Tape {
  const { controller, units, gates, outputs, parameters, cells, heads, record, slots } = layout;
  const after = (timesteps + 1) * samples;
  const lstm = controller === "lstm" ? 1 : 0;
  const tape = {
    layout,
    timesteps,
    samples,
    outputs: new Float32Array(after * outputs),
    gates: new Float32Array(lstm * timesteps * samples * gates * units),
    cells: new Float32Array(lstm * after * units),
    parameters: new Float32Array(timesteps * samples * parameters),
    memory: new Float32Array(after * cells),
    records: new Float32Array(after * heads * record),
  };
  for (let b = 0; b < samples; b++) {
    tape.memory.set(memory, b * cells);
    // Before the first timestep every head addresses the first slot: location addressing needs a starting point.
    for (let head = 0; head < heads; head++) tape.records[(b * heads + head) * record + slots] = 1;
  }
  return tape;
}
