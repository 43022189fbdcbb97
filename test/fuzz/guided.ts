/**
 * A search that follows coverage: an input that reaches a branch, or reaches it more often than any before, is kept and
 * changed further. It begins with the target's own inputs, which know their format.
 */

import fs from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { mutatedBytes } from "./mutate.ts";
import { type Check, Fault, type Shown, type Target, type TargetParts } from "./target.ts";

export interface GuidedReport {
  readonly target: string;
  readonly cases: number;
  /** Branches that the target's own inputs reach alone, and those that the search reaches; of all that are marked. */
  readonly plain: number;
  readonly reached: number;
  readonly marked: number;
  /** Inputs that were kept. */
  readonly kept: number;
  readonly faults: readonly string[];
}

/** Inputs that are tried before the next ones are drawn. */
const round = 50;

/** Times for which an input of the target's own is taken instead of a changed one, in ten. */
const fresh = 3;

export function guidedSearch(
  chosen: Target,
  options: { readonly seed: number; readonly cases: number; readonly folder: string },
): Promise<GuidedReport | null> {
  return chosen.visit((parts) => searched(parts, options));
}

async function searched<T>(
  parts: TargetParts<T>,
  { seed, cases, folder }: { readonly seed: number; readonly cases: number; readonly folder: string },
): Promise<GuidedReport | null> {
  const { again, shown } = parts;
  if (!again) return null;
  const inputs = await parts.inputs();
  const check = await parts.open(folder);
  const plain = new Reached();
  const faults = new Map<string, T>();
  for (const input of fc.sample(inputs, { seed, numRuns: cases })) await tried(check, input, plain, faults);
  const reached = new Reached();
  const pool: T[] = [];
  const keep = async (input: T): Promise<void> => {
    if ((await tried(check, input, reached, faults)) > 0) pool.push(input);
  };
  for (let done = 0; done < cases; done += round) {
    const at = seed + 1 + done;
    const own = fc.sample(inputs, { seed: at, numRuns: pool.length === 0 ? round : (round * fresh) / 10 });
    for (const input of own) await keep(input);
    // The newest half of what was kept is changed more often: it stands at the edge of what is known.
    const parents = [...pool, ...pool.slice(pool.length >> 1)];
    const chosen = fc.sample(fc.constantFrom(...parents), { seed: at, numRuns: round - own.length });
    for (const [i, parent] of chosen.entries()) {
      const other = pool[(at * 7 + i) % pool.length] ?? parent;
      const spliced = half(bytesOf(shown(parent)), bytesOf(shown(other)), i);
      const [bytes] = fc.sample(mutatedBytes([bytesOf(shown(parent)), spliced], 4), { seed: at + i, numRuns: 1 });
      if (bytes) await keep(again(bytes, parent));
    }
  }
  save(pool, shown, path.join(folder, "kept"));
  save([...faults.values()], shown, path.join(folder, "faults"));
  return {
    target: parts.name,
    cases,
    plain: plain.size,
    reached: reached.size,
    marked: marked(),
    kept: pool.length,
    faults: [...faults.keys()],
  };
}

/** @returns how much of what the input reaches is new. */
async function tried<T>(check: Check<T>, input: T, reached: Reached, faults: Map<string, T>): Promise<number> {
  marks().fill(0);
  try {
    await check.one(input);
  } catch (error) {
    const text =
      error instanceof Fault ? error.message : String(error instanceof Error ? error.stack : error).slice(0, 600);
    const kind = text.replace(/"[^"]*"|\d+/g, "#").slice(0, 120);
    if (![...faults.keys()].some((known) => known.startsWith(kind))) faults.set(`${kind}\n${text}`, input);
  }
  return reached.add(marks());
}

/** Branches, each with the powers of two of how often an input ran it. */
class Reached {
  readonly #seen = new Map<number, number>();

  get size(): number {
    return this.#seen.size;
  }

  add(counts: Uint32Array): number {
    let fresh = 0;
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] === 0) continue;
      const bucket = 1 << Math.min(12, 32 - Math.clz32(counts[i] ?? 0));
      const before = this.#seen.get(i) ?? 0;
      if ((before & bucket) !== 0) continue;
      this.#seen.set(i, before | bucket);
      fresh++;
    }
    return fresh;
  }
}

function marks(): Uint32Array {
  const found: unknown = Reflect.get(globalThis, "$marks");
  if (!(found instanceof Uint32Array)) throw new Error("The sources have no marks: see test/fuzz/coverage.mjs.");
  return found;
}

function marked(): number {
  return Number(Reflect.get(globalThis, "$marked"));
}

/** The beginning of one input and the end of another one. */
function half(one: Uint8Array, other: Uint8Array, i: number): Uint8Array {
  const share = ((i * 37) % 100) / 100;
  return Buffer.concat([
    one.subarray(0, Math.floor(share * one.length)),
    other.subarray(Math.floor(share * other.length)),
  ]);
}

function bytesOf(shown: Shown): Uint8Array {
  return typeof shown === "string" ? Buffer.from(shown) : shown;
}

function save<T>(inputs: readonly T[], shown: (input: T) => Shown, folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  for (const [i, input] of inputs.entries()) fs.writeFileSync(path.join(folder, String(i)), bytesOf(shown(input)));
}
