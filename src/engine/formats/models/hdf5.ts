/** Reads HDF5 files with the HDF5 library itself, compiled to WebAssembly. It has access to this one file only. */

import { savedWords } from "../../../messages/savedModels.ts";
import { type Hdf5Library, loadHdf5 } from "./hdf5Library.ts";
import { SavedError, type SavedWeight, WeightCount } from "./savedModel.ts";

export interface Hdf5File {
  /** Text values of an attribute; [] if it does not exist. */
  texts(path: string, attribute: string): readonly string[];
  /** Names in a group; [] if it does not exist. */
  names(path: string): readonly string[];
  /** @throws SavedError if there is no such data set of floating-point numbers, or if the file has too many weights. */
  weight(path: string): SavedWeight;
}

/** HDF5's codes for classes of types. */
const wholeNumber = 0;
const floatingPoint = 1;

let loaded: Promise<Hdf5Library> | null = null;
let files = 0;

/** Loaded with the first such file, because it has four megabytes. */
async function library(): Promise<Hdf5Library> {
  loaded ??= loadHdf5().then(async (h5) => {
    const module = await h5.ready;
    // Otherwise the library prints its errors to stderr and continues.
    module.activate_throwing_error_handler();
    return h5;
  });
  return await loaded;
}

/**
 * @param use reads the file, which is closed afterwards.
 * @throws SavedError whatever `use` throws, or that the file is not HDF5.
 */
export async function withHdf5<T>(bytes: Uint8Array, use: (file: Hdf5File) => T): Promise<T> {
  const h5 = await library();
  const { FS } = await h5.ready;
  const name = `saved${files++}.h5`;
  FS.writeFile(name, bytes);
  try {
    const file = attempt(() => new h5.File(name, "r"));
    try {
      return use(reader(h5, file));
    } finally {
      file.close();
    }
  } finally {
    FS.unlink(name);
  }
}

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SavedError) throw error;
    throw new SavedError(savedWords().noHdf5);
  }
}

function reader(h5: Hdf5Library, file: InstanceType<Hdf5Library["File"]>): Hdf5File {
  const count = new WeightCount();
  // The library also reports missing objects as errors, so each part of a path is first looked up in its group.
  const find = (path: string) =>
    attempt(() => {
      let at: ReturnType<typeof file.get> = file.get("/");
      for (const name of path.split("/").filter((part) => part !== "")) {
        if (!(at instanceof h5.Group) || !at.keys().includes(name)) return null;
        at = at.get(name);
      }
      return at;
    });
  return {
    texts(path, attribute) {
      const group = find(path);
      if (!(group instanceof h5.Group)) return [];
      return attempt(() => {
        const value = group.attrs[attribute]?.value;
        return (Array.isArray(value) ? value : [value]).filter((text) => typeof text === "string");
      });
    },
    names(path) {
      const group = find(path);
      return group instanceof h5.Group ? attempt(() => group.keys()) : [];
    },
    weight(path) {
      const dataset = find(path);
      if (!(dataset instanceof h5.Dataset)) throw new SavedError(savedWords().weightMissing(path));
      return attempt(() => {
        const shape = dataset.shape;
        if (shape === null) throw new SavedError(savedWords().weightEmpty(path));
        count.take(shape);
        // The library cannot read other widths, such as 16 bits.
        const { type, size } = dataset.metadata;
        const value = type === floatingPoint && (size === 4 || size === 8) ? dataset.value : null;
        if (value instanceof Float32Array) return { shape, values: value };
        if (value instanceof Float64Array) return { shape, values: Float32Array.from(value) };
        // A single number, such as the factor of an Attention's scores.
        if (typeof value === "number") return { shape, values: Float32Array.of(value) };
        // A count, such as that of the samples that a Normalization has seen.
        if (type === wholeNumber && shape.length === 0)
          return { shape, values: Float32Array.of(Number(dataset.value)) };
        throw new SavedError(savedWords().weightKind(path));
      });
    },
  };
}
