/** Finds the float64 counterpart of a recurrent layer of a built model, or why there is none. */

import { RNN } from "@tensorflow/tfjs-layers";
import { engineWords } from "../../messages/engine.ts";
import { carriesState } from "../instrument/carriedStates.ts";
import type { KernelWeight } from "../instrument/kernelCell.ts";
import type { MeasuredLayer } from "../instrument/measuredLayers.ts";
import { activationFunctions } from "./cells/activation.ts";
import { gruTrajectory } from "./cells/gru.ts";
import { lstmTrajectory } from "./cells/lstm.ts";
import { resetAfterGruTrajectory } from "./cells/resetAfterGru.ts";
import { simpleRnnTrajectory } from "./cells/simpleRnn.ts";
import { columnBlock, type Trajectory } from "./cells/trajectory.ts";
import type { Pieces } from "./linear/pieces.ts";

export interface DeepCell {
  readonly type: "simpleRNN" | "lstm" | "gru";
  readonly units: number;
  readonly reversed: boolean;
  readonly sequences: boolean;
  /** The recurrent matrices, H × H each, one per gate. */
  readonly matrices: readonly { readonly name: string; readonly values: Float64Array }[];
  /** @param x B × T × D in the order of the data. */
  trajectory(x: Float32Array, samples: number, timesteps: number): Pieces<Trajectory>;
}

const cells = { simpleRNN: simpleRnnTrajectory, lstm: lstmTrajectory, gru: gruTrajectory } as const;
const gates = {
  simpleRNN: ["U"],
  lstm: ["input", "forget", "candidate", "output"],
  gru: ["update", "reset", "candidate"],
} as const;

/** The cell of a layer in float64; or the reason why it cannot be probed, as the middle of a sentence. */
export function deepCell({ layer, cell }: MeasuredLayer): DeepCell | { readonly reason: string } {
  if (!cell) return { reason: engineWords().notRecurrent };
  if ("reason" in cell.kernel) return { reason: cell.kernel.reason };
  if (carriesState(layer)) return { reason: engineWords().stateful };
  if ("own" in cell.kernel) return { reason: engineWords().hasMemory };
  if (!(layer instanceof RNN)) return { reason: engineWords().stacked };
  const { spec, weights, dropout, masked } = cell.kernel;
  if (dropout.input > 0 || dropout.recurrent > 0) return { reason: engineWords().hasDropout };
  if (masked) return { reason: engineWords().masked };
  const read = (name: KernelWeight["name"]): Float64Array | null => {
    const weight = weights.find((w) => w.name === name);
    return weight ? Float64Array.from(weight.variable.read().dataSync()) : null;
  };
  const [kernel, recurrentKernel, bias] = [read("kernel"), read("recurrentKernel"), read("bias")];
  if (!kernel || !recurrentKernel) return { reason: engineWords().noKernel };
  const { kind, units } = spec;
  const columns = gates[kind].length * units;
  return {
    type: kind,
    units,
    reversed: spec.goBackwards ?? false,
    sequences: spec.sequences ?? false,
    matrices: gates[kind].map((name, i) => ({ name, values: columnBlock(recurrentKernel, columns, i * units, units) })),
    trajectory(x, samples, timesteps) {
      const sequence = {
        samples,
        timesteps,
        inputs: kernel.length / columns,
        units,
        x: spec.goBackwards ? reversedTime(x, samples, timesteps) : Float64Array.from(x),
        kernel,
        recurrentKernel,
        bias: bias?.subarray(0, columns) ?? null,
        activation: activationFunctions[spec.activation],
        recurrentActivation: activationFunctions[spec.recurrentActivation ?? "hardSigmoid"],
      };
      if (spec.peepholes) return lstmTrajectory(sequence, read("peepholes"));
      if (spec.resetAfter) return resetAfterGruTrajectory(sequence, bias?.subarray(columns) ?? null);
      return cells[kind](sequence);
    },
  };
}

function reversedTime(x: Float32Array, samples: number, timesteps: number): Float64Array {
  const width = x.length / samples / timesteps;
  const result = new Float64Array(x.length);
  for (let b = 0; b < samples; b++)
    for (let t = 0; t < timesteps; t++) {
      const from = (b * timesteps + t) * width;
      result.set(x.subarray(from, from + width), (b * timesteps + timesteps - 1 - t) * width);
    }
  return result;
}
