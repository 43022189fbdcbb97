/** Recurrent layers with given weights, and random ones. */

import { createRandom } from "../../../../src/engine/data/random.ts";
import { activationFunctions } from "../../../../src/engine/deep/cells/activation.ts";
import { gruTrajectory } from "../../../../src/engine/deep/cells/gru.ts";
import { lstmTrajectory } from "../../../../src/engine/deep/cells/lstm.ts";
import { resetAfterGruTrajectory } from "../../../../src/engine/deep/cells/resetAfterGru.ts";
import { simpleRnnTrajectory } from "../../../../src/engine/deep/cells/simpleRnn.ts";
import type { CellSequence, Trajectory } from "../../../../src/engine/deep/cells/trajectory.ts";
import { whole } from "../../../../src/engine/deep/linear/pieces.ts";
import { Pace } from "../../../../src/engine/deep/pace.ts";

export const pace = new Pace(new AbortController().signal);

export const gatesOf = { simpleRNN: 1, lstm: 4, peepholeLstm: 4, gru: 3, resetAfterGru: 3 } as const;
export type CellKind = keyof typeof gatesOf;

/** A layer's sequence, with the weights that only some kinds of cell have. */
export interface RandomSequence extends CellSequence {
  /** [3, H], for peepholeLstm. */
  readonly peepholes: Float64Array;
  /** G, for resetAfterGru. */
  readonly recurrentBias: Float64Array;
}

export const cells: { readonly [kind in CellKind]: (sequence: RandomSequence) => Trajectory } = {
  simpleRNN: (sequence) => whole(simpleRnnTrajectory(sequence)),
  lstm: (sequence) => whole(lstmTrajectory(sequence)),
  peepholeLstm: (sequence) => whole(lstmTrajectory(sequence, sequence.peepholes)),
  gru: (sequence) => whole(gruTrajectory(sequence)),
  resetAfterGru: (sequence) => whole(resetAfterGruTrajectory(sequence, sequence.recurrentBias)),
};

export interface Shape {
  readonly samples: number;
  readonly timesteps: number;
  readonly inputs: number;
  readonly units: number;
}

export function randomSequence(kind: CellKind, shape: Shape, seed = 1, size = 0.8): RandomSequence {
  const random = createRandom(seed);
  const normal = (count: number, scale: number): Float64Array =>
    Float64Array.from({ length: count }, () => scale * random.normal());
  const { samples, timesteps, inputs, units } = shape;
  const columns = gatesOf[kind] * units;
  return {
    ...shape,
    x: normal(samples * timesteps * inputs, 1),
    kernel: normal(inputs * columns, 0.7),
    recurrentKernel: normal(units * columns, size / Math.sqrt(units)),
    bias: normal(columns, 0.3),
    peepholes: normal(3 * units, 0.8),
    recurrentBias: normal(columns, 0.3),
    activation: activationFunctions.tanh,
    recurrentActivation: activationFunctions.sigmoid,
  };
}

/** h_t = h_{t−1} U, with one sample and no input. */
export function linear(recurrentKernel: Float64Array, units: number, timesteps: number): Trajectory {
  return whole(
    simpleRnnTrajectory({
      samples: 1,
      timesteps,
      inputs: 1,
      units,
      x: new Float64Array(timesteps),
      kernel: new Float64Array(units),
      recurrentKernel,
      bias: null,
      activation: activationFunctions.linear,
      recurrentActivation: activationFunctions.linear,
    }),
  );
}
