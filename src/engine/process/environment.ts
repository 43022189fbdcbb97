/** The settings that the host passes to the engine through its environment. */

import type { BackendName } from "../../protocol/run.ts";

export interface EngineSettings {
  readonly backend: "auto" | BackendName;
  /** Set only for a trusted workspace. */
  readonly workspace: string | null;
  /** Real path of the package with native code that the user has allowed to be loaded from the workspace. */
  readonly native?: string;
}

const choices = ["auto", "tensorflow", "wasm", "cpu"] as const;

/** `GRADLENS_BACKEND`, `GRADLENS_WORKSPACE` and `GRADLENS_NATIVE`; null if the first is not a backend. */
export function engineSettings(env: { readonly [name: string]: string | undefined }): EngineSettings | null {
  const asked = env["GRADLENS_BACKEND"] || "auto";
  const backend = choices.find((choice) => choice === asked);
  if (!backend) return null;
  const native = env["GRADLENS_NATIVE"];
  return { backend, workspace: env["GRADLENS_WORKSPACE"] || null, ...(native && { native }) };
}
