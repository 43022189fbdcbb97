/** Looks through a file for what has to be known before its history can begin. */

import { type Description, descriptionSchema } from "./description.ts";
import { mostTags } from "./foreignRun.ts";
import { jsonOf, scalarOf } from "./runDecoder.ts";
import { type EventFile, eventsOf } from "./streams.ts";
import { parseProfileTag, tags } from "./tags.ts";

export interface Scan {
  readonly file: EventFile;
  readonly description: Description | null;
  /** Tags of scalars that the description does not declare. */
  readonly undeclared: readonly string[];
  /** The first step with a measurement; infinite without one. */
  readonly firstStep: number;
  /** Number of the process that wrote it. */
  readonly rank: number;
}

export interface DescribedScan extends Scan {
  readonly description: Description;
}

/** Stops at the first step of our engine's files, which name all columns; reads others to their end. */
export async function scan(file: EventFile): Promise<Scan> {
  let description: Description | null = null;
  let firstStep = Number.POSITIVE_INFINITY;
  const found = new Set<string>();
  for await (const event of eventsOf(file).all) {
    for (const value of event.values) {
      const scalar = scalarOf(value) !== null;
      if (value.tag === tags.description) description ??= descriptionSchema.safeParse(jsonOf(value)).data ?? null;
      else if (scalar && found.size < mostTags) found.add(value.tag);
      if (scalar || parseProfileTag(value.tag)) firstStep = Math.min(firstStep, event.step);
    }
    if (description?.engine !== undefined && Number.isFinite(firstStep)) break;
  }
  const declared = new Set((description?.columns ?? []).map(({ tag }) => tag));
  return {
    file,
    description,
    undeclared: [...found].filter((tag) => !declared.has(tag)),
    firstStep,
    rank: description?.rank ?? 0,
  };
}

export function isDescribed(one: Scan): one is DescribedScan {
  return one.description !== null;
}
