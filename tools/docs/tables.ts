/** Generates tables of keys from the schema. */

import type * as z from "zod";

type Shape = { readonly [key: string]: z.core.$ZodType };

/** The schema's information about a key: the expected value in words, the default, the description. */
interface Key {
  readonly name: string;
  readonly expected: string;
  readonly usual: string;
  readonly description: string;
}

/** A table of an object's keys, without those in `skip`. */
export function keyTable(shape: Shape, skip: readonly string[] = []): string {
  const keys = Object.entries(shape).filter(([name]) => !skip.includes(name));
  const rows = keys.map(([name, schema]) => keyOf(name, schema as z.ZodType));
  return table(
    ["key", "value", "default", "meaning"],
    rows.map((k) => [`\`${k.name}\``, k.expected, k.usual, k.description]),
  );
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function keyOf(name: string, schema: z.ZodType): Key {
  const meta = schema.meta();
  const absent = schema.safeParse(undefined);
  const usual = meta?.["default"] ?? (absent.success ? absent.data : undefined);
  return {
    name,
    expected: expectation(schema),
    usual: absent.success ? shown(usual) : "*needed*",
    description: schema.description ?? "",
  };
}

/**
 * The expected value in words, which is every leaf's error. No JSON value is a function, so checking one yields this
 * error.
 */
export function expectation(schema: z.ZodType): string {
  const asked = schema.safeParse(() => null);
  return asked.success ? "anything" : asCode(asked.error.issues[0]?.message ?? "");
}

/** Formats quoted names and JSON as code. */
function asCode(words: string): string {
  return words.replaceAll(/\{[^}]*\}|"[^"]*"/g, (code) =>
    code.startsWith("{") ? `\`${code}\`` : `\`${code.slice(1, -1)}\``,
  );
}

function shown(value: unknown): string {
  return value === undefined ? "" : `\`${JSON.stringify(value)}\``.replaceAll(/":/g, '": ').replaceAll(/,"/g, ', "');
}
