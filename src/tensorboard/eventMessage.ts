/**
 * Reads `Event` messages (tensorflow/core/util/event.proto, framework/summary.proto, framework/tensor.proto): scalars,
 * tensors of numbers and of texts, hyperparameters. Histograms, pictures and graphs are passed over.
 */

import { hparamsPlugin, settingsOf } from "./hparams.ts";
import { allBytes, type Field, lastBytes, lastVarint, readFields, readNumbers } from "./protobufReader.ts";

export interface EventMessage {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  /** `brain.Event:2` in a file's first event. */
  readonly fileVersion: string | null;
  readonly values: readonly EventValue[];
}

export interface EventValue {
  readonly tag: string;
  /** Empty if the value names none. */
  readonly plugin: string;
  readonly content:
    | { readonly kind: "scalar"; readonly scalar: number }
    | { readonly kind: "numbers"; readonly shape: readonly number[]; readonly numbers: Float64Array }
    | { readonly kind: "texts"; readonly texts: readonly string[] }
    | { readonly kind: "settings"; readonly settings: ReadonlyMap<string, string> };
}

/** DataType numbers of tensorflow/core/framework/types.proto. */
const dtypes = { float: 1, double: 2, string: 7 } as const;

const utf8 = new TextDecoder();

/** Null if the bytes, or the summaries within, are no such messages. A value that cannot be read is left out. */
export function parseEvent(message: Uint8Array): EventMessage | null {
  const fields = readFields(message);
  if (!fields) return null;
  const version = lastBytes(fields, 3);
  const summaries = allBytes(fields, 5).map(readFields);
  if (summaries.includes(null)) return null;
  return {
    wallTime: readDouble(lastBytes(fields, 1)) ?? 0,
    step: lastVarint(fields, 2) ?? 0,
    fileVersion: version ? utf8.decode(version) : null,
    values: summaries.flatMap((summary) => allBytes(summary ?? [], 1).flatMap(parseValue)),
  };
}

function parseValue(message: Uint8Array): readonly EventValue[] {
  const fields = readFields(message);
  const tag = fields && lastBytes(fields, 1);
  if (!fields || !tag) return [];
  const data = pluginData(fields);
  const content = settings(data) ?? scalarOf(fields) ?? tensorOf(lastBytes(fields, 8));
  return content ? [{ tag: utf8.decode(tag), plugin: data.name, content }] : [];
}

function settings({ name, content }: ReturnType<typeof pluginData>): EventValue["content"] | null {
  const found = name === hparamsPlugin && content ? settingsOf(content) : null;
  return found && found.size > 0 ? { kind: "settings", settings: found } : null;
}

function scalarOf(fields: readonly Field[]): EventValue["content"] | null {
  const bytes = lastBytes(fields, 2);
  if (bytes?.length !== 4) return null;
  const scalar = readNumbers(bytes, 4)?.[0];
  return scalar === undefined ? null : { kind: "scalar", scalar };
}

function pluginData(fields: readonly Field[]): { readonly name: string; readonly content: Uint8Array | undefined } {
  const metadata = lastBytes(fields, 9);
  const plugin = metadata && lastBytes(readFields(metadata) ?? [], 1);
  const data = (plugin && readFields(plugin)) ?? [];
  const name = lastBytes(data, 1);
  return { name: name ? utf8.decode(name) : "", content: lastBytes(data, 2) };
}

function tensorOf(message: Uint8Array | undefined): EventValue["content"] | null {
  const fields = message && readFields(message);
  if (!fields) return null;
  const dtype = lastVarint(fields, 1);
  if (dtype === dtypes.string) return { kind: "texts", texts: allBytes(fields, 8).map((text) => utf8.decode(text)) };
  const width = dtype === dtypes.float ? 4 : dtype === dtypes.double ? 8 : null;
  const shape = shapeOf(lastBytes(fields, 2));
  if (width === null || shape === null) return null;
  const content = lastBytes(fields, 4);
  const numbers = content ? readNumbers(content, width) : repeatedNumbers(fields, width === 4 ? 5 : 6, width);
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (!numbers) return null;
  // A tensor of equal numbers may hold one of them alone (tensor.proto).
  const whole =
    numbers.length === 1 && size > 1 && size <= 2 ** 20 ? new Float64Array(size).fill(numbers[0]!) : numbers;
  return whole.length === size ? { kind: "numbers", shape, numbers: whole } : null;
}

/** Packed or not: a parser must accept both (protobuf.dev/programming-guides/encoding). */
function repeatedNumbers(fields: readonly Field[], number: number, width: 4 | 8): Float64Array | null {
  const parts = allBytes(fields, number);
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only) return readNumbers(only, width);
  const all = parts.map((part) => readNumbers(part, width));
  return all.includes(null) ? null : Float64Array.from(all.flatMap((part) => [...(part ?? [])]));
}

function shapeOf(message: Uint8Array | undefined): readonly number[] | null {
  if (!message) return [];
  const fields = readFields(message);
  if (!fields) return null;
  return allBytes(fields, 2).map((dim) => lastVarint(readFields(dim) ?? [], 1) ?? 0);
}

function readDouble(bytes: Uint8Array | undefined): number | undefined {
  return bytes?.length === 8 ? readNumbers(bytes, 8)?.[0] : undefined;
}
