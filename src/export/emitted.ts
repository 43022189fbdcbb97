/** What a layer becomes in a script: statements, weights, and the classes that the script needs for it. */

import type { ExportedLayer, ExportedWeight, Refusal } from "./exportedModel.ts";
import { float, number } from "./python.ts";

/** One weight of the script. */
export interface StateValue {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A penalty on a parameter: l1 Σ|w| + l2 Σ w². */
export interface Penalty {
  readonly parameter: string;
  readonly l1: number;
  readonly l2: number;
}

/** @template Helper names of the classes and functions that scripts of this framework may contain. */
export interface Emitted<Helper extends string = string> {
  /** Statements that make the layer. */
  readonly init: readonly string[];
  /** Statements that call it. */
  readonly forward: readonly string[];
  readonly state: readonly StateValue[];
  readonly penalties: readonly Penalty[];
  readonly helpers: readonly Helper[];
}

/** Where a layer stands in the script. */
export interface Place {
  /** The layer's own name in the script. */
  readonly attribute: string;
  /** Variables of its inputs. */
  readonly inputs: readonly string[];
  /** Variable of its output. */
  readonly output: string;
  /** Variables of the states with which a recurrent layer begins; [] for zeros. */
  readonly initial: readonly string[];
  /** Variables for its last states; [] if nobody takes them. */
  readonly states: readonly string[];
  /** Timesteps after which the gradient is cut; null: never. */
  readonly truncate: number | null;
  /** Variable of the mask of its inputs, B × T; null: none arrives. */
  readonly mask: string | null;
  /** Variable for the mask that it makes. */
  readonly made: string;
}

export type Emit<Helper extends string = string> = (layer: ExportedLayer, place: Place) => Emitted<Helper> | Refusal;

export const nothing: Emitted<never> = { init: [], forward: [], state: [], penalties: [], helpers: [] };

export function refusal({ path }: ExportedLayer, message: string): Refusal {
  return { path, message };
}

/** The arguments of a layer, as tfjs describes them. */
export class Arguments {
  readonly #config: ExportedLayer["config"];

  constructor({ config }: Pick<ExportedLayer, "config">) {
    this.#config = config;
  }

  number(name: string, usual: number): number {
    const value = this.#config[name];
    return typeof value === "number" ? value : usual;
  }

  flag(name: string, usual = false): boolean {
    const value = this.#config[name];
    return typeof value === "boolean" ? value : usual;
  }

  text(name: string, usual: string): string {
    const value = this.#config[name];
    return typeof value === "string" ? value : usual;
  }

  /** One number for each of `n` dimensions. */
  numbers(name: string, n: number, usual: number): number[] {
    const value = this.#config[name];
    if (typeof value === "number") return Array.from({ length: n }, () => value);
    const list = Array.isArray(value) ? value.filter((v) => typeof v === "number") : [];
    return list.length === n ? list : Array.from({ length: n }, () => usual);
  }

  list(name: string): number[] {
    const value = this.#config[name];
    return Array.isArray(value) ? value.filter((v) => typeof v === "number") : [];
  }

  /** An object's entry, such as a regularizer's `config`. */
  object(name: string): Readonly<Record<string, unknown>> | null {
    const value = this.#config[name];
    return isRecord(value) ? value : null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A weight by its name; throws if the layer has none: its type promises it. */
export function weightOf({ weights, name }: ExportedLayer, wanted: string): ExportedWeight {
  const found = weights.find((weight) => weight.name === wanted);
  if (!found) throw new Error(`${name} has no weight "${wanted}"`);
  return found;
}

export function hasWeight({ weights }: ExportedLayer, wanted: string): boolean {
  return weights.some((weight) => weight.name === wanted);
}

/** A weight as it is. */
export function copied(name: string, { shape, values }: ExportedWeight): StateValue {
  return { name, shape, values };
}

/** Python's operator for each comparison. */
const operators: Readonly<Record<string, string>> = {
  greater: ">",
  greaterEqual: ">=",
  less: "<",
  lessEqual: "<=",
  equal: "==",
  notEqual: "!=",
};

/** The condition of a layer `compare`. */
export function comparison(x: string, layer: ExportedLayer): string {
  const given = new Arguments(layer);
  return `${x} ${operators[given.text("by", "greater")] ?? ">"} ${number(given.number("to", 0))}`;
}

/** Condition and both values of a layer `where`, which may be numbers in place of inputs. */
export function choiceOf(inputs: readonly string[], layer: ExportedLayer): readonly [string, string, string] {
  const [condition = "x", ...values] = inputs;
  const valueOr = (argument: string) => {
    const given = new Arguments(layer).number(argument, Number.NaN);
    return Number.isNaN(given) ? (values.shift() ?? "0") : float(given);
  };
  return [condition, valueOr("value"), valueOr("otherwise")];
}
