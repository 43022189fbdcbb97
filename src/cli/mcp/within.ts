/** Whether paths stay below a folder, links included. */

import fs from "node:fs";
import path from "node:path";

/**
 * @param root real path of the folder
 * @param place absolute path of something that need not exist
 * @returns the place with its links followed; null if it is not below the folder
 */
export function within(root: string, place: string): string | null {
  const real = realPath(place);
  const relative = path.relative(root, real);
  const outside = relative === ".." || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
  return outside ? null : real;
}

/** Follows links as far as the path exists: a link to nothing leads out of the folder, too. */
function realPath(place: string): string {
  try {
    return fs.realpathSync(place);
  } catch {
    const target = linkTarget(place);
    if (target !== null) return path.resolve(path.dirname(place), target);
    const parent = path.dirname(place);
    return parent === place ? place : path.join(realPath(parent), path.basename(place));
  }
}

function linkTarget(place: string): string | null {
  try {
    return fs.readlinkSync(place);
  } catch {
    return null;
  }
}
