/** Explains why a layer cannot take the output of the layers before it, with both shapes and a remedy. */

import { has } from "../../config/layerCatalogue.ts";
import { isObject, type JsonObject } from "../../config/merge.ts";
import type { Problem } from "../../config/problem.ts";
import type { JsonPath, JsonValue, LayerEntry } from "../../config/resolved.ts";
import { fitWords } from "../../messages/fit.ts";
import { listWords } from "../../messages/lists.ts";
import { ownTypes } from "../layers/factories.ts";
import { UnfitArgument } from "../layers/unfitArgument.ts";
import { plainMessage, shapeText } from "./messages.ts";
import { TooLarge } from "./weightLimit.ts";

/** One input of the layer: its source and its shape for one sample. */
export interface Incoming {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  /** null: the model's input. */
  readonly entry: LayerEntry | null;
}

/** @param error the exception that tfjs threw when the layer was applied. */
export function connectionProblem(error: unknown, entry: LayerEntry, incoming: readonly Incoming[]): Problem {
  const at = (message: string): Problem => ({
    severity: "error",
    message,
    path: [...entry.path, error instanceof TooLarge && "units" in entry.args ? "units" : "type"],
    on: "value",
  });
  if (error instanceof TooLarge) return at(fitWords().ofLayer({ layer: entry.name, text: error.message }));
  if (error instanceof UnfitArgument) {
    // Layers with several matrices have one argument for all of them.
    const place = placeOf(error.key, entry.args) ?? placeOf("kernelInitializer", entry.args) ?? ["type"];
    return {
      severity: "error",
      message: fitWords().ofLayer({ layer: entry.name, text: error.message }),
      path: [...entry.path, ...place],
      on: "value",
    };
  }
  const text = plainMessage(error);
  const [only] = incoming;
  if (!only || incoming.length > 1) {
    const shapes = listWords().commas(incoming.map((i) => `${given(i)} ${shapeText(i.shape)}`));
    return at(fitWords().notTogether({ layer: entry.name, type: entry.type, shapes, text }));
  }
  const rank = wantedRank(text);
  const got = fitWords().gets({ layer: entry.name, type: entry.type, shape: shapeText(only.shape), from: given(only) });
  if (rank === null) return at(fitWords().cannotTake({ got, text }));
  const isSequenceTaker = has("loops", entry) || ownTypes.includes(entry.type) || has("wraps", entry);
  if (isSequenceTaker && only.shape.length === rank - 1) {
    return at(fitWords().needsSequence({ got, form: wantedForm(rank), remedy: sequenceRemedy(only) }));
  }
  if (entry.type === "flatten") return at(fitWords().alreadyFlat(got));
  const form = rank > 1 ? wantedForm(rank) : null;
  return at(fitWords().needsAxes({ got, axes: fitWords().axes(rank), form, flat: rank === 1 }));
}

/** The place of `key` in a layer's arguments, or in those of a layer or cell inside it. */
function placeOf(key: string, args: JsonObject): JsonPath | null {
  if (key in args) return [key];
  const inside = Object.entries(args).flatMap(([name, value]): [JsonPath, JsonValue][] =>
    Array.isArray(value) ? value.map((item: JsonValue, i) => [[name, i], item]) : [[[name], value]],
  );
  for (const [path, value] of inside) {
    const place = isObject(value) ? placeOf(key, value) : null;
    if (place) return [...path, ...place];
  }
  return null;
}

function given({ entry, name }: Incoming): string {
  return entry === null ? fitWords().theData : `"${name}"`;
}

/**
 * Number of axes, without the batch, that tfjs's message says it expected; null if the message is about something else.
 */
function wantedRank(text: string): number | null {
  const spec = /expected (?:min_|max_)?ndim=(\d+)/.exec(text) ?? /expects an input shape >= (\d)D/.exec(text);
  return spec ? Number(spec[1]) - 1 : null;
}

/** The meaning of a sample's axes if there are `rank` of them. */
export function wantedForm(rank: number): string {
  if (rank === 2) return fitWords().forms.sequence;
  if (rank === 3) return fitWords().forms.image;
  if (rank === 4) return fitWords().forms.volume;
  return fitWords().axes(rank);
}

function sequenceRemedy({ entry, name }: Incoming): string {
  if (entry === null) {
    return fitWords().tableSequence;
  }
  const wraps = entry.type === "bidirectional";
  if (wraps || has("loops", entry)) {
    return fitWords().returnSequences({ layer: name, inside: wraps });
  }
  return fitWords().noTimeAxis(name);
}
