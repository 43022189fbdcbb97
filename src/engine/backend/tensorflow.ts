/**
 * The first rung: TensorFlow's native library through `@tensorflow/tfjs-node`, if it is installed and may be loaded.
 */

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import util from "node:util";
import * as tf from "@tensorflow/tfjs-core";
import { type FoundPackage, findPackage, type NativePackage } from "../../files/nativePackage.ts";
import { isBelow } from "../../files/safeFolder.ts";
import { engineWords } from "../../messages/engine.ts";
import { internal } from "../tfjs/internals.ts";
import { keepRegistrations } from "../tfjs/registrations.ts";
import { confineRequires } from "./confine.ts";
import type { Rung } from "./rung.ts";

export const nativePackage = "@tensorflow/tfjs-node";

export interface NativeSource {
  /** A trusted folder whose own copy is tried after the project's; null: none. */
  readonly workspace: string | null;
  /** Real paths of packages that the user has allowed to be loaded from it. */
  readonly allowed: readonly string[];
}

export async function useTensorflow({ workspace, allowed }: NativeSource): Promise<Rung> {
  if (tf.findBackend("tensorflow") !== null) return await start("");
  const reasons: string[] = [];
  const within = installation();
  const own = findPackage(__dirname, nativePackage, within);
  const ownReason = load(own, within);
  if (ownReason === null) return await start("");
  reasons.push(engineWords().package({ whose: "", name: nativePackage, why: ownReason }));
  if (workspace !== null) {
    const whose = engineWords().workspaces;
    const found = findPackage(workspace, nativePackage);
    const isAllowed = found === null || "outside" in found || allowed.includes(found.folder);
    const reason = isAllowed ? load(found, [workspace]) : unallowed(found);
    if (reason === null) return await start(whose);
    reasons.push(engineWords().package({ whose, name: nativePackage, why: reason }));
  }
  return { reason: reasons.join(engineWords().semicolon) };
}

/**
 * Folders that hold packages installed together with this code: inside its own package, and beside it in the same
 * `node_modules`. Folders further up may contain anything.
 */
function installation(): readonly string[] {
  const sources = path.join("src", "engine", "backend");
  const own = __dirname.endsWith(path.sep + sources)
    ? __dirname.slice(0, -sources.length - 1)
    : path.basename(__dirname) === "dist"
      ? path.dirname(__dirname)
      : __dirname;
  const beside = [path.dirname(own), path.dirname(path.dirname(own))].find((f) => path.basename(f) === "node_modules");
  return beside === undefined ? [own] : [own, beside];
}

function unallowed({ folder }: NativePackage): string {
  return engineWords().unallowed(folder);
}

/**
 * Loads the package, which registers its backend. Returns null, or the reason why that failed.
 *
 * @param within folders that must contain the package and everything it requires.
 */
function load(found: FoundPackage, within: readonly string[]): string | null {
  if (found === null) return engineWords().notInstalled;
  if ("outside" in found) return engineWords().outside(found.outside);
  const { folder, main, version } = found;
  // Both share one global registry of tensors and kernels; that works only between equal versions.
  if (minor(version) !== minor(tf.version_core))
    return engineWords().otherVersion({ version, needed: minor(tf.version_core) });
  restoreIsNullOrUndefined();
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  const roots = realPaths(within);
  for (const root of roots.filter((of) => isBelow(of, folder))) confineRequires(root, roots);
  try {
    keepRegistrations(() => createRequire(main)(main));
    return tf.findBackend("tensorflow") === null ? engineWords().noBackend : null;
  } catch (error) {
    return whyNotLoaded(error);
  }
}

function realPaths(folders: readonly string[]): readonly string[] {
  return folders.filter((folder) => fs.existsSync(folder)).map((folder) => fs.realpathSync(folder));
}

function minor(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 removed. */
function restoreIsNullOrUndefined(): void {
  if (Reflect.has(util, "isNullOrUndefined")) return;
  Reflect.set(util, "isNullOrUndefined", (value: unknown) => value === null || value === undefined);
}

function whyNotLoaded(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const first =
    message
      .split("\n")
      .find((line) => line.trim() !== "")
      ?.trim() ?? engineWords().noMessage;
  if (/tfjs_binding\.node|libtensorflow/.test(message) || code === "ERR_DLOPEN_FAILED") {
    return engineWords().because({ what: engineWords().noLibrary, why: first });
  }
  return engineWords().because({ what: engineWords().notLoaded, why: first });
}

async function start(whose: string): Promise<Rung> {
  if (!(await tf.setBackend("tensorflow")))
    return { reason: engineWords().package({ whose, name: nativePackage, why: engineWords().notStarted }) };
  return { label: `TensorFlow ${libraryVersion()}(${whose}tfjs-node)` };
}

/** `2.9.1 ` as the native binding reports it, otherwise an empty string. */
function libraryVersion(): string {
  const binding = internal(tf.backend(), "binding");
  const version: unknown =
    typeof binding === "object" && binding !== null ? internal(binding, "TF_Version") : undefined;
  return typeof version === "string" ? `${version} ` : "";
}
