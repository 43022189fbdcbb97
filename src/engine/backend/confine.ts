/** Keeps a loaded package from taking its own dependencies from untrusted folders. */

import fs from "node:fs";
import Module from "node:module";
import path from "node:path";
import { isBelow } from "../../files/safeFolder.ts";

/**
 * From now on, a bare name (`require("x")`) in code below `root` must resolve below one of `roots` or to a Node
 * built-in. Without this, Node's search climbs out of the folder. Paths that the code spells out are not restricted.
 *
 * Node has no public hook for `require` before version 22.15 (`module.registerHooks`), so this replaces
 * `_resolveFilename`, as tools have done for as long as Node has existed.
 *
 * @param root real path.
 * @param roots real paths.
 */
export function confineRequires(root: string, roots: readonly string[]): void {
  const resolve: unknown = Reflect.get(Module, "_resolveFilename");
  if (typeof resolve !== "function") return;
  Reflect.set(
    Module,
    "_resolveFilename",
    function (this: unknown, request: unknown, parent: unknown, ...rest: unknown[]) {
      const found: unknown = Reflect.apply(resolve, this, [request, parent, ...rest]);
      if (typeof request !== "string" || typeof found !== "string") return found;
      if (/^\.{0,2}[/\\]/.test(request) || path.isAbsolute(request) || !path.isAbsolute(found)) return found;
      const real = fs.realpathSync(found);
      if (!isBelow(root, fileOf(parent)) || roots.some((folder) => isBelow(folder, real))) return found;
      throw Object.assign(new Error(`Cannot find module '${request}' below the trusted folder, but only as ${real}`), {
        code: "MODULE_NOT_FOUND",
      });
    },
  );
}

/** File of the module that asks for another one; the root of the disk if there is none. */
function fileOf(parent: unknown): string {
  const file: unknown = typeof parent === "object" && parent !== null ? Reflect.get(parent, "filename") : null;
  return typeof file === "string" ? file : path.parse(process.cwd()).root;
}
