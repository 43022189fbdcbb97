/**
 * Whether the engine may load the native code that a workspace has brought with it: one consent for each package, by the
 * real path of its folder, remembered over sessions. It is kept where no file of a workspace can reach it. Knows nothing of
 * VS Code.
 */

import * as z from "zod";
import { findPackage } from "../../files/nativePackage.ts";

export const nativePackage = "@tensorflow/tfjs-node";

const key = "nativeCode";
/** Of the packages that were asked about last. */
const mostAnswers = 200;

const answersSchema = z.array(z.object({ folder: z.string(), allowed: z.boolean() }));

/** VS Code's `Memento`, as far as it is used. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

export type NativeState =
  /** There is none, or none that is the workspace's own. */
  | { readonly kind: "none"; readonly outside: string | null }
  /** `folder`: the package's real path. */
  | { readonly kind: "allowed" | "refused" | "unasked"; readonly folder: string };

export class NativeConsent {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** @param workspace path of a trusted folder */
  state(workspace: string): NativeState {
    const found = findPackage(workspace, nativePackage);
    if (found === null || "outside" in found) return { kind: "none", outside: found?.outside ?? null };
    const { folder } = found;
    const answer = this.#answers().find((known) => known.folder === folder);
    return { kind: answer === undefined ? "unasked" : answer.allowed ? "allowed" : "refused", folder };
  }

  /** What the engine is told: the package that it may load; empty: none. @param workspace empty: none is trusted */
  allowed(workspace: string): string {
    const state = workspace === "" ? null : this.state(workspace);
    return state?.kind === "allowed" ? state.folder : "";
  }

  async answer(folder: string, allowed: boolean): Promise<void> {
    const others = this.#answers().filter((known) => known.folder !== folder);
    await this.#memory.update(key, [...others, { folder, allowed }].slice(-mostAnswers));
  }

  #answers(): z.infer<typeof answersSchema> {
    return answersSchema.safeParse(this.#memory.get(key)).data ?? [];
  }
}
