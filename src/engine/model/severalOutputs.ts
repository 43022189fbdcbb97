/** The outputs of a model that has several: each has targets and a loss of its own; the model's loss is their weighted sum. */

import * as tf from "@tensorflow/tfjs-core";
import { takenBy } from "../../config/graph/references.ts";
import type { LossName, TrainingConfig } from "../../config/resolved.ts";
import type { Dataset } from "../data/dataset.ts";
import type { BuiltModel } from "./builtModel.ts";
import { sizeOf, unpacked } from "./forward.ts";
import type { LossFunction } from "./lossFunction.ts";
import { type OutputLoss, outputLoss } from "./outputLoss.ts";

export interface ModelOutput {
  /** Name of the layer that gives it. */
  readonly name: string;
  readonly loss: LossName;
  /** Factor in the sum of the losses. */
  readonly weight: number;
  readonly fromLogits: boolean;
  /** Shape of one sample of what the model gives. */
  readonly shape: readonly number[];
  /** The targets of this output, with an input of the model. */
  readonly dataset: Dataset;
}

/** A model's output with the function of its loss. */
export interface OutputWithLoss extends ModelOutput {
  readonly own: OutputLoss;
}

/** The outputs of a model in order; null if it has one. */
export function severalOutputs(
  { outputs, logits }: BuiltModel,
  { parts }: Dataset,
  { loss, fromLogits, losses }: Pick<TrainingConfig, "loss" | "fromLogits" | "losses">,
): readonly ModelOutput[] | null {
  if (!parts || outputs.length === 1) return null;
  return outputs.flatMap(({ name, shape }, i): ModelOutput[] => {
    const dataset = parts.targets[i]?.of;
    const own = losses?.find(({ output }) => output === name) ?? { loss, fromLogits, weight: 1 };
    const inFile = logits.get(name) === own.loss;
    return dataset
      ? [{ name, loss: own.loss, weight: own.weight, fromLogits: own.fromLogits || inFile, shape, dataset }]
      : [];
  });
}

/** The model as if `output` were its only one: that layer is then its last. */
export function facing(built: BuiltModel, { name, shape }: Pick<ModelOutput, "name" | "shape">): BuiltModel {
  const own = built.layers.filter(({ entry }) => entry.name === name);
  const others = built.layers.filter(({ entry }) => entry.name !== name);
  return { ...built, layers: [...others, ...own], outputShape: shape };
}

/** Takes the loss of each output, and the activation that belongs to it unless another layer needs the activated output. */
export function withLosses(built: BuiltModel, outputs: readonly ModelOutput[]): readonly OutputWithLoss[] {
  const taken = new Set(built.layers.flatMap(({ entry }) => takenBy(entry)));
  return outputs.map((output) => {
    const { layers } = facing(built, output);
    const own = outputLoss({ layers: taken.has(output.name) ? [] : layers }, output.loss, output.fromLogits);
    return { ...output, own };
  });
}

/** One output's share of a batch. */
export interface Share {
  readonly targets: tf.Tensor;
  readonly outputs: tf.Tensor;
  readonly weights: tf.Tensor | null;
}

/** Divides a batch's targets, outputs and weights, which travel as one tensor each, among the outputs. */
export function shares(
  all: readonly ModelOutput[],
  targets: tf.Tensor,
  outputs: tf.Tensor,
  weights: tf.Tensor | null,
): readonly Share[] {
  const targetParts = unpacked(
    targets,
    all.map(({ dataset }) => dataset.targetShape),
  );
  const outputParts = unpacked(
    outputs,
    all.map(({ shape }) => shape),
  );
  const positions = all.map(({ dataset }) => dataset.targetShape.slice(0, -1));
  const batch = weights?.shape[0] ?? 0;
  let from = 0;
  return all.map((_, k) => {
    const size = sizeOf(positions[k]!);
    const part = weights && tf.reshape(tf.slice(weights, [0, from], [batch, size]), [batch, ...positions[k]!]);
    from += size;
    return { targets: targetParts[k]!, outputs: outputParts[k]!, weights: part };
  });
}

/** The weighted sum of all outputs' losses. */
export function sumOfLosses(all: readonly OutputWithLoss[]): LossFunction {
  return (targets, outputs, weights) =>
    tf.tidy(() =>
      shares(all, targets, outputs, weights ?? null).reduce<tf.Scalar>(
        (sum, part, k) => tf.add(sum, tf.mul(all[k]!.weight, all[k]!.own.of(part.targets, part.outputs, part.weights))),
        tf.scalar(0),
      ),
    );
}
