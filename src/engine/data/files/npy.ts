/**
 * NumPy's NPY format, versions 1 to 3 (numpy.lib.format): magic, version, a header that is a Python dictionary literal,
 * then the values as they are in memory. Arrays of Python objects are pickled programs; they are never read.
 */

import { maxDataValues } from "../dataset.ts";
import { maxAxes, type NumberArray, valueFault } from "./numberArray.ts";
import type { FileFault } from "./readFile.ts";

type Values =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** By kind and bytes, without the byte order. */
const types: { readonly [code: string]: (buffer: ArrayBuffer) => Values } = {
  f4: (b) => new Float32Array(b),
  f8: (b) => new Float64Array(b),
  i1: (b) => new Int8Array(b),
  i2: (b) => new Int16Array(b),
  i4: (b) => new Int32Array(b),
  i8: (b) => new BigInt64Array(b),
  u1: (b) => new Uint8Array(b),
  u2: (b) => new Uint16Array(b),
  u4: (b) => new Uint32Array(b),
  u8: (b) => new BigUint64Array(b),
  b1: (b) => new Uint8Array(b),
};

/** What version 1 has room for; even records of a thousand fields have less. */
const maxHeaderBytes = 65_535;
const magic = "\x93NUMPY";
const littleEndianHere = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** @param shown what messages call the file (or the array in it). */
export function parseNpy(bytes: Uint8Array, shown: string): NumberArray | FileFault {
  const fault = (message: string): FileFault => ({ fault: `${shown} ${message}` });
  if (latin1(bytes.subarray(0, 6)) !== magic) return fault("is not an NPY file: it does not begin as one does.");
  const preamble = readPreamble(bytes);
  if (typeof preamble === "string") return fault(preamble);
  const header = readHeader(preamble.text);
  if (typeof header === "string") return fault(header);
  const { code, shape } = header;
  const make = types[code.slice(1)];
  if (!make)
    return fault(
      `holds ${kindOf(code)} ("${code}"), not whole numbers of 8 to 64 bits or real ones of 32 or 64. Convert it with astype("float32").`,
    );
  if (shape.length > maxAxes) return fault(`has ${shape.length} axes; the limit is ${maxAxes}.`);
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > maxDataValues)
    return fault(`has ${count} values; the limit is ${maxDataValues} (400 MB). Use a part of it.`);
  const width = Number(code.slice(2));
  const present = bytes.length - preamble.end;
  if (present < count * width) {
    return fault(`is cut off: its shape (${shape.join(", ")}) takes ${count * width} bytes, but ${present} are left.`);
  }
  if (present > count * width)
    return fault(`has ${present - count * width} bytes more than its shape (${shape.join(", ")}) takes.`);
  // A copy at an aligned place, whose bytes may be turned round. (A Buffer's own slice would be no copy.)
  const data = new Uint8Array(bytes.subarray(preamble.end));
  if (width > 1 && (code[0] === "<") !== littleEndianHere) swap(data, width);
  const stored = make(data.buffer);
  const read = (i: number) => Number(stored[i]);
  const from = header.fortran ? fortranOffsets(shape, count) : null;
  const original = from === null ? read : (i: number) => read(from[i]!);
  const array: NumberArray = {
    shape,
    values: from === null && stored instanceof Float32Array ? stored : fill(count, original),
  };
  const wrong = valueFault(array, shown, original);
  return wrong === null ? array : { fault: wrong };
}

function fill(count: number, read: (index: number) => number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = read(i);
  return values;
}

/** The header's text and where it ends, or what is wrong. */
function readPreamble(bytes: Uint8Array): { readonly text: string; readonly end: number } | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6] ?? 0;
  if (bytes.length < 12) return "is cut off in its header.";
  if (version < 1 || version > 3) return `is of NPY version ${version}; 1 to 3 can be read.`;
  const start = version === 1 ? 10 : 12;
  const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end - start > maxHeaderBytes) return "has a header that cannot be understood.";
  if (end > bytes.length) return "is cut off in its header.";
  return { text: latin1(bytes.subarray(start, end)), end };
}

interface Header {
  /** `<f4`: byte order, kind, bytes. */
  readonly code: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

/** Python's quotes are single or double; version 2 of it wrote whole numbers with an L. */
function readHeader(text: string): Header | string {
  const described = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[))/.exec(text);
  const fortran = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /['"]shape['"]\s*:\s*\(\s*((?:\d+L?\s*,\s*)*(?:\d+L?\s*)?)\)/.exec(text)?.[1];
  if (described?.[2] !== undefined)
    return "holds records with fields, not an array of numbers. Save each field by itself.";
  const code = described?.[1];
  if (code === undefined || fortran === undefined || shape === undefined)
    return "has a header that cannot be understood.";
  const sizes = shape.split(",").flatMap((size) => (size.trim() === "" ? [] : [Number.parseInt(size, 10)]));
  return { code, fortran: fortran === "True", shape: sizes };
}

function kindOf(code: string): string {
  switch (code[1]) {
    case "O":
      return "Python objects, which are never read";
    case "c":
      return "complex numbers";
    case "U":
    case "S":
      return "texts";
    case "M":
    case "m":
      return "times";
    default:
      return "values of another kind";
  }
}

/** Where each value of a row-major array is in one whose first axis varies fastest. */
function fortranOffsets(shape: readonly number[], count: number): Uint32Array {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const offsets = new Uint32Array(count);
  const indices = shape.map(() => 0);
  let at = 0;
  for (let i = 0; i < count; i++) {
    offsets[i] = at;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      indices[axis]!++;
      at += strides[axis]!;
      if (indices[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      indices[axis] = 0;
    }
  }
  return offsets;
}

function swap(data: Uint8Array, width: number): void {
  for (let i = 0; i < data.length; i += width) data.subarray(i, i + width).reverse();
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
