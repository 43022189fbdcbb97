/** An entry of the zoo: a config, the data files that it names, and known facts about it. */

import type { JsonPath } from "../../src/config/resolved.ts";
import type { FindingCode } from "../../src/protocol/finding.ts";

/**
 * `true`: the net has the fault; `false`: it does not; a code that is not listed is unknown and not counted.
 * `"outcome"`: decided by how full training ended, as recorded (see `outcome.ts`).
 */
export type Truth = { readonly [code in FindingCode]?: boolean | "outcome" };

export type Half = "tuning" | "held out";

/** The cause of a broken net: a finding is right if it has one of the codes at one of the places. */
export interface Cause {
  readonly codes: readonly FindingCode[];
  /**
   * A right finding's place is one of these or within it. A config that is refused at such a place also counts, with
   * any code.
   */
  readonly places: readonly JsonPath[];
}

/** Files that a config names, made when they are needed: the same bytes each time. */
export type DataFiles = { readonly [file: string]: () => string | Uint8Array };

export interface ZooEntry {
  readonly name: string;
  readonly kind: string;
  /** Why the truth is known, in a few words. */
  readonly because: string;
  /** Text of a config with one model. */
  readonly config: string;
  readonly files: DataFiles;
  /** Steps of a full training run. */
  readonly steps: number;
  readonly truth: Truth;
  /** The finding that should be named first; null: nothing is wrong; undefined: this entry is not asked. */
  readonly cause?: Cause | null;
  /** A config that fixes the cause and nothing else: its outcome shows that the cause is real. */
  readonly healed?: string;
  /**
   * Whether the entry is trained with a learning rate that changes nothing, so that rules about updates do not apply.
   */
  readonly frozen: boolean;
  /** Whether the entry is asked if the net will learn. */
  readonly learns: "outcome" | null;
  /** Overrides the half that the name determines. */
  readonly half?: Half;
}

export interface EntrySpec {
  readonly data: object;
  readonly layers: readonly object[];
  readonly training?: object;
  readonly steps: number;
}

/** The name of the single model in every config of the zoo. */
export const netName = "net";

export function configOf({ data, layers, training = {}, steps }: EntrySpec): string {
  return JSON.stringify({
    data,
    training: { optimizer: { type: "adam", learningRate: 0.001 }, batchSize: 32, steps, seed: 1, ...training },
    models: { [netName]: { layers } },
  });
}

/** The half of an entry: determined by its name, so that adding an entry moves no other. */
export function halfOf({ name, half }: Pick<ZooEntry, "name" | "half">): Half {
  if (half !== undefined) return half;
  let hash = 2166136261;
  for (const c of name) hash = Math.imul(hash ^ c.charCodeAt(0), 16777619);
  // FNV-1a gives similar values to names that differ by one digit; MurmurHash3's finalizer spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) & 1) === 0 ? "tuning" : "held out";
}
