/** The weight of each target position in a run's losses: the data's weights, the model's mask, the classes' weights. */

import type { Problem } from "../../config/problem.ts";
import type { ClassWeightConfig, LossName } from "../../config/resolved.ts";
import { classWeights } from "../data/classWeights.ts";
import type { Dataset, Samples } from "../data/dataset.ts";
import { combined, type PositionWeights, sideBySide } from "../data/positionWeights.ts";
import type { BuiltModel } from "../model/builtModel.ts";
import { masksOf, outputMask } from "../model/maskSources.ts";
import type { ModelOutput } from "../model/severalOutputs.ts";

/** Null: every position weighs the same. */
export interface Weighting {
  readonly training: PositionWeights | null;
  /**
   * Weights of the samples held out for testing. They exclude class weights, which apply only to training, as in Keras.
   */
  readonly test: PositionWeights | null;
}

export interface WeightingTraining {
  readonly loss: LossName;
  readonly classWeight: ClassWeightConfig | null;
}

/** Weights of all samples; or why the classes cannot be weighted this way. */
export function weighting(
  built: BuiltModel,
  dataset: Dataset,
  { loss, classWeight }: WeightingTraining,
  outputs: readonly ModelOutput[] | null = null,
): Weighting | Problem[] {
  if (outputs) return ofOutputs(built, dataset, outputs);
  const positions = positionsOf(dataset.targetShape);
  const mask = targetMask(built, dataset, dataset);
  const classes = classWeight && classWeights(dataset, mask, loss, classWeight);
  if (Array.isArray(classes)) return classes;
  const { test } = dataset;
  return {
    training: combined({ samples: dataset.samples, positions, own: dataset.weights ?? null, classes, mask }),
    test:
      test &&
      combined({
        samples: test.samples,
        positions,
        own: test.weights ?? null,
        classes: null,
        mask: targetMask(built, dataset, test),
      }),
  };
}

/** The weights of several outputs: the data's own, and the masks that arrive at each. */
function ofOutputs(built: BuiltModel, dataset: Dataset, outputs: readonly ModelOutput[]): Weighting {
  const spans = outputs.map((output) => positionsOf(output.dataset.targetShape));
  const of = (part: Samples | null): PositionWeights | null =>
    part &&
    sideBySide(
      outputs.map(({ dataset: { targetShape } }, k) =>
        combined({
          samples: part.samples,
          positions: spans[k]!,
          own: part.weights ?? null,
          classes: null,
          mask: targetMask(built, { ...dataset, targetShape }, part, k),
        }),
      ),
      spans,
      part.samples,
    );
  return { training: of(dataset), test: of(dataset.test) };
}

function positionsOf(targetShape: readonly number[]): number {
  return targetShape.slice(0, -1).reduce((product, d) => product * d, 1);
}

/** The mask that arrives at one of the model's outputs, if its timesteps are those of the targets. */
function targetMask(
  { model }: BuiltModel,
  { inputShape, targetShape }: Dataset,
  part: Samples,
  output = 0,
): Uint8Array | null {
  const sources = outputMask(model, output);
  if (!sources || targetShape.length < 2) return null;
  const mask = masksOf(sources, model, part.inputs, part.samples, inputShape);
  const timesteps = mask.length / part.samples;
  // Targets with more axes than time (such as images) have several positions in each timestep.
  const each = targetShape.slice(1, -1).reduce((product, d) => product * d, 1);
  if (timesteps !== targetShape[0]) return null;
  return each === 1 ? mask : Uint8Array.from({ length: mask.length * each }, (_, i) => mask[Math.floor(i / each)]!);
}
