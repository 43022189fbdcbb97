/**
 * The storage that all windows on a workspace share. While another window holds the workspace's own storage, or a window
 * that was reloaded has not ended yet, VS Code gives an extension host a folder of its own: the name with `-1` to `-9`
 * (src/vs/workbench/api/node/extHostStoragePaths.ts).
 */

import fs from "node:fs";
import path from "node:path";

/** @param storage absolute path of the extension's folder in the workspace's storage */
export function sharedStorage(storage: string): string {
  const workspace = path.dirname(storage);
  const own = /^(.+)-[1-9]$/.exec(path.basename(workspace))?.[1];
  if (own === undefined) return storage;
  const first = path.join(path.dirname(workspace), own);
  return fs.existsSync(first) ? path.join(first, path.basename(storage)) : storage;
}
