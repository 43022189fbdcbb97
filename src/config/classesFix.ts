/** The edit that says which labels the data have. */

import type { Fix } from "./fix.ts";
import type { ConfigPath } from "./resolved.ts";

/** More labels than anyone would want to read in a config. */
const mostListed = 100;

/**
 * Undefined for too few labels, for too many, and for such as are no whole numbers.
 * @param labels in the order of the class indices
 */
export function classesFix(dataPath: ConfigPath, labels: readonly number[]): Fix | undefined {
  if (labels.length < 2 || labels.length > mostListed || !labels.every(Number.isSafeInteger)) return undefined;
  const list = labels.length <= 4 ? labels.join(", ") : `${labels.slice(0, 2).join(", ")}, …, ${labels.at(-1)}`;
  return {
    id: "classes",
    title: `Say which labels there are: "classes": [${list}]`,
    edits: [{ path: [...dataPath, "classes"], value: [...labels] }],
  };
}

/** `from`, `from` + 1, …, `to`. */
export function labelsBetween(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, Math.min(to - from, mostListed) + 1) }, (_, i) => from + i);
}
