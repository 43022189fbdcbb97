/** Pairs of bounds whose lower one is above the upper one, anywhere in an entry: no schema compares two arguments. */

import { configWords } from "../messages/config.ts";
import { isObject } from "./merge.ts";
import type { Problem } from "./problem.ts";
import type { JsonPath, JsonValue } from "./resolved.ts";

interface Pair {
  readonly low: string;
  readonly high: string;
  /** What they are if they are left out, as their schemas say; null: they have no fixed value. */
  readonly usual: readonly [number, number] | null;
}

const pairs: readonly Pair[] = [
  { low: "minValue", high: "maxValue", usual: [0, 1] },
  { low: "minval", high: "maxval", usual: [-0.05, 0.05] },
  { low: "low", high: "high", usual: null },
];

export function crossedBounds(value: JsonValue, path: JsonPath): readonly Problem[] {
  if (Array.isArray(value)) return value.flatMap((item: JsonValue, i) => crossedBounds(item, [...path, i]));
  if (!isObject(value)) return [];
  const own = pairs.flatMap((pair): readonly Problem[] => {
    const given = [value[pair.low], value[pair.high]];
    const low = given[0] ?? pair.usual?.[0];
    const high = given[1] ?? pair.usual?.[1];
    if (given.every((bound) => bound === undefined) || typeof low !== "number" || typeof high !== "number") return [];
    if (low <= high) return [];
    const message = configWords().crossedBounds({ ...pair, from: String(low), to: String(high) });
    const key = given[0] === undefined ? pair.high : pair.low;
    return [{ severity: "error", message, path: [...path, key], on: "value" }];
  });
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => crossedBounds(inner, [...path, key]))];
}
