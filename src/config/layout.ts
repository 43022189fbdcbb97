/** The layout of a config, and values printed in that layout. */

import { lineEndOf } from "./lines.ts";
import type { JsonValue } from "./resolved.ts";

export interface Layout {
  /** One level of indentation. */
  readonly unit: string;
  readonly eol: string;
}

/** The text's own indentation and line ends; two spaces and "\n" if it shows none. */
export function layoutOf(text: string): Layout {
  const blanks = /[\r\n]([ \t]+)\S/.exec(text)?.[1];
  return { unit: blanks ?? "  ", eol: lineEndOf(text) };
}

/** A value that fits into a line stays on one. */
const lineWidth = 100;

/** A value printed at depth `level`, with its first line not indented. */
export function printValue(value: JsonValue, level: number, layout: Layout): string {
  const inline = printInline(value);
  if (typeof value !== "object" || value === null || inline.length + level * layout.unit.length <= lineWidth)
    return inline;
  const inner = layout.eol + layout.unit.repeat(level + 1);
  const outer = layout.eol + layout.unit.repeat(level);
  if (Array.isArray(value))
    return `[${value.map((item: JsonValue) => inner + printValue(item, level + 1, layout)).join(",")}${outer}]`;
  const lines = Object.entries(value).map(
    ([key, v]) => `${inner}${JSON.stringify(key)}: ${printValue(v, level + 1, layout)}`,
  );
  return `{${lines.join(",")}${outer}}`;
}

/** A value on one line: `{ "type": "orthogonal", "gain": 1 }`. */
export function printInline(value: JsonValue): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(printInline).join(", ")}]`;
  const entries = Object.entries(value).map(([key, v]) => `${JSON.stringify(key)}: ${printInline(v)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
