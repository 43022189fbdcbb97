/** What a layer becomes: statements, weights, and the classes that the script needs for it. */

import type { ExportedLayer, ExportedWeight, Refusal } from "../exportedModel.ts";
import type { HelperName } from "./helpers.ts";

/** A value of the state dictionary. */
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

export interface Emitted {
  /** Statements of `__init__`. */
  readonly init: readonly string[];
  /** Statements of `forward`. */
  readonly forward: readonly string[];
  readonly state: readonly StateValue[];
  readonly penalties: readonly Penalty[];
  readonly helpers: readonly HelperName[];
}

/** Where a layer stands in the script. */
export interface Place {
  /** The layer's attribute without `self.`. */
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
}

export type Emit = (layer: ExportedLayer, place: Place) => Emitted | Refusal;

export const nothing: Emitted = { init: [], forward: [], state: [], penalties: [], helpers: [] };

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

/** A matrix [in, out] as PyTorch's [out, in]. */
export function transposed(name: string, { shape, values }: ExportedWeight): StateValue {
  const [rows = 1, columns = 1] = shape;
  const result = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j]!;
  return { name, shape: [columns, rows], values: result };
}

/** The penalties that the arguments `kernelRegularizer` … put on parameters. */
export function penaltiesOf(layer: ExportedLayer, parameters: Readonly<Record<string, string>>): Penalty[] {
  const found: Penalty[] = [];
  const given = new Arguments(layer);
  for (const [argument, parameter] of Object.entries(parameters)) {
    const regularizer = given.object(`${argument}Regularizer`);
    const config = regularizer && new Arguments({ config: regularizer }).object("config");
    if (!config) continue;
    const of = new Arguments({ config });
    const [l1, l2] = [of.number("l1", 0), of.number("l2", 0)];
    if (l1 !== 0 || l2 !== 0) found.push({ parameter, l1, l2 });
  }
  return found;
}

/** Statement that keeps a parameter as it is: PyTorch has a second bias where there is only one here. */
export function frozen(parameter: string): string {
  return `self.${parameter}.requires_grad_(False)`;
}
