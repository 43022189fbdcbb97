/** Reads what a saved model's layers are called with, from either of Keras's notations. */

import type { JsonValue } from "../../config/resolved.ts";
import { savedWords } from "../../messages/savedModels.ts";
import { isList, type JsonObject, objectAt, SavedError } from "../formats/models/savedModel.ts";

/** An output of one use of a layer. */
export interface Source {
  readonly layer: string;
  /** Number of the use, as the file counts. */
  readonly use: number;
  /** Index into the outputs: the last states follow the output itself. */
  readonly output: number;
}

/** One use of a layer. */
export interface Call {
  readonly inputs: readonly Source[];
  readonly initialState: readonly Source[];
  /** Whether the file passes a mask to it, as Keras 3 does. */
  readonly masked: boolean;
  /** Whether it is told to look at no later timestep (`use_causal_mask`). */
  readonly causal: boolean;
}

/** Arguments with tensors that attention takes, in the order of its inputs. */
const inputArguments = ["query", "value", "key"];

/**
 * @param nodes the `inbound_nodes` of a layer.
 * @param recurrent whether the tensors after the first are initial states.
 * @throws SavedError if the layer is called with anything that cannot be passed on.
 */
export function callsOf(layer: string, nodes: JsonValue | undefined, recurrent: boolean): readonly Call[] {
  if (!isList(nodes)) return [];
  // Keras 2 writes the only use of an operation without a list around it.
  const uses = isList(nodes[0]) && typeof nodes[0][0] === "string" && nodes.length === 1 ? [nodes] : nodes;
  return uses.map((use) => {
    const { positional, named, masked, causal } = isList(use)
      ? legacyCall(layer, use)
      : kerasCall(layer, objectAt(use));
    const states = recurrent ? positional.slice(1) : [];
    const inputs = recurrent ? positional.slice(0, 1) : positional;
    const all = [...inputs, ...inputArguments.flatMap((key) => named.get(key) ?? [])];
    if (all.length === 0) throw new SavedError(savedWords().noInput(layer));
    const initialState = [...states, ...(named.get("initial_state") ?? [])];
    return { inputs: all, initialState, masked, causal };
  });
}

interface Arguments {
  readonly positional: readonly Source[];
  readonly named: ReadonlyMap<string, readonly Source[]>;
  readonly masked: boolean;
  readonly causal: boolean;
}

/** Keras 2 and tfjs: a list of `["lstm", use, output, named arguments]`. */
function legacyCall(layer: string, use: readonly JsonValue[]): Arguments {
  const named = new Map<string, readonly Source[]>();
  let causal = false;
  const positional = use.map((item) => {
    const parts = isList(item) ? item : [];
    causal ||= isCausal(objectAt(parts[3]));
    for (const [key, value] of passedOn(layer, objectAt(parts[3])))
      named.set(key, legacySources(layer, value) ?? unreadable(layer));
    return sourceOf(parts) ?? unreadable(layer);
  });
  return { positional, named, masked: false, causal };
}

function legacySources(layer: string, value: JsonValue): readonly Source[] | null {
  const own = isList(value) ? sourceOf(value) : null;
  if (own) return [own];
  return isList(value) ? value.map((item) => (isList(item) ? sourceOf(item) : null) ?? unreadable(layer)) : null;
}

/** Keras 3: `{ args: [tensor or list of tensors], kwargs }`. */
function kerasCall(layer: string, use: JsonObject | null): Arguments {
  const named = new Map<string, readonly Source[]>();
  // `withoutAutomaticMasks` leaves only whether there was a mask.
  const { mask = null, ...kwargs } = objectAt(use?.["kwargs"]) ?? {};
  for (const [key, value] of passedOn(layer, kwargs)) named.set(key, tensorsIn(layer, value));
  return { positional: tensorsIn(layer, use?.["args"] ?? []), named, masked: mask === true, causal: isCausal(kwargs) };
}

function tensorsIn(layer: string, value: JsonValue): readonly Source[] {
  if (isList(value)) return value.flatMap((item) => tensorsIn(layer, item));
  if (value === null) return [];
  const history = objectAt(objectAt(value)?.["config"])?.["keras_history"];
  if (!isList(history)) throw new SavedError(savedWords().noOutputOfLayer(layer));
  return [sourceOf(history) ?? unreadable(layer)];
}

function sourceOf([layer, use, output]: readonly JsonValue[]): Source | null {
  const fits = typeof layer === "string" && isCount(use) && isCount(output);
  return fits ? { layer, use, output } : null;
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function unreadable(layer: string): never {
  throw new SavedError(savedWords().inputsUnread(layer));
}

function isNothing(value: JsonValue): boolean {
  return value === null || (isList(value) && value.every(isNothing));
}

function isCausal(args: JsonObject | null): boolean {
  return args?.[causalArgument] === true;
}

const causalArgument = "use_causal_mask";
/** With it, the scores are one more output, which stands behind all that can be passed on. */
const scoresArgument = "return_attention_scores";

/** Arguments with which Keras does the same here, whatever their value. */
const restated = new Set(["training", scoresArgument, causalArgument]);

/** The named arguments with tensors; those without tensors, such as training, are left out. */
function passedOn(layer: string, args: JsonObject | null): readonly (readonly [string, JsonValue])[] {
  return Object.entries(args ?? {}).filter(([key, value]) => {
    if (isNothing(value) || (restated.has(key) && typeof value === "boolean")) return false;
    if (key === "initial_state" || inputArguments.includes(key)) return true;
    throw new SavedError(savedWords().calledWith({ layer, key }));
  });
}
