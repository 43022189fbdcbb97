/** The first rung: TensorFlow's native library through `@tensorflow/tfjs-node`, where it is installed. */

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import util from "node:util";
import * as tf from "@tensorflow/tfjs-core";
import type { Rung } from "./ladder.ts";

const packageName = "@tensorflow/tfjs-node";

/** @param workspace a trusted folder whose own copy is tried after the project's; null: none. */
export async function useTensorflow(workspace: string | null): Promise<Rung> {
  if (tf.findBackend("tensorflow") !== null) return await start("");
  const reasons: string[] = [];
  const copies = [
    { whose: "", from: __filename },
    ...(workspace === null ? [] : [{ whose: "the workspace's ", from: path.join(workspace, "package.json") }]),
  ];
  for (const { whose, from } of copies) {
    const reason = load(createRequire(from));
    if (reason === null) return await start(whose);
    reasons.push(`${whose}${packageName} ${reason}`);
  }
  return { reason: reasons.join("; ") };
}

/** Loads the package, which registers its backend; null, or why that failed. */
function load(require: NodeJS.Require): string | null {
  const version = versionOf(require);
  if (version === null) return "is not installed";
  // Both use one global registry of tensors and kernels, which only holds between equal versions.
  if (minor(version) !== minor(tf.version_core))
    return `is version ${version}, but ${minor(tf.version_core)} is needed`;
  restoreIsNullOrUndefined();
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  try {
    require(packageName);
    return tf.findBackend("tensorflow") === null ? "registered no backend" : null;
  } catch (error) {
    return whyNotLoaded(error);
  }
}

function versionOf(require: NodeJS.Require): string | null {
  try {
    const manifest: unknown = JSON.parse(fs.readFileSync(require.resolve(`${packageName}/package.json`), "utf8"));
    const version =
      typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : null;
    return typeof version === "string" ? version : null;
  } catch {
    return null;
  }
}

function minor(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 has removed. */
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
      ?.trim() ?? "no message";
  if (/tfjs_binding\.node|libtensorflow/.test(message) || code === "ERR_DLOPEN_FAILED") {
    return `is installed, but its native library cannot be loaded: ${first}`;
  }
  return `is installed, but failed to load: ${first}`;
}

async function start(whose: string): Promise<Rung> {
  if (!(await tf.setBackend("tensorflow"))) return { reason: `${whose}${packageName} could not be started` };
  return { label: `TensorFlow ${libraryVersion()}(${whose}tfjs-node)` };
}

/** `2.9.1 ` as the native binding says, else nothing. */
function libraryVersion(): string {
  const binding: unknown = Reflect.get(tf.backend(), "binding");
  const version: unknown =
    typeof binding === "object" && binding !== null ? Reflect.get(binding, "TF_Version") : undefined;
  return typeof version === "string" ? `${version} ` : "";
}
