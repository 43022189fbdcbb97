/** Finds lists of layers and of activations in a program by parsing it. */

import * as esbuild from "esbuild";
import { parseAst } from "vite";
import * as z from "zod";

export interface NameList {
  readonly line: number;
  /** The names in it, each once. */
  readonly names: readonly string[];
}

const node = z.object({ type: z.string(), start: z.number() });
const literal = z.object({ type: z.literal("Literal"), value: z.string() });
const identifier = z.object({ type: z.literal("Identifier"), name: z.string() });
const property = z.object({ type: z.literal("Property"), key: z.unknown(), value: z.unknown() });
const sides = z.object({ left: z.unknown(), right: z.unknown() });
const array = z.object({ elements: z.array(z.unknown()) });
const object = z.object({ properties: z.array(z.unknown()) });
const expression = z.object({ regex: z.object({ pattern: z.string() }) });
const cases = z.object({ cases: z.array(z.object({ test: z.unknown() })) });

/**
 * Lists in arrays, in the keys or the values of objects, in regular expressions, in cases, and in comparisons joined by
 * `||` or `&&`.
 *
 * @param known the names to look for.
 */
export async function nameLists(text: string, known: ReadonlySet<string>): Promise<readonly NameList[]> {
  const { code } = await esbuild.transform(text, { loader: "ts", target: "es2022" });
  const found: NameList[] = [];
  walk(parseAst(code), (at, type, start) => {
    const names = [...new Set(namesIn(at, type).filter((name) => known.has(name)))];
    if (names.length > 0) found.push({ line: code.slice(0, start).split("\n").length, names });
  });
  return found;
}

function namesIn(at: object, type: string): readonly string[] {
  switch (type) {
    case "ArrayExpression":
      return array.parse(at).elements.flatMap(textOf);
    case "ObjectExpression": {
      const entries = object.parse(at).properties;
      return entries.flatMap((entry) => {
        const { key, value } = property.safeParse(entry).data ?? {};
        return [...nameOf(key), ...textOf(value)];
      });
    }
    case "Literal":
      // Almost every literal is none, and a failed check takes microseconds.
      return "regex" in at ? (expression.parse(at).regex.pattern.match(/\w+/g) ?? []) : [];
    case "SwitchStatement":
      return cases.parse(at).cases.flatMap(({ test }) => textOf(test));
    case "LogicalExpression":
      return compared(at);
    default:
      return [];
  }
}

/** The texts in comparisons that are joined. */
function compared(at: unknown): readonly string[] {
  const type = node.safeParse(at).data?.type;
  if (type !== "LogicalExpression" && type !== "BinaryExpression") return [];
  const { left, right } = sides.parse(at);
  return type === "LogicalExpression" ? [...compared(left), ...compared(right)] : [...textOf(left), ...textOf(right)];
}

function nameOf(at: unknown): readonly string[] {
  if (typed(at, "Identifier")) return [identifier.parse(at).name];
  return textOf(at);
}

function textOf(at: unknown): readonly string[] {
  if (!typed(at, "Literal")) return [];
  const text = literal.safeParse(at).data?.value;
  return text === undefined ? [] : [text];
}

function typed(at: unknown, type: string): boolean {
  return typeof at === "object" && at !== null && "type" in at && at.type === type;
}

function walk(at: unknown, visit: (at: object, type: string, start: number) => void): void {
  if (typeof at !== "object" || at === null) return;
  if ("type" in at && "start" in at && typeof at.type === "string" && typeof at.start === "number")
    visit(at, at.type, at.start);
  for (const inner of Object.values(at)) if (typeof inner === "object") walk(inner, visit);
}
