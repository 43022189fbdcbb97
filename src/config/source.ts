/** The config's text as a tree: values, syntax problems, and where each place is. */

import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { maxDepth, maxLength } from "./limits.ts";
import type { Problem } from "./problem.ts";
import type { ConfigPath, JsonValue } from "./resolved.ts";

export interface Range {
  readonly offset: number;
  readonly length: number;
}

export interface Source {
  readonly text: string;
  readonly root: Node | undefined;
  /** Syntax errors, with offset and length. The tree is the parser's best guess then. */
  readonly problems: readonly Problem[];
}

const openBrace = 1;
const closeBrace = 2;
const openBracket = 3;
const closeBracket = 4;
const endOfFile = 17;

/** Reads JSON with comments and trailing commas. Never throws. */
export function readSource(text: string): Source {
  if (text.trim() === "")
    return {
      text,
      root: undefined,
      problems: [syntax('The config is empty: it is an object like { "data": …, "models": … }.', 0, 0)],
    };
  if (text.length > maxLength) {
    const message = `The config has more than ${maxLength / 1e6} million characters, the limit; data belong in a CSV file.`;
    return { text, root: undefined, problems: [syntax(message, 0, 1)] };
  }
  const deep = tooDeep(text);
  if (deep !== null) return { text, root: undefined, problems: [deep] };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  return { text, root, problems: errors.map((error) => syntaxProblem(error, text)) };
}

/** The parser recurses once per level, so absurd nesting has to be found without it. */
function tooDeep(text: string): Problem | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token: number = scanner.scan(); token !== endOfFile; token = scanner.scan()) {
    if (token === openBrace || token === openBracket) depth++;
    if (token === closeBrace || token === closeBracket) depth--;
    if (depth > maxDepth) return syntax(`Nested more than ${maxDepth} levels deep.`, scanner.getTokenOffset(), 1);
  }
  return null;
}

const syntaxMessages: { readonly [code: string]: string } = {
  InvalidSymbol: 'Not a JSON value: expected a number, a text in "double quotes", true, false, null, { or [.',
  InvalidNumberFormat: "Not a number as JSON writes it.",
  PropertyNameExpected: 'Expected a property name in "double quotes".',
  ValueExpected: "Expected a value.",
  ColonExpected: 'Expected ":" after the property name.',
  CommaExpected: 'Expected ",".',
  CloseBraceExpected: 'Expected "}".',
  CloseBracketExpected: 'Expected "]".',
  EndOfFileExpected: "Expected nothing more: the config is one object.",
  UnexpectedEndOfComment: "The comment does not end.",
  UnexpectedEndOfString: "The text does not end on this line: a closing double quote is missing.",
  UnexpectedEndOfNumber: "The number is cut off.",
  InvalidUnicode: "Not a \\u escape: expected four hexadecimal digits.",
  InvalidEscapeCharacter: "Not an escape that JSON knows.",
  InvalidCharacter: "A character that must be escaped, such as a tab inside a text.",
};

function syntaxProblem(error: ParseError, text: string): Problem {
  const code = printParseErrorCode(error.error);
  // A squiggle needs something to stand under: at the end of the file that is the last character.
  const offset = Math.min(error.offset, Math.max(0, text.length - 1));
  const length = Math.max(1, Math.min(error.length, text.length - offset));
  return syntax(syntaxMessages[code] ?? `${code}.`, offset, length);
}

function syntax(message: string, offset: number, length: number): Problem {
  return { severity: "error", message, path: [], on: "value", offset, length };
}

/** The value of a node. Of a property written twice the first counts; `__proto__` is an ordinary name. */
export function jsonOf(node: Node): JsonValue {
  if (node.type === "array") return (node.children ?? []).map(jsonOf);
  if (node.type !== "object") return scalar(node.value);
  const object: { [key: string]: JsonValue } = {};
  for (const { key, value } of properties(node)) {
    if (Object.hasOwn(object, key) || value === undefined) continue;
    Object.defineProperty(object, key, { value: jsonOf(value), enumerable: true, configurable: true, writable: true });
  }
  return object;
}

function scalar(value: unknown): JsonValue {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return null;
}

export interface Property {
  readonly key: string;
  readonly keyNode: Node;
  /** Missing while it is being typed. */
  readonly value: Node | undefined;
}

export function properties(node: Node | undefined): readonly Property[] {
  if (node?.type !== "object") return [];
  return (node.children ?? []).flatMap((property) => {
    const [keyNode, value] = property.children ?? [];
    return keyNode === undefined ? [] : [{ key: String(keyNode.value), keyNode, value }];
  });
}

export function items(node: Node | undefined): readonly Node[] {
  return node?.type === "array" ? (node.children ?? []) : [];
}

/** One step down the tree, or undefined. */
export function child(node: Node | undefined, segment: string | number): Node | undefined {
  if (typeof segment === "number") return items(node)[segment];
  return properties(node).find((property) => property.key === segment)?.value;
}

/** The node at a path, or undefined. */
export function nodeAt(root: Node | undefined, path: ConfigPath): Node | undefined {
  return path.reduce<Node | undefined>((node, segment) => child(node, segment), root);
}

/** All properties that repeat a name of their own object, with their paths. */
export function duplicates(root: Node | undefined): readonly { readonly path: ConfigPath; readonly range: Range }[] {
  const found: { path: ConfigPath; range: Range }[] = [];
  const visit = (node: Node, path: ConfigPath): void => {
    const seen = new Set<string>();
    for (const { key, keyNode, value } of properties(node)) {
      const here = [...path, key];
      if (seen.has(key)) found.push({ path: here, range: { offset: keyNode.offset, length: keyNode.length } });
      else if (value !== undefined) visit(value, here);
      seen.add(key);
    }
    for (const [i, item] of items(node).entries()) visit(item, [...path, i]);
  };
  if (root !== undefined) visit(root, []);
  return found;
}
