/** Tries many inputs of one target, and makes those that break a promise as small as they can be. */

import fs from "node:fs";
import path from "node:path";
import fc from "fast-check";
import * as z from "zod";
import { type Check, Fault, type Shown, type Taken, type Target, type TargetParts } from "./target.ts";

const foundSchema = z.object({ message: z.string(), file: z.string() });
/** An input that breaks a promise: why, and the file that holds it. */
export type Found = Readonly<z.infer<typeof foundSchema>>;

export const reportSchema = z.object({
  target: z.string(),
  cases: z.number(),
  accepted: z.number(),
  faults: z.array(foundSchema),
  /** Milliseconds of the slowest case, in processor time. */
  slowest: z.number(),
  /** Largest memory of the process, in megabytes. */
  megabytes: z.number(),
});
export type Report = Readonly<z.infer<typeof reportSchema>>;

export interface Options {
  readonly seed: number;
  readonly cases: number;
  /** Faults are kept in it, and the input that is being tried. */
  readonly folder: string;
}

/** Different faults of one target after which it ends. */
const mostFaults = 8;
/** Milliseconds of processor time for one input: a small file takes a few. The reading thread has a limit of its own. */
const slow = 15_000;
/** Name of the file with the input that is being tried, for the case that the process does not survive it. */
export const currentName = "current";

export function runTarget(chosen: Target, options: Options): Promise<Report> {
  return chosen.visit((parts) => tried(parts, options));
}

async function tried<T>(parts: TargetParts<T>, { seed, cases, folder }: Options): Promise<Report> {
  const work = path.join(folder, "work");
  fs.mkdirSync(work, { recursive: true });
  const inputs = await parts.inputs();
  const tally = new Tally(parts, await parts.open(work), path.join(folder, currentName));
  const faults: Found[] = [];
  for (let round = 0; tally.cases < cases && faults.length < mostFaults; round++) {
    const property = fc.asyncProperty(inputs, (input) => tally.one(input));
    const result = await fc.check(property, { seed: seed + round, numRuns: cases - tally.cases });
    tally.searched();
    if (!result.failed) break;
    const [input] = result.counterexample ?? [];
    const message =
      result.errorInstance instanceof Error ? explained(result.errorInstance) : String(result.errorInstance);
    tally.known.add(kindOf(message));
    const file = path.join(folder, `${parts.name.replace(/\W+/g, "-")}-${faults.length + 1}`);
    if (input !== undefined) fs.writeFileSync(file, written(parts.shown(input)));
    faults.push({ message, file });
  }
  return { target: parts.name, ...tally.figures(), faults: [...faults, ...tally.broken()] };
}

/** Counts the inputs that are tried; those that only serve to make a fault smaller do not count. */
class Tally<T> {
  readonly #parts: TargetParts<T>;
  readonly #check: Check<T>;
  readonly #current: string;
  /** Kinds of the faults that were found: an input with one of these is no news. */
  readonly known = new Set<string>();
  cases = 0;
  #accepted = 0;
  #slowest = 0;
  #shrinking = false;

  constructor(parts: TargetParts<T>, check: Check<T>, current: string) {
    this.#parts = parts;
    this.#check = check;
    this.#current = current;
  }

  async one(input: T): Promise<void> {
    fs.writeFileSync(this.#current, written(this.#parts.shown(input)));
    if (!this.#shrinking) this.cases++;
    const begun = process.cpuUsage();
    try {
      const taken: Taken = await this.#check.one(input);
      if (taken === "accepted" && !this.#shrinking) this.#accepted++;
      const { user, system } = process.cpuUsage(begun);
      const spent = (user + system) / 1000;
      this.#slowest = Math.max(this.#slowest, spent);
      if (spent > slow) throw new Fault(`it takes ${Math.round(spent)} ms of processor time`);
    } catch (error) {
      if (error instanceof Error && this.known.has(kindOf(explained(error)))) return;
      this.#shrinking = true;
      throw error;
    }
  }

  /** A fault was made small, or there is none: inputs count again. */
  searched(): void {
    this.#shrinking = false;
  }

  figures(): Omit<Report, "target" | "faults"> {
    const megabytes = process.resourceUsage().maxRSS / 1024;
    return { cases: this.cases, accepted: this.#accepted, slowest: this.#slowest, megabytes };
  }

  /** The promises about all inputs together that do not hold. */
  broken(): readonly Found[] {
    const { accepted } = this.#parts;
    const share = this.#accepted / Math.max(1, this.cases);
    const few =
      share < accepted ? `only ${percent(share)} of the inputs are accepted; ${percent(accepted)} are needed` : null;
    return [few, this.#check.all?.() ?? null].flatMap((message) => (message === null ? [] : [{ message, file: "" }]));
  }
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** A promise that does not hold speaks for itself; any other error with the place that threw it. */
function explained(error: Error): string {
  return error instanceof Fault ? error.message : (error.stack ?? error.message).split("\n").slice(0, 6).join("\n");
}

/** A fault without what differs from input to input. */
function kindOf(message: string): string {
  return message.replace(/"[^"]*"|\d+|: [^\n]{40,}/g, "#").slice(0, 200);
}

function written(shown: Shown): Uint8Array {
  return typeof shown === "string" ? Buffer.from(shown) : shown;
}
