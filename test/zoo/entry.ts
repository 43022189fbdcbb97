/** What an entry of the zoo is: a config, and what is known to be true of it. */

import type { FindingCode } from "../../src/protocol/finding.ts";

/**
 * `true` the net has it, `false` it has not; a code that is not named is not known and not counted.
 * `"outcome"`: decided by how full training ended, recorded in `outcomes.json`.
 */
export type Truth = { readonly [code in FindingCode]?: boolean | "outcome" };

export interface ZooEntry {
  readonly name: string;
  /** Why the truth is what it is, in a few words. */
  readonly because: string;
  /** Text of a config with one model. */
  readonly config: string;
  /** Steps of a full training run. */
  readonly steps: number;
  readonly truth: Truth;
  /** Trained with a learning rate that changes nothing, of which rules about updates cannot be asked. */
  readonly frozen: boolean;
  /** Whether it is asked of this entry if the net will learn. */
  readonly learns: "outcome" | null;
}

export interface EntrySpec {
  readonly data: object;
  readonly layers: readonly object[];
  readonly training?: object;
  readonly steps: number;
}

export function configOf({ data, layers, training = {}, steps }: EntrySpec): string {
  return JSON.stringify({
    data,
    training: { optimizer: { type: "adam", learningRate: 0.001 }, batchSize: 32, steps, seed: 1, ...training },
    models: { net: { layers } },
  });
}

/** Which half an entry is in: fixed by its name, so that adding one moves no other. */
export function halfOf(name: string): "tuning" | "held out" {
  let hash = 2166136261;
  for (const c of name) hash = Math.imul(hash ^ c.charCodeAt(0), 16777619);
  // FNV-1a leaves names that differ by a digit alike: the finalizer of MurmurHash3 spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) & 1) === 0 ? "tuning" : "held out";
}
