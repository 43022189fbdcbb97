/** Python source text: numbers, names, indentation. */

const keywords = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global " +
    "if import in is lambda nonlocal not or pass raise return try while with yield self x nn F torch np keras layers ops"
  ).split(" "),
);

/** A number as Python writes it; exact, because both languages read the shortest text of a double. */
export function number(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return value > 0 ? 'float("inf")' : '-float("inf")';
  return String(value);
}

/** A number that Python does not take for a whole one. */
export function float(value: number): string {
  const plain = number(value);
  return /^-?\d+$/.test(plain) ? `${plain}.0` : plain;
}

export function boolean(value: boolean): string {
  return value ? "True" : "False";
}

/** A string literal; JSON's escapes are Python's, and text beyond ASCII is escaped. */
export function text(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Text for a comment or a docstring: one line without anything that could end it. */
export function remark(value: string): string {
  return value.replace(/[^\p{L}\p{N}\p{P}\p{S} ]|["'\\]/gu, " ").slice(0, 200);
}

/** Names that are valid in Python and different from each other, by the names that they stand for. */
export class Names {
  readonly #given = new Map<string, string>();
  readonly #used: Set<string>;

  /** @param reserved names that the script has for something else */
  constructor(reserved: readonly string[] = []) {
    this.#used = new Set(reserved);
  }

  of(name: string): string {
    const known = this.#given.get(name);
    if (known !== undefined) return known;
    const plain = name
      .split(/[^A-Za-z0-9]+/)
      .filter(Boolean)
      .join("_");
    const start = /^[A-Za-z]/.test(plain) ? plain : `layer_${plain}`;
    let candidate = keywords.has(start) ? `${start}_` : start;
    for (let n = 2; this.#used.has(candidate); n++) candidate = `${start}_${n}`;
    this.#given.set(name, candidate);
    this.#used.add(candidate);
    return candidate;
  }
}

/** Indents every line that is not empty, by `levels` times four blanks. */
export function indented(lines: readonly string[], levels = 1): string[] {
  return lines.map((line) => (line === "" ? "" : `${"    ".repeat(levels)}${line}`));
}

/** A tuple of numbers. */
export function tuple(values: readonly number[]): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(", ")})`;
}
