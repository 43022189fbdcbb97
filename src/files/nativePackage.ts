/**
 * Finds a package with native code that a folder contains.
 *
 * Node looks for packages in the `node_modules` of every folder up to the root of the disk, and follows links
 * (https://nodejs.org/api/modules.html, "Loading from node_modules folders"). Trusting a folder does not mean trusting
 * its parents or the targets of its links.
 */

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { isBelow } from "./safeFolder.ts";

export interface NativePackage {
  /** Real path of its folder, to which a consent applies. */
  readonly folder: string;
  /** Real path of the file that `require` would load. */
  readonly main: string;
  readonly version: string;
}

/** "outside": it exists, but was found in a parent folder or through a link, or its main file is elsewhere. */
export type FoundPackage = NativePackage | { readonly outside: string } | null;

/**
 * The package that code in `folder` would load.
 *
 * @param within folders that may contain the package; default: `folder` itself.
 * @returns null if there is no package that can be read.
 */
export function findPackage(folder: string, name: string, within: readonly string[] = [folder]): FoundPackage {
  try {
    const require = createRequire(path.join(folder, "package.json"));
    const manifest = fs.realpathSync(require.resolve(`${name}/package.json`));
    const roots = within.filter((root) => fs.existsSync(root)).map((root) => fs.realpathSync(root));
    const own = path.dirname(manifest);
    if (!roots.some((root) => isBelow(root, own))) return { outside: own };
    const version = versionOf(JSON.parse(fs.readFileSync(manifest, "utf8")));
    if (version === null) return null;
    const main = fs.realpathSync(require.resolve(name));
    return isBelow(own, main) ? { folder: own, main, version } : { outside: main };
  } catch {
    return null;
  }
}

function versionOf(manifest: unknown): string | null {
  const version = typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : null;
  return typeof version === "string" ? version : null;
}
