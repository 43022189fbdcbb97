/** Loads the HDF5 library. A packed extension uses `packedHdf5Library.ts` in its place: see `esbuild.mjs`. */

export type Hdf5Library = typeof import("h5wasm");

export function loadHdf5(): Promise<Hdf5Library> {
  return import("h5wasm");
}
