/** What computes, or why nothing can. */

import path from "node:path";
import { type BackendOptions, initBackend, nativePackage } from "../engine/backend/ladder.ts";
import { findPackage } from "../files/nativePackage.ts";
import type { BackendInfo } from "../protocol/run.ts";
import type { BackendChoice } from "./options.ts";

export interface BackendRequest {
  readonly backend: BackendChoice;
  /** A folder whose own tfjs-node may be loaded, or that package's; null: nobody's, and the reason names what there is. */
  readonly allowNative: string | null;
}

export async function startBackend(request: BackendRequest, cwd: string): Promise<BackendInfo | string> {
  try {
    return await initBackend(request.backend, nativeOptions(request.allowNative, cwd));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Without a consent the working directory's package is named, for `doctor` to say how it is allowed, and not loaded. */
function nativeOptions(allowNative: string | null, cwd: string): BackendOptions {
  if (allowNative === null) return findPackage(cwd, nativePackage) === null ? {} : { workspace: cwd };
  const given = path.resolve(cwd, allowNative);
  const inside = path.join("node_modules", nativePackage);
  const workspace = given.endsWith(path.sep + inside) ? given.slice(0, -inside.length - 1) : given;
  const found = findPackage(workspace, nativePackage);
  return { workspace, native: found && "folder" in found ? [found.folder] : [] };
}
