/** Starts the backend, or explains why none can be started. */

import path from "node:path";
import { type BackendOptions, initBackend, nativePackage } from "../engine/backend/ladder.ts";
import { findPackage } from "../files/nativePackage.ts";
import type { BackendInfo } from "../protocol/run.ts";
import type { BackendChoice } from "./options.ts";

export interface BackendRequest {
  readonly backend: BackendChoice;
  /**
   * The folder whose tfjs-node may be loaded, or that package's own folder; null if none is allowed. Any package that
   * was found is then named in the reason.
   */
  readonly allowNative: string | null;
}

export async function startBackend(request: BackendRequest, cwd: string): Promise<BackendInfo | string> {
  try {
    return await initBackend(request.backend, nativeOptions(request.allowNative, cwd));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Without consent, the working directory's package is named but not loaded, so that `doctor` can explain how to allow
 * it.
 */
function nativeOptions(allowNative: string | null, cwd: string): BackendOptions {
  if (allowNative === null) return findPackage(cwd, nativePackage) === null ? {} : { workspace: cwd };
  const given = path.resolve(cwd, allowNative);
  const inside = path.join("node_modules", nativePackage);
  const workspace = given.endsWith(path.sep + inside) ? given.slice(0, -inside.length - 1) : given;
  const found = findPackage(workspace, nativePackage);
  return { workspace, native: found && "folder" in found ? [found.folder] : [] };
}
