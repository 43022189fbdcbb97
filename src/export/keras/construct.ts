/** Expressions that make Keras's layers from tfjs's arguments, whose names and meanings are Keras's in camel case. */

import { exportWords } from "../../messages/exporting.ts";
import { Arguments, refusal } from "../emitted.ts";
import type { ExportedLayer, Refusal } from "../exportedModel.ts";
import { boolean, number, text } from "../python.ts";
import { kerasActivation } from "./activations.ts";
import type { HelperName } from "./helpers.ts";

export interface Construction {
  readonly expression: string;
  readonly helpers: readonly HelperName[];
}

/** A class of Keras's and its arguments, by tfjs's names. */
export interface KerasClass {
  readonly name: string;
  /** With Keras's default; null: there is none. */
  readonly values?: Readonly<Record<string, Value | null>>;
  /** Activations, with Keras's default. */
  readonly activations?: Readonly<Record<string, string | null>>;
  /** Weights that may have a penalty. */
  readonly penalized?: readonly string[];
}

/** Within a list, null is `None`. */
type Value = number | boolean | string | readonly (Value | null)[];

/** @param more further arguments, in Python. */
export function construct(
  layer: ExportedLayer,
  { name, values = {}, activations = {}, penalized = [] }: KerasClass,
  more: readonly string[],
): Construction | Refusal {
  const given = [];
  const helpers: HelperName[] = [];
  for (const [argument, usual] of Object.entries(values)) {
    const value = plainValue(argument === "outputShape" ? knownSizes(layer) : layer.config[argument]);
    if (value === null || same(value, usual)) continue;
    given.push(`${snake(argument)}=${written(value)}`);
  }
  for (const [argument, usual] of Object.entries(activations)) {
    const wanted = new Arguments(layer).text(argument, "linear");
    const activation = kerasActivation(wanted);
    if (!activation) return refusal(layer, exportWords().activation(wanted));
    if (activation.argument === (usual === null ? null : text(usual))) continue;
    given.push(`${snake(argument)}=${activation.argument}`);
    helpers.push(...activation.helpers);
  }
  for (const weight of penalized) {
    const penalty = penaltyOf(layer, `${weight}Regularizer`);
    if (penalty !== null) given.push(`${snake(weight)}_regularizer=${penalty}`);
  }
  return { expression: `layers.${name}(${[...given, ...more].join(", ")})`, helpers };
}

/**
 * The sizes of an `outputShape`, with those that follow from the input filled in: Keras does not infer them, so that a
 * later layer that weights such an axis could not be built. The shape stands at the end of that of the output.
 */
function knownSizes({ config, outputShape }: ExportedLayer): unknown {
  const sizes: unknown = config["outputShape"];
  if (!Array.isArray(sizes)) return sizes;
  const last = outputShape.slice(-sizes.length);
  return sizes.map((size: unknown, i) => size ?? last[i] ?? null);
}

/** l1 Σ|w| + l2 Σ w², as in Keras. */
function penaltyOf(layer: ExportedLayer, argument: string): string | null {
  const regularizer = new Arguments(layer).object(argument);
  const config = regularizer && new Arguments({ config: regularizer }).object("config");
  if (!config) return null;
  const of = new Arguments({ config });
  const [l1, l2] = [of.number("l1", 0), of.number("l2", 0)];
  return l1 === 0 && l2 === 0 ? null : `keras.regularizers.L1L2(${number(l1)}, ${number(l2)})`;
}

function plainValue(value: unknown): Value | null {
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string") return value;
  if (!Array.isArray(value)) return null;
  const all = value.map((each: unknown) => ({ given: each, value: plainValue(each) }));
  return all.every((each) => each.value !== null || each.given === null) ? all.map((each) => each.value) : null;
}

/** tfjs writes one number for each dimension where Keras's default is one for all. */
function same(value: Value, usual: Value | null): boolean {
  if (value === usual) return true;
  return typeof value === "object" && value.length > 0 && value.every((each) => each !== null && same(each, usual));
}

function written(value: Value | null): string {
  if (value === null) return "None";
  if (typeof value === "number") return number(value);
  if (typeof value === "boolean") return boolean(value);
  if (typeof value === "string") return text(snake(value));
  return value.length === 1 ? `(${written(value[0] ?? null)},)` : `(${value.map((each) => written(each)).join(", ")})`;
}

/** `channelsLast` is Keras's `channels_last`. */
function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
