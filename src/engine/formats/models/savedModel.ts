/** The content of a saved model's file, in any format. */

import * as z from "zod";
import type { Immutable } from "../../../config/immutable.ts";
import { maxLayers, maxParameters } from "../../../config/limits.ts";
import { savedWords } from "../../../messages/savedModels.ts";
import { float32 } from "../../reading/float32.ts";
import { isList, type JsonObject, jsonObject, objectAt } from "../../reading/jsonObject.ts";
import { JsonFault, scanJson } from "../../reading/scanJson.ts";
import { badUtf8Line } from "../../reading/utf8.ts";
import { resumeSchema, writtenSchema } from "./checkpointFormat.ts";
import { savedLossSchema } from "./savedLoss.ts";

const weightSchema = z.object({ shape: z.array(z.number()), values: float32 });
export type SavedWeight = Immutable<z.infer<typeof weightSchema>>;

export const weightsByLayerSchema = z.map(z.string(), z.array(weightSchema));
export type WeightsByLayer = Immutable<z.infer<typeof weightsByLayerSchema>>;

export const contentSchema = z.object({
  /** The library that wrote the layers: names and meanings of a few arguments differ. */
  dialect: z.enum(["keras2", "keras3", "tfjs"]),
  /** Keras's description: `{ class_name: "Sequential" | "Functional" | "Model", config }`. */
  topology: jsonObject,
  /** The layers as config entries, if the file is a checkpoint of ours; they say more than the topology. */
  entries: z.array(jsonObject).nullable(),
  /** Names of the inputs and outputs that belong to `entries`; missing if there is one of each. */
  ends: z.object({ inputs: z.array(z.string()), outputs: z.array(z.string()) }).optional(),
  /** The state of the training when it stopped, if the file is a checkpoint of ours that can be resumed. */
  resume: resumeSchema.nullable(),
  /** The run that wrote it, and its step, if the file is a checkpoint of ours. */
  written: writtenSchema.optional(),
  /** The losses that the file was trained with, as far as it describes their arguments. */
  losses: z.array(savedLossSchema),
});

export interface SavedModel extends Immutable<z.infer<typeof contentSchema>> {
  /**
   * Weights by layer name, each in the order of the layer's `weights`: the trainable ones first. Cells and wrapped
   * layers count as their layer. Rejects with SavedError.
   */
  readonly weights: () => Promise<WeightsByLayer>;
}

export type Dialect = SavedModel["dialect"];

/** Reports why a file is not a model that we can use; the message is for the file's owner. */
export class SavedError extends Error {}

export type { JsonObject };
export { isList, objectAt };

/** Room for the largest model's weights, three times that for an optimizer's moments, and a margin. */
export const maxFileBytes = 4 * 4 * maxParameters;
/** Limit of a description; with a thousand layers it has about a million characters. */
export const maxDescriptionBytes = 16_000_000;
/**
 * Limits of a description: a layer needs some hundred values, and a checkpoint lists the loss of each of its epochs.
 */
const descriptionLimits = { depth: 64, values: 1_000_000, keys: 1000 };
/** Weights of a model with the most layers; no layer has more than a dozen. */
export const maxWeights = 12 * maxLayers;

/**
 * @param what it is, for the message: "config.json"
 * @throws SavedError with the place of the fault; input beyond the limits is not parsed
 */
export function parseDescription(bytes: Uint8Array, what: string): JsonObject {
  if (bytes.length > maxDescriptionBytes)
    throw new SavedError(savedWords().partTooLarge({ what, millions: maxDescriptionBytes / 1e6 }));
  const badLine = badUtf8Line(bytes);
  if (badLine !== null) throw new SavedError(savedWords().notUtf8({ what, line: badLine }));
  try {
    scanJson(bytes, descriptionLimits);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    throw new SavedError(savedWords().badJson({ what, line: error.line, column: error.column, why: error.message }));
  }
  const parsed = jsonObject.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  if (!parsed.success) throw new SavedError(savedWords().noObject(what));
  return parsed.data;
}

/** Adds up what has been read, so that many small weights cannot get around the limits of memory and time. */
export class WeightCount {
  #total = 0;
  #weights = 0;

  /**
   * @param place where the file declares the weight: " (weightsManifest[0].weights[7])"
   * @throws SavedError beyond the limits, before the weight's memory is taken.
   */
  take(shape: readonly number[], place = ""): void {
    if (++this.#weights > maxWeights)
      throw new SavedError(savedWords().manyArrays({ most: maxWeights.toLocaleString("en"), place }));
    this.#total += shape.reduce((product, d) => product * d, 1);
    if (!(this.#total <= maxParameters))
      throw new SavedError(savedWords().manyWeights({ most: maxParameters.toLocaleString("en"), place }));
  }
}
