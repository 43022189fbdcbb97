/**
 * Writes `Event` messages as records. Field numbers are those of tensorflow/core/util/event.proto and
 * tensorflow/core/framework/summary.proto.
 */

import type { Histogram } from "./histogram.ts";
import { bytesField, concat, doubleField, doublesField, floatField, int64Field, stringField } from "./protobuf.ts";
import { frameRecord } from "./record.ts";

export type SummaryValue =
  | { readonly tag: string; readonly scalar: number }
  | { readonly tag: string; readonly histogram: Histogram }
  /** A text of our own plugin, which TensorBoard passes over. */
  | { readonly tag: string; readonly text: string };

/** The plugin name of our own values. */
export const pluginName = "gradlens";

/** `metadata` of a value that belongs to a plugin. */
export function pluginField(name: string): Uint8Array {
  return bytesField(9, bytesField(1, stringField(1, name)));
}

/** The record that every file begins with. @param wallTime seconds since the epoch */
export function versionRecord(wallTime: number): Uint8Array {
  return frameRecord(concat([doubleField(1, wallTime), stringField(3, "brain.Event:2")]));
}

/** The record of all values of one step. */
export function summaryRecord(wallTime: number, step: number, values: readonly SummaryValue[]): Uint8Array {
  const summary = concat(values.map((value) => bytesField(1, valueMessage(value))));
  return eventRecord(wallTime, step, summary);
}

/** @param summary the encoded `Summary`. */
export function eventRecord(wallTime: number, step: number, summary: Uint8Array): Uint8Array {
  return frameRecord(concat([doubleField(1, wallTime), int64Field(2, step), bytesField(5, summary)]));
}

/** Whether float32 holds a number as something of the same kind: finite and not zero. */
export function fitsFloat(number: number): boolean {
  const rounded = Math.fround(number);
  return !Number.isFinite(number) || (Number.isFinite(rounded) && (rounded === 0) === (number === 0));
}

function valueMessage(value: SummaryValue): Uint8Array {
  const tag = stringField(1, value.tag);
  if ("histogram" in value) return concat([tag, bytesField(5, histogramMessage(value.histogram))]);
  if ("text" in value) return concat([tag, bytesField(8, textTensor(value.text)), pluginField(pluginName)]);
  if (fitsFloat(value.scalar)) return concat([tag, floatField(2, value.scalar)]);
  const tensor = concat([int64Field(1, 2), bytesField(2, new Uint8Array(0)), doublesField(6, [value.scalar])]);
  return concat([tag, bytesField(8, tensor), pluginField("scalars")]);
}

/** A scalar tensor of dtype string. */
function textTensor(text: string): Uint8Array {
  return concat([int64Field(1, 7), bytesField(2, new Uint8Array(0)), stringField(8, text)]);
}

function histogramMessage({ min, max, count, sum, sumOfSquares, limits, counts }: Histogram): Uint8Array {
  return concat([
    doubleField(1, min),
    doubleField(2, max),
    doubleField(3, count),
    doubleField(4, sum),
    doubleField(5, sumOfSquares),
    doublesField(6, limits),
    doublesField(7, counts),
  ]);
}
