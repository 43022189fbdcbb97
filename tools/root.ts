import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's top folder, found from this file whether it runs from its source (vitest) or bundled in out/. */
export const root = findRoot(path.dirname(fileURLToPath(import.meta.url)));

function findRoot(from: string): string {
  for (let dir = from; ; dir = path.dirname(dir)) {
    if (fs.existsSync(path.join(dir, "esbuild.mjs")) && fs.existsSync(path.join(dir, "package.json"))) return dir;
    if (dir === path.dirname(dir)) throw new Error(`no checkout of the project around ${from}`);
  }
}
