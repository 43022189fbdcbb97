/** NumPy's NPZ: a zip of NPY files. */

import { maxDataValues } from "../../../config/limits.ts";
import { arrayWords } from "../../../messages/arrays.ts";
import { unpacked, type ZipEntry, ZipFault, zipEntries } from "../../reading/zip.ts";
import { chooseName } from "../chooseName.ts";
import type { FileFault } from "../readFile.ts";
import { parseNpy } from "./npy.ts";
import type { NumberArray } from "./numberArray.ts";

/** For all arrays together: bytes of the widest values, and room for the headers. */
const limits = { total: 8 * maxDataValues + 2 ** 20, entries: 10_000 };
const suffix = ".npy";

/**
 * @param shown what messages call the file.
 * @param wanted name of the array; null: the only one, otherwise `usual`.
 */
export async function parseNpz(
  bytes: Uint8Array,
  shown: string,
  wanted: string | null,
  usual: string,
): Promise<NumberArray | FileFault> {
  try {
    const arrays = new Map<string, ZipEntry>();
    for (const entry of zipEntries(bytes, limits))
      if (entry.name.endsWith(suffix)) arrays.set(entry.name.slice(0, -suffix.length), entry);
    const chosen = chooseName([...arrays.keys()], shown, wanted, usual);
    if ("fault" in chosen) return chosen;
    const entry = arrays.get(chosen.name);
    if (!entry) throw new Error(`${chosen.name} was chosen but is not there`);
    return parseNpy(await unpacked(bytes, entry), arrayWords().inFile({ array: chosen.name, file: shown }));
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    if (error.kind === "damaged") return { fault: arrayWords().noNpz(shown) };
    if (error.kind === "twice") return { fault: arrayWords().npzTwice({ file: shown, why: error.message }) };
    return { fault: arrayWords().npzUnpacked({ file: shown, why: error.message }) };
  }
}
