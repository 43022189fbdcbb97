/** HDF5 files that Keras wrote on Windows, with backslashes where other systems have groups within groups. */

import type { Hdf5File } from "./hdf5.ts";

/**
 * The same file with groups within groups. HDF5 knows only the slash, but Keras 2.12 to 2.15 join names with
 * the system's separator: on Windows `layers\lstm\cell` is one group (saving/saving_lib.py, `_save_state`). Keras 3 replaces it.
 */
export function nestedGroups(file: Hdf5File): Hdf5File {
  const groups = new Map(
    file
      .names("/")
      .filter((name) => name.includes("\\"))
      .map((name) => [name.replaceAll("\\", "/"), name]),
  );
  if (groups.size === 0) return file;
  /** The path in the file. */
  const written = (path: string): string => {
    const wanted = path.replace(/^\//, "");
    for (let end = wanted.length; end > 0; end = wanted.lastIndexOf("/", end - 1)) {
      const group = groups.get(wanted.slice(0, end));
      if (group !== undefined) return group + wanted.slice(end);
    }
    return path;
  };
  return {
    texts: (path, attribute) => file.texts(written(path), attribute),
    names: (path) => {
      const prefix = path === "/" ? "" : `${path.replace(/^\//, "")}/`;
      const below = [...groups.keys()].filter((group) => group.startsWith(prefix));
      const names = below.map((group) => group.slice(prefix.length).split("/", 1).join());
      return [...new Set([...file.names(written(path)).filter((name) => !name.includes("\\")), ...names])];
    },
    weight: (path) => file.weight(written(path)),
  };
}
