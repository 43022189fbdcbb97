/**
 * NumPy's NPY format, versions 1 to 3 (numpy.lib.format): magic, version, a header that is a Python dictionary literal,
 * then the values in their memory layout. Arrays of Python objects are pickled programs; they are never read.
 */

import { maxDataValues } from "../../../config/limits.ts";
import { arrayWords } from "../../../messages/arrays.ts";
import { numberOfHalf } from "../../reading/half.ts";
import type { FileFault } from "../readFile.ts";
import { maxAxes, type NumberArray, valueFault } from "./numberArray.ts";

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

/** Readers by kind and width, without the byte order. */
const types: { readonly [code: string]: (buffer: ArrayBufferLike, at: number, count: number) => Values } = {
  f2: (...of) => Float32Array.from(new Uint16Array(...of), numberOfHalf),
  f4: (...of) => new Float32Array(...of),
  f8: (...of) => new Float64Array(...of),
  i1: (...of) => new Int8Array(...of),
  i2: (...of) => new Int16Array(...of),
  i4: (...of) => new Int32Array(...of),
  i8: (...of) => new BigInt64Array(...of),
  u1: (...of) => new Uint8Array(...of),
  u2: (...of) => new Uint16Array(...of),
  u4: (...of) => new Uint32Array(...of),
  u8: (...of) => new BigUint64Array(...of),
  b1: (...of) => new Uint8Array(...of),
};

/** The limit of version 1; even records with a thousand fields need less. */
const maxHeaderBytes = 65_535;
const magic = "\x93NUMPY";
const littleEndianHere = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** @param shown what messages call the file (or the array in it). */
export function parseNpy(bytes: Uint8Array, shown: string): NumberArray | FileFault {
  const fault = (message: string): FileFault => ({ fault: message });
  if (latin1(bytes.subarray(0, 6)) !== magic) return fault(arrayWords().noNpy(shown));
  const preamble = readPreamble(bytes, shown);
  if (typeof preamble === "string") return fault(preamble);
  const header = readHeader(preamble.text, shown);
  if (typeof header === "string") return fault(header);
  const { code, shape } = header;
  const make = types[code.slice(1)];
  if (!make) return fault(unreadValues(code, shown));
  if (shape.length > maxAxes) return fault(arrayWords().axes({ name: shown, n: shape.length, most: maxAxes }));
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > maxDataValues) return fault(arrayWords().values({ name: shown, n: count, most: maxDataValues }));
  const width = Number(code.slice(2));
  const present = bytes.length - preamble.end;
  if (present < count * width) {
    const cut = { name: shown, shape: shape.join(", "), needed: count * width, left: present };
    return fault(arrayWords().cutValues(cut));
  }
  if (present > count * width)
    return fault(arrayWords().extraBytes({ name: shown, shape: shape.join(", "), n: present - count * width }));
  const place = bytes.byteOffset + preamble.end;
  const turned = width > 1 && (code[0] === "<") !== littleEndianHere;
  // Copied only if necessary: for alignment, or to reverse the byte order.
  const stored =
    place % width === 0 && !turned
      ? make(bytes.buffer, place, count)
      : make(copied(bytes.subarray(preamble.end), turned ? width : 1), 0, count);
  const array: NumberArray = {
    shape,
    values: header.fortran ? reordered(stored, shape) : stored instanceof Float32Array ? stored : rounded(stored),
  };
  const wrong = valueFault(array, shown, (i) => Number(stored[header.fortran ? fortranPlace(i, shape) : i]));
  return wrong === null ? array : { fault: wrong };
}

function copied(bytes: Uint8Array, swapped: number): ArrayBuffer {
  // (A Buffer's own slice would not copy.)
  const data = new Uint8Array(bytes);
  if (swapped > 1) for (let i = 0; i < data.length; i += swapped) data.subarray(i, i + swapped).reverse();
  return data.buffer;
}

function rounded(stored: Values): Float32Array {
  const values = new Float32Array(stored.length);
  for (let i = 0; i < values.length; i++) values[i] = Number(stored[i]);
  return values;
}

/** The header's text and its end, or what is wrong. */
function readPreamble(bytes: Uint8Array, shown: string): { readonly text: string; readonly end: number } | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6] ?? 0;
  if (bytes.length < 12) return arrayWords().cutHeader(shown);
  if (version < 1 || version > 3) return arrayWords().npyVersion({ name: shown, version });
  const start = version === 1 ? 10 : 12;
  const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end - start > maxHeaderBytes) return arrayWords().npyHeader(shown);
  if (end > bytes.length) return arrayWords().cutHeader(shown);
  return { text: latin1(bytes.subarray(start, end)), end };
}

interface Header {
  /** `<f4`: byte order, kind, bytes. */
  readonly code: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

/** Python's quotes can be single or double; Python 2 wrote whole numbers with an L. */
function readHeader(text: string, shown: string): Header | string {
  const described = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[))/.exec(text);
  const fortran = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /['"]shape['"]\s*:\s*\(\s*((?:\d+L?\s*,\s*)*(?:\d+L?\s*)?)\)/.exec(text)?.[1];
  if (described?.[2] !== undefined) return arrayWords().npyRecords(shown);
  const code = described?.[1];
  if (code === undefined || fortran === undefined || shape === undefined) return arrayWords().npyHeader(shown);
  const sizes = shape.split(",").flatMap((size) => (size.trim() === "" ? [] : [Number.parseInt(size, 10)]));
  return { code, fortran: fortran === "True", shape: sizes };
}

/** Why values of this type are not read, and how to convert them to numbers in Python. */
function unreadValues(code: string, shown: string): string {
  const kind = kindOf(code);
  const remedy = arrayWords().npyRemedies[kind];
  return arrayWords().npyValues({ name: shown, kind: arrayWords().npyKinds[kind], code, remedy });
}

function kindOf(code: string): "objects" | "complex" | "texts" | "times" | "others" {
  switch (code[1]) {
    case "O":
      return "objects";
    case "c":
      return "complex";
    case "U":
    case "S":
      return "texts";
    case "M":
    case "m":
      return "times";
    default:
      return "others";
  }
}

/** Row-major values of an array whose first axis varies fastest. */
function reordered(stored: Values, shape: readonly number[]): Float32Array {
  const values = new Float32Array(stored.length);
  const strides = fortranStrides(shape);
  const indices = shape.map(() => 0);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = Number(stored[at]);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      indices[axis]!++;
      at += strides[axis]!;
      if (indices[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      indices[axis] = 0;
    }
  }
  return values;
}

/** Position of the i-th value (in row-major order) within an array whose first axis varies fastest. */
function fortranPlace(i: number, shape: readonly number[]): number {
  const strides = fortranStrides(shape);
  let rest = i;
  let at = 0;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    at += (rest % shape[axis]!) * strides[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return at;
}

function fortranStrides(shape: readonly number[]): readonly number[] {
  const strides: number[] = [];
  for (let axis = 0, stride = 1; axis < shape.length; stride *= shape[axis++]!) strides.push(stride);
  return strides;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
