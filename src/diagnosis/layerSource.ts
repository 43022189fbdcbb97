/** What the config says about a measured layer, and where; covers inner layers of wrappers and cells. */

import { has } from "../config/layerCatalogue.ts";
import type { JsonPath, JsonValue, LayerEntry, ResolvedModel } from "../config/resolved.ts";

export interface LayerSource {
  /** tf.layers factory name as written. */
  readonly type: string;
  /** The object that holds the arguments. */
  readonly path: JsonPath;
  readonly args: { readonly [key: string]: JsonValue };
}

type Layers = Pick<ResolvedModel, "layers">;

/** An initializer, written as a name or as an object. */
export interface Initializer {
  readonly type: string;
  readonly gain: number | undefined;
}

/**
 * Follows `path` (from a `LayerInfo`) into the model's layers. The arguments of an `rnn` layer with one `cell` are the
 * cell's. Returns an entry without arguments if the path leads nowhere.
 */
export function layerSource(model: Layers, path: JsonPath, type: string): LayerSource {
  const entry = model.layers.find((l) => l.path.every((key, i) => path[i] === key));
  if (!entry) return { type, path, args: {} };
  let source: LayerSource = { type: entry.type, path: entry.path, args: entry.args };
  for (const key of path.slice(entry.path.length)) {
    const inner = objectOf(source.args[key]);
    if (!inner) return { type, path, args: {} };
    source = { type: textOf(inner["type"]) ?? type, path: [...source.path, key], args: inner };
  }
  const cell = source.type === "rnn" ? objectOf(source.args["cell"]) : undefined;
  return cell ? { type: textOf(cell["type"]) ?? type, path: [...source.path, "cell"], args: cell } : source;
}

/** What the config says about the layer that does an entry's work: the innermost layer of a wrapper. */
export function innerSource(model: Layers, { path, type }: Pick<LayerEntry, "path" | "type">): LayerSource {
  const own = layerSource(model, path, type);
  const wrapped = has("wraps", own) ? objectOf(own.args["layer"]) : undefined;
  if (!wrapped) return own;
  return innerSource(model, { path: [...own.path, "layer"], type: textOf(wrapped["type"]) ?? own.type });
}

/** The argument's place, if it is written. */
export function written(source: LayerSource, key: string): JsonPath | undefined {
  return source.args[key] === undefined ? undefined : [...source.path, key];
}

export function typePlace(source: LayerSource): JsonPath {
  return [...source.path, "type"];
}

/** Biases of this size alone drive a tanh or a sigmoid to its flat end: tanh 4 = 0.9993. */
const saturating = 4;

/** Whether the biases start so far from zero that they saturate the layer by themselves. */
export function largeBias(source: LayerSource): boolean {
  const written = objectOf(source.args["biasInitializer"]);
  const value = written?.["value"] ?? written?.["mean"];
  return typeof value === "number" && Math.abs(value) >= saturating && source.args["useBias"] !== false;
}

/** A textual argument, or the object form's `type`. */
export function nameOf(source: LayerSource, key: string): string | undefined {
  const value = source.args[key];
  return textOf(value) ?? textOf(objectOf(value)?.["type"]);
}

/** The initializer in force: the written one, else tfjs's default for recurrent kernels, orthogonal. */
export function recurrentInitializer(source: LayerSource): Initializer {
  return {
    type: nameOf(source, "recurrentInitializer") ?? "orthogonal",
    gain: gainOf(source, "recurrentInitializer"),
  };
}

/** The `gain` of an initializer in its object form. */
export function gainOf(source: LayerSource, key: string): number | undefined {
  const gain = objectOf(source.args[key])?.["gain"];
  return typeof gain === "number" ? gain : undefined;
}

/** Whether U starts with all singular values 1, so that it neither shrinks nor grows what passes through it. */
export function keepsNorm(initializer: Initializer): boolean {
  const { type, gain = 1 } = initializer;
  return (type === "orthogonal" || type === "identity") && gain === 1;
}

function objectOf(value: JsonValue | undefined): { readonly [key: string]: JsonValue } | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: JsonValue })
    : undefined;
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
