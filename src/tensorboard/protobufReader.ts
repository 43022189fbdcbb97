/** Reads protocol buffers' wire format. A malformed message is null, never an error: files come from anywhere. */

/** One field of a message: a number (varint), or the bytes of a fixed-size or length-delimited value. */
export type Field =
  | { readonly number: number; readonly varint: number }
  | { readonly number: number; readonly bytes: Uint8Array };

/** Most fields of one message: a tensor of the longest sequence that we read has fewer, even if nothing in it is packed. */
const mostFields = 2 ** 20;

/** The fields in their order, or null if the message is malformed or has too many. Linear in its size. */
export function readFields(message: Uint8Array): readonly Field[] | null {
  const fields: Field[] = [];
  const at = { offset: 0 };
  while (at.offset < message.length) {
    if (fields.length === mostFields) return null;
    const key = readVarint(message, at);
    if (key === null) return null;
    const number = Math.floor(key / 8);
    if (key % 8 === 0) {
      const varint = readVarint(message, at);
      if (varint === null) return null;
      fields.push({ number, varint });
      continue;
    }
    const length = lengthOf(key % 8, message, at);
    if (length === null || at.offset + length > message.length) return null;
    fields.push({ number, bytes: message.subarray(at.offset, at.offset + length) });
    at.offset += length;
  }
  return fields;
}

/** The last value of a field: in proto3, a later one replaces an earlier one. */
export function lastBytes(fields: readonly Field[], number: number): Uint8Array | undefined {
  const field = fields.findLast((f) => f.number === number);
  return field && "bytes" in field ? field.bytes : undefined;
}

export function lastVarint(fields: readonly Field[], number: number): number | undefined {
  const field = fields.findLast((f) => f.number === number);
  return field && "varint" in field ? field.varint : undefined;
}

/** All values of a repeated field. */
export function allBytes(fields: readonly Field[], number: number): readonly Uint8Array[] {
  return fields.flatMap((f) => (f.number === number && "bytes" in f ? [f.bytes] : []));
}

/** Little-endian floats (4 bytes each) or doubles (8); null if the length does not fit. */
export function readNumbers(bytes: Uint8Array, width: 4 | 8): Float64Array | null {
  if (bytes.length % width !== 0) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const numbers = new Float64Array(bytes.length / width);
  for (let i = 0; i < numbers.length; i++)
    numbers[i] = width === 4 ? view.getFloat32(4 * i, true) : view.getFloat64(8 * i, true);
  return numbers;
}

function lengthOf(wire: number, message: Uint8Array, at: { offset: number }): number | null {
  if (wire === 1) return 8;
  if (wire === 5) return 4;
  return wire === 2 ? readVarint(message, at) : null;
}

/** A number of up to 64 bits; exact below 2⁵³. A negative int64 is far above that. */
function readVarint(message: Uint8Array, at: { offset: number }): number | null {
  let value = 0;
  for (let scale = 1, i = 0; i < 10; i++, scale *= 128) {
    const byte = message[at.offset];
    if (byte === undefined) return null;
    at.offset += 1;
    value += (byte % 128) * scale;
    if (byte < 128) return value;
  }
  return null;
}
