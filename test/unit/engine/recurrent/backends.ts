/** The backends the tests run on: those this machine has. */

import { createRequire } from "node:module";
import { initBackend, ladder } from "../../../../src/engine/backend/ladder.ts";
import type { BackendName } from "../../../../src/protocol/run.ts";

function hasTensorFlow(): boolean {
  try {
    createRequire(import.meta.url)("@tensorflow/tfjs-node");
    return true;
  } catch {
    return false;
  }
}

export const backendNames: readonly BackendName[] = ladder.filter((name) => name !== "tensorflow" || hasTensorFlow());

export async function useBackend(name: BackendName): Promise<void> {
  const taken = await initBackend(name);
  if (taken.name !== name) throw new Error(`no backend ${name}: ${taken.rejected.map((r) => r.reason).join("; ")}`);
}
