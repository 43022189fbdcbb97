import type { BackendInfo } from "../../protocol/run.ts";
import { nativePackage } from "../backend/ladder.ts";

/**
 * How to get TensorFlow where its library is missing; null: it is there, or another rung was asked for.
 *
 * npm leaves an optional dependency out whose install fails, and this one downloads libtensorflow while it installs.
 */
export function tensorflowHint({ rejected }: BackendInfo): string | null {
  const reason = rejected.find(({ name }) => name === "tensorflow")?.reason ?? "";
  if (!/is not installed|native library cannot be loaded/.test(reason)) return null;
  return (
    `${nativePackage} downloads TensorFlow while it installs. Where that fails, it can be built against the TensorFlow ` +
    "of a Python; docs/backends.md of Gradient Lens says how. Without it the next backend computes the same."
  );
}
