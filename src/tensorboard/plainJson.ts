/** JSON with NaN and infinite numbers, which it lacks: they stand as the strings `"NaN"`, `"Infinity"`, `"-Infinity"`. */

const outside: ReadonlyMap<unknown, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** @param value plain data; typed arrays become arrays. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === "number" && !Number.isFinite(inner)) return String(inner);
    return inner instanceof Float64Array ? Array.from(inner) : inner;
  });
}

/** Undefined if the text is not JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text, (_, inner: unknown) => outside.get(inner) ?? inner);
  } catch {
    return undefined;
  }
}
