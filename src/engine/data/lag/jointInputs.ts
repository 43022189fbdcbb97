/**
 * Several inputs as one sequence, whose lag can be estimated: sequences of the same length side by side, and inputs without a
 * time axis as features of the last timestep, where no lag leaves them out.
 */

import { maxDataValues } from "../../../config/limits.ts";
import type { LayerEntry } from "../../../config/resolved.ts";
import type { Dataset, DatasetPart } from "../dataset.ts";
import { inputReading } from "../facts/inputReading.ts";

/** Where an input's values are within a sample that holds those of all inputs one after the other. */
export interface InputBlock {
  readonly offset: number;
  /** Values per timestep; of an input without timesteps, all its values. */
  readonly width: number;
  readonly sequence: boolean;
}

export interface JointInputs {
  /** All inputs as one sequence, with the first output's targets. */
  readonly dataset: Dataset;
  readonly blocks: readonly InputBlock[];
}

const known = new WeakMap<Dataset, { readonly of: readonly Dataset[]; readonly joint: JointInputs | null }>();

/**
 * Null if the inputs have no common time axis: sequences of different lengths (the timestep of one is no timestep of the
 * other), words that an embedding looks up, or nothing but inputs without timesteps.
 *
 * @param entries layers of the model that takes the inputs.
 */
export function jointInputs(dataset: Dataset, entries: readonly LayerEntry[]): JointInputs | null {
  const { inputs = [], targets = [] } = dataset.parts ?? {};
  const [first] = inputs;
  const [target] = targets;
  if (!first || !target || inputs.length < 2) return null;
  if (inputs.some(({ name }) => inputReading(entries, name).as === "indices")) return null;
  const of = [target, ...inputs].map((part) => part.of);
  const before = known.get(first.of);
  if (before?.of.length === of.length && before.of.every((each, i) => each === of[i])) return before.joint;
  const joint = join(inputs, target.of);
  known.set(first.of, { of, joint });
  return joint;
}

function join(inputs: readonly DatasetPart[], target: Dataset): JointInputs | null {
  const lengths = new Set(inputs.flatMap(({ of: { inputShape } }) => (inputShape.length > 1 ? [inputShape[0]!] : [])));
  const [timesteps] = lengths;
  if (timesteps === undefined || lengths.size > 1) return null;
  let offset = 0;
  const blocks = inputs.map(({ of: { inputShape } }): InputBlock => {
    const size = inputShape.reduce((product, n) => product * n, 1);
    const sequence = inputShape.length > 1;
    const block = { offset, width: sequence ? size / timesteps : size, sequence };
    offset += size;
    return block;
  });
  const width = blocks.reduce((sum, block) => sum + block.width, 0);
  if (width * timesteps * target.samples > maxDataValues) return null;
  const sideBySide = (part: (of: Dataset) => Pick<Dataset, "inputs"> | null, samples: number): Float32Array => {
    const all = new Float32Array(samples * timesteps * width);
    let column = 0;
    for (const [k, { width: own, sequence }] of blocks.entries()) {
      const { inputs: values } = part(inputs[k]!.of) ?? { inputs: new Float32Array() };
      const rows = sequence ? timesteps : 1;
      for (let sample = 0; sample < samples; sample++)
        for (let row = 0; row < rows; row++) {
          const at = (sample * rows + row) * own;
          const t = sequence ? row : timesteps - 1;
          all.set(values.subarray(at, at + own), (sample * timesteps + t) * width + column);
        }
      column += own;
    }
    return all;
  };
  const { test } = target;
  const dataset: Dataset = {
    ...target,
    inputs: sideBySide((of) => of, target.samples),
    test: test && { ...test, inputs: sideBySide((of) => of.test, test.samples) },
    inputShape: [timesteps, width],
    features: width,
    timesteps,
  };
  return { dataset, blocks };
}
