/** Joins several fixes into one: if a net has two causes, neither fix alone shows that it helps. */

import type { ConfigEdit } from "../../config/edit.ts";
import type { JsonPath } from "../../config/resolved.ts";
import { verificationWords } from "../../messages/verification.ts";
import type { Fix } from "../../protocol/finding.ts";
import { lowerFirst } from "../text/lowerFirst.ts";
import { type Candidate, single } from "./arms.ts";
import { removesItem, startsWith } from "./editPlaces.ts";

/**
 * A fix with the edits of all, titled like `Scale the inputs and use a linear output`. Undefined if two of them edit
 * the same value, or if the place of one edit depends on what another one does to a list.
 */
export function combined(fixes: readonly Fix[]): Candidate | undefined {
  const [first, ...others] = fixes;
  if (!first) return undefined;
  if (others.length === 0) return single(first);
  if (fixes.some((fix, i) => fixes.slice(i + 1).some((other) => collide(fix, other)))) return undefined;
  const edits = inOrder(fixes);
  if (!edits) return undefined;
  return {
    fix: {
      id: fixes.map(({ id }) => id).join("+"),
      title: verificationWords().together([first.title, ...others.map(({ title }) => lowerFirst(title))]),
      edits,
    },
    parts: fixes,
    alone: fixes,
  };
}

function collide(a: Fix, b: Fix): boolean {
  return a.id === b.id || a.edits.some((one) => b.edits.some((other) => sameValue(one, other)));
}

/**
 * Whether both edit the same value, or one within the other. Two layers inserted at the same place would not conflict,
 * but their order would be undefined.
 */
function sameValue(a: ConfigEdit, b: ConfigEdit): boolean {
  if (a.insert !== b.insert) return false;
  return startsWith(a.path, b.path) || startsWith(b.path, a.path);
}

/**
 * Orders the edits. Every fix names places in the config as it is, and edits are applied one after the other, so edits
 * of values come before insertions into lists, and these go from the end of a list to its start. Undefined if this does
 * not settle the order.
 */
function inOrder(fixes: readonly Fix[]): readonly ConfigEdit[] | undefined {
  const edits = fixes.flatMap((fix) => fix.edits);
  if (edits.some(removesItem) || fixes.some(({ edits: own }) => own.slice(0, -1).some(followedInList(own))))
    return undefined;
  const inserts = edits.filter(({ insert }) => insert === true);
  return [...edits.filter(({ insert }) => insert !== true), ...inserts.sort((a, b) => -compare(a.path, b.path))];
}

/**
 * Matches an insertion followed by another edit of the same fix in the same list, which then counts the inserted item.
 */
function followedInList(own: readonly ConfigEdit[]): (edit: ConfigEdit, index: number) => boolean {
  return ({ path, insert }, index) =>
    insert === true && own.slice(index + 1).some((later) => startsWith(later.path, path.slice(0, -1)));
}

function compare(a: JsonPath, b: JsonPath): number {
  for (const [i, key] of a.entries()) {
    const other = b[i];
    if (key === other) continue;
    if (typeof key === "number" && typeof other === "number") return key - other;
    return String(key) < String(other) ? -1 : 1;
  }
  return a.length - b.length;
}
