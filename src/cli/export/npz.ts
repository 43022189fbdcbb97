/** NumPy's NPZ: a zip of NPY files (numpy.lib.format, version 1), as `numpy.load` reads it. */

import { zipSync } from "fflate";

export interface NpzArray {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

export function npz(arrays: readonly NpzArray[]): Uint8Array {
  const entries = arrays.map(({ name, shape, values }) => [`${name}.npy`, npy(shape, values)] as const);
  // Stored, not packed: numbers hardly shrink, and the fixed date makes equal exports equal.
  return zipSync(Object.fromEntries(entries), { level: 0, mtime: "1980-01-02" });
}

/** The header is padded so that the values begin at a multiple of 64 bytes. */
function npy(shape: readonly number[], values: Float32Array): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${axes}), }`;
  const begin = 10;
  const length = 64 * Math.ceil((begin + text.length + 1) / 64);
  const bytes = new Uint8Array(length + 4 * values.length);
  bytes.set(Buffer.from("\x93NUMPY\x01\x00", "latin1"));
  const view = new DataView(bytes.buffer);
  view.setUint16(8, length - begin, true);
  bytes.set(Buffer.from(`${text.padEnd(length - begin - 1)}\n`, "latin1"), begin);
  for (let i = 0; i < values.length; i++) view.setFloat32(length + 4 * i, values[i]!, true);
  return bytes;
}
