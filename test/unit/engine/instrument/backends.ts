/** The backends that the tests run on: those that this machine has. The quick tier leaves out tfjs's own one in JavaScript. */

import { createRequire } from "node:module";
import { initBackend, ladder } from "../../../../src/engine/backend/ladder.ts";
import { type KernelSource, kernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import { keepRegistrations } from "../../../../src/engine/tfjs/registrations.ts";
import type { BackendName } from "../../../../src/protocol/run.ts";
import { thorough } from "../../../tier.mts";

function hasTensorFlow(): boolean {
  try {
    // Files share a process: a second tfjs must not undo the patches of a file before.
    keepRegistrations(() => createRequire(import.meta.url)("@tensorflow/tfjs-node"));
    return true;
  } catch {
    return false;
  }
}

export const backendNames: readonly BackendName[] = ladder.filter(
  (name) => (name !== "tensorflow" || hasTensorFlow()) && (name !== "cpu" || thorough),
);

export async function useBackend(name: BackendName): Promise<void> {
  const taken = await initBackend(name);
  if (taken.name !== name) throw new Error(`no backend ${name}: ${taken.rejected.map((r) => r.reason).join("; ")}`);
}

/** What runs the recurrent layers: the fused kernels, or tfjs's loop with taps. */
export type Way = "kernels" | "taps";

export const ways: readonly (readonly [Way, BackendName])[] = backendNames.flatMap((name) => [
  ["kernels", name] as const,
  ["taps", name] as const,
]);

/** The kernels to pass to `instrument`. */
export async function kernelsFor(way: Way): Promise<KernelSource | null> {
  if (way === "taps") return null;
  const source = await kernelSource();
  if ("reason" in source) throw new Error(source.reason);
  return source;
}
