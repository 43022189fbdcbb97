/** All entries, and the selected ones. */

import { constructed } from "./constructed.ts";
import type { ZooEntry } from "./entry.ts";
import { literature } from "./literature.ts";
import { practice } from "./practice/practice.ts";

export const allEntries: readonly ZooEntry[] = [...constructed, ...literature, ...practice];

export interface Selection {
  /** Parts of names; empty: all. */
  readonly only: readonly string[];
  /** An exact kind; empty: all. */
  readonly kind: string;
  readonly practice: boolean;
}

export function selected({ only, kind, practice: practiceOnly }: Selection): readonly ZooEntry[] {
  return (practiceOnly ? practice : allEntries).filter(
    (entry) =>
      (only.length === 0 || only.some((part) => entry.name.includes(part))) && (kind === "" || entry.kind === kind),
  );
}

export function entryOf(name: string): ZooEntry {
  const entry = allEntries.find((e) => e.name === name);
  if (!entry) throw new Error(`no entry is called "${name}"`);
  return entry;
}
