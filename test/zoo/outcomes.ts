/** The recorded outcomes: the literature's nets in `outcomes.json`, those of practice in `practice-outcomes.json`. */

import fs from "node:fs";
import path from "node:path";
import type { ZooEntry } from "./entry.ts";
import { type Outcome, outcomesSchema } from "./outcome.ts";

/** Seeds of the recorded outcomes; the rules judge a run with another seed. */
export const recordedSeeds: readonly number[] = [101, 102];

const files = { literature: "outcomes.json", practice: "practice-outcomes.json" } as const;

export type Outcomes = ReadonlyMap<string, readonly Outcome[]>;

/** The name under which an outcome is recorded. */
export function recordName({ name }: Pick<ZooEntry, "name">, healed: boolean): string {
  return healed ? `${name} → healed` : name;
}

export function outcomesOf(outcomes: Outcomes, entry: ZooEntry, healed = false): readonly Outcome[] {
  return outcomes.get(recordName(entry, healed)) ?? [];
}

export function readOutcomes(): Outcomes {
  return new Map(Object.values(files).flatMap((file) => Object.entries(read(file))));
}

/** Writes one seed's outcome, replacing that seed's former one. */
export function writeOutcome(entry: ZooEntry, healed: boolean, outcome: Outcome): void {
  const file = entry.kind === "literature" ? files.literature : files.practice;
  const name = recordName(entry, healed);
  const all = read(file);
  const others = (all[name] ?? []).filter(({ seed }) => seed !== outcome.seed);
  all[name] = [...others, outcome].sort((a, b) => a.seed - b.seed);
  const lines = Object.entries(all).map(([key, list]) => `${JSON.stringify(key)}: ${JSON.stringify(list)}`);
  fs.writeFileSync(pathOf(file), `{\n${lines.join(",\n")}\n}\n`);
}

function read(file: string): { [name: string]: Outcome[] } {
  const at = pathOf(file);
  return fs.existsSync(at) ? outcomesSchema.parse(JSON.parse(fs.readFileSync(at, "utf8"))) : {};
}

function pathOf(file: string): string {
  return path.resolve("test/zoo", file);
}
