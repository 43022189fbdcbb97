/** NumPy's NPZ: a zip of NPY files. */

import { unzipSync } from "fflate";
import { maxDataValues } from "../dataset.ts";
import { chooseName } from "./chooseName.ts";
import { parseNpy } from "./npy.ts";
import type { NumberArray } from "./numberArray.ts";
import type { FileFault } from "./readFile.ts";

/** Bytes of the widest values, and room for the header. An entry that claims more is not unpacked. */
const maxEntryBytes = 8 * maxDataValues + 65_536;

/**
 * @param shown what messages call the file.
 * @param wanted which array; null: the only one, else `usual`.
 */
export function parseNpz(
  bytes: Uint8Array,
  shown: string,
  wanted: string | null,
  usual: string,
): NumberArray | FileFault {
  const damaged = { fault: `${shown} is not an NPZ file, or it is damaged or cut off.` };
  const sizes = new Map<string, number>();
  try {
    unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (name.endsWith(".npy")) sizes.set(name.slice(0, -".npy".length), originalSize);
        return false;
      },
    });
  } catch {
    return damaged;
  }
  const chosen = chooseName([...sizes.keys()], shown, wanted, usual);
  if ("fault" in chosen) return chosen;
  const { name } = chosen;
  if (sizes.get(name)! > maxEntryBytes) {
    return {
      fault: `"${name}" in ${shown} has more than ${maxDataValues} values, the limit (400 MB). Use a part of it.`,
    };
  }
  try {
    const entry = unzipSync(bytes, { filter: (file) => file.name === `${name}.npy` })[`${name}.npy`];
    return entry ? parseNpy(entry, `"${name}" in ${shown}`) : damaged;
  } catch {
    return damaged;
  }
}
