/**
 * A package with native code that a folder has brought with it: where it is, and whether it is there at all.
 *
 * Node looks for packages in the `node_modules` of every folder up to the root of the disk, and follows links
 * (https://nodejs.org/api/modules.html, "Loading from node_modules folders"). Whoever trusts a folder trusts neither its
 * parents nor what its links lead to.
 */

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { isBelow } from "./safeFolder.ts";

export interface NativePackage {
  /** Real path of its folder: what a consent is about. */
  readonly folder: string;
  /** Real path of what `require` would load. */
  readonly main: string;
  readonly version: string;
}

/** "outside": there is one, found by climbing out of the folder or by a link, or its main file is elsewhere. */
export type FoundPackage = NativePackage | { readonly outside: string } | null;

/**
 * The package that code in `folder` would get.
 *
 * @param within folders that the package may be below; `folder` itself by default.
 * @returns null where there is none that can be understood.
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
