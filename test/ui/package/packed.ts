/** The extension as `npm run package` packs it, made once for all tests of this process. */

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { listPackaged } from "../../../tools/package/stage.ts";
import { root } from "../../../tools/root.ts";

export interface Packed {
  /** Path of the VSIX file. */
  readonly vsix: string;
  /** Folder with the files that were packed. */
  readonly folder: string;
  /** Paths of the packed files in that folder. */
  readonly files: readonly string[];
}

let packed: Packed | null = null;

export function packedExtension(): Packed {
  if (packed) return packed;
  const folder = path.join(root, "out/packing");
  const vsix = path.join(root, "out/tested.vsix");
  fs.rmSync(vsix, { force: true });
  execFileSync("npm", ["run", "--silent", "package", "--", "--out", vsix], { cwd: root, stdio: "pipe" });
  packed = { vsix, folder, files: listPackaged(folder) };
  return packed;
}
