/** What an entry of the zoo is: a config, the data it names, and what is known to be true of it. */

import type { ConfigPath } from "../../src/config/resolved.ts";
import type { FindingCode } from "../../src/protocol/finding.ts";

/**
 * `true` the net has it, `false` it has not; a code that is not named is not known and not counted.
 * `"outcome"`: decided by how full training ended, as recorded (see `outcome.ts`).
 */
export type Truth = { readonly [code in FindingCode]?: boolean | "outcome" };

export type Half = "tuning" | "held out";

/** What a broken net suffers from: a finding is right that has one of the codes, at one of the places. */
export interface Cause {
  readonly codes: readonly FindingCode[];
  /** A finding's place is one of these or within it. A config that is refused there counts, whatever its code would be. */
  readonly places: readonly ConfigPath[];
}

/** What a config names, made when it is needed: the same bytes each time. */
export type DataFiles = { readonly [file: string]: () => string | Uint8Array };

export interface ZooEntry {
  readonly name: string;
  readonly kind: string;
  /** Why the truth is what it is, in a few words. */
  readonly because: string;
  /** Text of a config with one model. */
  readonly config: string;
  readonly files: DataFiles;
  /** Steps of a full training run. */
  readonly steps: number;
  readonly truth: Truth;
  /** What has to be named first; null: nothing is wrong; undefined: not asked of this entry. */
  readonly cause?: Cause | null;
  /** The config that mends the cause and nothing else: its outcome shows that the cause is one. */
  readonly healed?: string;
  /** Trained with a learning rate that changes nothing, of which rules about updates cannot be asked. */
  readonly frozen: boolean;
  /** Whether it is asked of this entry if the net will learn. */
  readonly learns: "outcome" | null;
  /** Where the name does not decide it. */
  readonly half?: Half;
}

export interface EntrySpec {
  readonly data: object;
  readonly layers: readonly object[];
  readonly training?: object;
  readonly steps: number;
}

/** The one model's name in every config of the zoo. */
export const netName = "net";

export function configOf({ data, layers, training = {}, steps }: EntrySpec): string {
  return JSON.stringify({
    data,
    training: { optimizer: { type: "adam", learningRate: 0.001 }, batchSize: 32, steps, seed: 1, ...training },
    models: { [netName]: { layers } },
  });
}

/** Which half an entry is in: fixed by its name, so that adding one moves no other. */
export function halfOf({ name, half }: Pick<ZooEntry, "name" | "half">): Half {
  if (half !== undefined) return half;
  let hash = 2166136261;
  for (const c of name) hash = Math.imul(hash ^ c.charCodeAt(0), 16777619);
  // FNV-1a leaves names that differ by a digit alike: the finalizer of MurmurHash3 spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) & 1) === 0 ? "tuning" : "held out";
}
