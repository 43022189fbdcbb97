/** Loads the HDF5 library of a packed extension, which holds it compressed by Brotli: it is a third of its size. */

import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import type { Hdf5Library } from "./hdf5Library.ts";

/** The library's name beside the reading thread's bundle. */
const packed = "h5wasm.mjs.br";

export function loadHdf5(): Promise<Hdf5Library> {
  const code = zlib.brotliDecompressSync(fs.readFileSync(path.join(__dirname, packed)));
  // It imports nothing and reads no file beside itself, so it needs no place of its own on the disk.
  return import(`data:text/javascript;base64,${code.toString("base64")}`);
}
