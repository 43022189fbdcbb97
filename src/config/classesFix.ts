/** The edit that lists the labels of the data. */

import { configWords } from "../messages/config.ts";
import type { Fix } from "./fix.ts";
import type { JsonPath } from "./resolved.ts";

/** Most labels that are readable in a config. */
const mostListed = 100;

/**
 * Undefined if there are too few or too many labels, or if some are not whole numbers.
 * @param labels in the order of the class indices
 */
export function classesFix(dataPath: JsonPath, labels: readonly number[]): Fix | undefined {
  if (labels.length < 2 || labels.length > mostListed || !labels.every(Number.isSafeInteger)) return undefined;
  const list = labels.length <= 4 ? labels.join(", ") : `${labels.slice(0, 2).join(", ")}, …, ${labels.at(-1)}`;
  return {
    id: "classes",
    title: configWords().listLabels(list),
    edits: [{ path: [...dataPath, "classes"], value: [...labels] }],
  };
}

/** `from`, `from` + 1, …, `to`. */
export function labelsBetween(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, Math.min(to - from, mostListed) + 1) }, (_, i) => from + i);
}
