/** What a saved model's file holds, whatever its format. */

import * as z from "zod";
import type { JsonValue } from "../../config/resolved.ts";
import { maxParameters } from "../model/weightLimit.ts";

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
  /** By layer name; of each layer in the order of its `weights`: the trainable ones first. Cells and wrapped layers count as their layer. Rejects with SavedError. */
  readonly weights: () => Promise<WeightsByLayer>;
}

export type WeightsByLayer = ReadonlyMap<string, readonly SavedWeight[]>;

/** Why a file is no model we can take; the message is for its owner. */
export class SavedError extends Error {}

export type JsonObject = { readonly [key: string]: JsonValue };

/** Weights of the largest model, three times over for an optimizer's moments, and some room. */
export const maxFileBytes = 4 * 4 * maxParameters;
/** Of a description; that of a thousand layers has about a million characters. */
export const maxDescriptionBytes = 16_000_000;

/** @param what it is, for the message: "config.json" */
export function parseDescription(text: string, what: string): JsonObject {
  try {
    return z.record(z.string(), z.json()).parse(JSON.parse(text));
  } catch {
    throw new SavedError(`Its ${what} is not JSON of an object.`);
  }
}

/** Sums up what has been read, so that many small weights are no way around the limit. */
export class WeightCount {
  #total = 0;

  /** @throws SavedError beyond the limit, before the weight's memory is taken. */
  take(shape: readonly number[]): void {
    this.#total += shape.reduce((product, d) => product * d, 1);
    if (!(this.#total <= maxParameters))
      throw new SavedError(`It has more than ${maxParameters.toLocaleString("en")} weights, the limit.`);
  }
}

export function objectAt(value: JsonValue | undefined): JsonObject | null {
  return typeof value === "object" && value !== null && !isList(value) ? value : null;
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
