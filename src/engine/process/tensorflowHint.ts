import type { BackendInfo } from "../../protocol/run.ts";
import { nativePackage } from "../backend/ladder.ts";

/**
 * Explains how to get TensorFlow if its library is missing; null: it is present, or another rung was requested.
 *
 * npm skips an optional dependency whose install fails, and this one downloads libtensorflow while it installs.
 */
export function tensorflowHint({ rejected }: BackendInfo): string | null {
  const reason = rejected.find(({ name }) => name === "tensorflow")?.reason ?? "";
  if (!/is not installed|native library cannot be loaded/.test(reason)) return null;
  return (
    `${nativePackage} downloads TensorFlow while it installs. If that fails, it can be built against a Python's TensorFlow; ` +
    "docs/backends.md of Gradient Lens says how. Without it, the next backend computes the same."
  );
}
