/** What a saved model's file holds, whatever its format. */

import { maxLayers, maxParameters } from "../../../config/limits.ts";
import type { JsonValue } from "../../../config/resolved.ts";
import { type JsonObject, jsonObject } from "../../reading/jsonObject.ts";
import { JsonFault, scanJson } from "../../reading/scanJson.ts";
import { badUtf8Line } from "../../reading/utf8.ts";
import type { ResumeState } from "./checkpointFormat.ts";

export interface SavedWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Whose layers they are: names and meanings of a few arguments differ. */
export type Dialect = "keras2" | "keras3" | "tfjs";

export interface SavedModel {
  readonly dialect: Dialect;
  /** Keras's description: `{ class_name: "Sequential" | "Functional" | "Model", config }`. */
  readonly topology: JsonObject;
  /** The layers as a config writes them, where the file is a checkpoint of ours; they say more than the topology. */
  readonly entries: readonly JsonObject[] | null;
  /** Where a training run stopped, where the file is a checkpoint of ours that one can go on from. */
  readonly resume: ResumeState | null;
  /** By layer name; of each layer in the order of its `weights`: the trainable ones first. Cells and wrapped layers count as their layer. Rejects with SavedError. */
  readonly weights: () => Promise<WeightsByLayer>;
}

export type WeightsByLayer = ReadonlyMap<string, readonly SavedWeight[]>;

/** Why a file is no model we can take; the message is for its owner. */
export class SavedError extends Error {}

export type { JsonObject };

/** Weights of the largest model, three times over for an optimizer's moments, and some room. */
export const maxFileBytes = 4 * 4 * maxParameters;
/** Of a description; that of a thousand layers has about a million characters. */
export const maxDescriptionBytes = 16_000_000;
/** Of a description: a layer takes some hundred values, and a checkpoint tells the loss of each of its epochs. */
const descriptionLimits = { depth: 64, values: 1_000_000, keys: 1000 };
/** Weights of a model of the most layers; none has more than a dozen. */
export const maxWeights = 12 * maxLayers;

/**
 * @param what it is, for the message: "config.json"
 * @throws SavedError with the place of what is wrong; nothing is made of what is beyond the limits
 */
export function parseDescription(bytes: Uint8Array, what: string): JsonObject {
  if (bytes.length > maxDescriptionBytes)
    throw new SavedError(`Its ${what} has more than ${maxDescriptionBytes / 1e6} million bytes, the limit.`);
  const badLine = badUtf8Line(bytes);
  if (badLine !== null) throw new SavedError(`Its ${what} is not JSON of an object: line ${badLine} is not UTF-8.`);
  try {
    scanJson(bytes, descriptionLimits);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    throw new SavedError(
      `Its ${what} is not JSON of an object that can be read (line ${error.line}, column ${error.column}): ${error.message}.`,
    );
  }
  const parsed = jsonObject.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  if (!parsed.success) throw new SavedError(`Its ${what} is not JSON of an object.`);
  return parsed.data;
}

/** Sums up what has been read: many small weights are no way around the limit, of memory or of time. */
export class WeightCount {
  #total = 0;
  #weights = 0;

  /**
   * @param place where the file says so: " (weightsManifest[0].weights[7])"
   * @throws SavedError beyond the limits, before the weight's memory is taken.
   */
  take(shape: readonly number[], place = ""): void {
    if (++this.#weights > maxWeights)
      throw new SavedError(`It has more than ${maxWeights.toLocaleString("en")} arrays of weights, the limit${place}.`);
    this.#total += shape.reduce((product, d) => product * d, 1);
    if (!(this.#total <= maxParameters))
      throw new SavedError(`It has more than ${maxParameters.toLocaleString("en")} weights, the limit${place}.`);
  }
}

export function objectAt(value: JsonValue | undefined): JsonObject | null {
  return typeof value === "object" && value !== null && !isList(value) ? value : null;
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
