/** The folders of a model's checkpoints: `<folder>/<model>/last` and `<folder>/<model>/best`. */

import { createHash } from "node:crypto";
import path from "node:path";
import type { ResolvedModel } from "../../../config/resolved.ts";
import { type CheckpointKind, checkpointKinds } from "../../../protocol/deep.ts";

export const kinds = checkpointKinds;
export type Kept = CheckpointKind;

export function checkpointFolder(model: ResolvedModel, configPath: string, folder: string, kept: Kept): string {
  return path.join(path.dirname(configPath), folder, folderName(model.name), kept);
}

/**
 * The model's name if every file system accepts it; otherwise its usable characters and a hash that keeps it unique.
 */
export function folderName(name: string): string {
  if (/^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,63}$/u.test(name) && !name.endsWith(".")) return name;
  const plain = name.replace(/[^\p{L}\p{N}_-]+/gu, "_").slice(0, 40);
  return `${plain}-${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
}
