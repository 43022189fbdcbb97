/** What the host tells the engine through its environment. */

import type { BackendName } from "../../protocol/run.ts";

export interface EngineSettings {
  readonly backend: "auto" | BackendName;
  /** Only there when the host trusts it. */
  readonly workspace: string | null;
}

const choices = ["auto", "tensorflow", "wasm", "cpu"] as const;

/** `GRADLENS_BACKEND` and `GRADLENS_WORKSPACE`; null where the first is no backend. */
export function engineSettings(env: { readonly [name: string]: string | undefined }): EngineSettings | null {
  const asked = env["GRADLENS_BACKEND"] || "auto";
  const backend = choices.find((choice) => choice === asked);
  return backend ? { backend, workspace: env["GRADLENS_WORKSPACE"] || null } : null;
}
