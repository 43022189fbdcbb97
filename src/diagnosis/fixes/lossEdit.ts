/** The edit that gives a model, or one of its outputs, another loss. */

import type { ConfigEdit } from "../../config/edit.ts";
import type { JsonValue, LossName, ResolvedModel } from "../../config/resolved.ts";

/** An output among several. */
export interface LossPlace {
  readonly name: string;
  /** All outputs, with the loss that each one has. */
  readonly outputs: readonly {
    readonly name: string;
    readonly loss: LossName | null;
    readonly fromLogits: boolean | null;
  }[];
}

/** @param output null: the model has one. */
export function lossEdit(
  { training, trainingPath }: ResolvedModel,
  output: LossPlace | null,
  loss: LossName,
  fromLogits: boolean,
): ConfigEdit {
  const place = [...trainingPath, "loss"];
  if (output === null) return { path: place, value: written(loss, fromLogits, 1) };
  const weight = training.losses?.find((own) => own.output === output.name)?.weight ?? 1;
  const value = written(loss, fromLogits, weight);
  if (training.losses) return { path: [...place, output.name], value };
  // One loss for all becomes one for each.
  const all = output.outputs.map((own): [string, JsonValue] => [
    own.name,
    own.name === output.name ? value : written(own.loss ?? loss, own.fromLogits ?? false, 1),
  ]);
  return { path: place, value: Object.fromEntries(all) };
}

function written(loss: LossName, fromLogits: boolean, weight: number): JsonValue {
  if (!fromLogits && weight === 1) return loss;
  return { type: loss, ...(fromLogits && { fromLogits }), ...(weight !== 1 && { weight }) };
}
