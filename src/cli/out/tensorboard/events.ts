/**
 * TensorBoard's event files: TFRecord framing around `Event` messages.
 *
 * A record is its length (uint64), the masked CRC-32C of those eight bytes, the message, and its masked CRC-32C, all
 * little-endian (tensorflow/core/lib/io/record_writer.h). Field numbers are those of tensorflow/core/util/event.proto
 * and tensorflow/core/framework/summary.proto.
 */

import { maskedCrc32c } from "./crc32c.ts";
import type { Histogram } from "./histogram.ts";
import { bytesField, concat, doubleField, doublesField, floatField, int64Field, stringField } from "./protobuf.ts";

export type SummaryValue =
  | { readonly tag: string; readonly scalar: number }
  | { readonly tag: string; readonly histogram: Histogram };

/** The record that every file begins with. @param wallTime seconds since the epoch */
export function versionRecord(wallTime: number): Uint8Array {
  return record(concat([doubleField(1, wallTime), stringField(3, "brain.Event:2")]));
}

/** The record of all values of one step. */
export function summaryRecord(wallTime: number, step: number, values: readonly SummaryValue[]): Uint8Array {
  const summary = concat(values.map((value) => bytesField(1, valueMessage(value))));
  return record(concat([doubleField(1, wallTime), int64Field(2, step), bytesField(5, summary)]));
}

function valueMessage(value: SummaryValue): Uint8Array {
  const tag = stringField(1, value.tag);
  return "scalar" in value
    ? concat([tag, floatField(2, value.scalar)])
    : concat([tag, bytesField(5, histogramMessage(value.histogram))]);
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

function record(message: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(message.length), true);
  return concat([length, checksum(length), message, checksum(message)]);
}

function checksum(bytes: Uint8Array): Uint8Array {
  const four = new Uint8Array(4);
  new DataView(four.buffer).setUint32(0, maskedCrc32c(bytes), true);
  return four;
}
