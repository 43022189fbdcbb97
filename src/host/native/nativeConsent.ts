/**
 * The user's consent to load native code that a workspace contains: one per package, by the real path of its folder,
 * remembered across sessions. It is stored where no file of a workspace can reach it. Independent of VS Code.
 */

import * as z from "zod";
import { findPackage } from "../../files/nativePackage.ts";

export const nativePackage = "@tensorflow/tfjs-node";

const key = "nativeCode";
/** Most answers that are kept, the newest ones. */
const mostAnswers = 200;

const answersSchema = z.array(z.object({ folder: z.string(), allowed: z.boolean() }));

/** The part of VS Code's `Memento` that is used. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

export type NativeState =
  /** There is no package, or none inside the workspace. */
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

  /** The package that the engine may load; empty if none. @param workspace empty if none is trusted */
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
