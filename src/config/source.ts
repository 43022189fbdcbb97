/** The config's text as a tree: values, syntax problems, and the place of everything. */

import { type Node, type ParseError, printParseErrorCode } from "jsonc-parser";
import { configWords } from "../messages/config.ts";
import { maxDepth, maxKeys, maxLength, maxProblems } from "./limits.ts";
import { LineIndex } from "./lines.ts";
import type { Problem } from "./problem.ts";
import type { JsonPath, JsonValue } from "./resolved.ts";
import { readTree, type Tree } from "./tree.ts";

export interface Range {
  readonly offset: number;
  readonly length: number;
}

export interface Source {
  readonly text: string;
  readonly root: Node | undefined;
  /** Syntax errors, with offset and length. The tree is then the parser's best guess. */
  readonly problems: readonly Problem[];
  /** Built on first use. */
  readonly lines: LineIndex;
}

/** Reads JSON with comments and trailing commas, in time linear in the text. Never throws. */
export function readSource(text: string): Source {
  if (text.trim() === "") return sourceOf(text, undefined, [syntax(configWords().empty, 0, 0)]);
  if (text.length > maxLength) {
    const message = configWords().tooLong(maxLength / 1e6);
    return sourceOf(text, undefined, [syntax(message, 0, 1)]);
  }
  const { root, errors, stopped } = readTree(text, { maxErrors: maxProblems, maxDepth });
  // Without the parts that are nested too deep, it would be a different config.
  if (stopped?.why === "depth")
    return sourceOf(text, undefined, [syntax(configWords().tooDeep(maxDepth), stopped.offset, 1)]);
  return sourceOf(text, root, syntaxProblems(errors, stopped, text));
}

function sourceOf(text: string, root: Node | undefined, problems: readonly Problem[]): Source {
  let lines: LineIndex | undefined;
  return {
    text,
    root,
    problems,
    get lines() {
      lines ??= new LineIndex(text);
      return lines;
    },
  };
}

function syntaxProblems(errors: readonly ParseError[], stopped: Tree["stopped"], text: string): readonly Problem[] {
  const problems = errors.map((error) => syntaxProblem(error, text));
  if (stopped === null) return problems;
  const message = configWords().moreErrors(maxProblems);
  return [...problems, syntax(message, Math.min(stopped.offset, text.length - 1), 1)];
}

/** Whether any JSON parser reports this problem: it is about the text, not about the config. */
export function isJsonError({ message, offset }: Problem): boolean {
  return offset !== undefined && Object.values(configWords().syntax).includes(message);
}

function syntaxProblem(error: ParseError, text: string): Problem {
  const code = printParseErrorCode(error.error);
  const messages: { readonly [code: string]: string } = configWords().syntax;
  // A squiggle needs a character to underline: at the end of the file that is the last one.
  const offset = Math.min(error.offset, Math.max(0, text.length - 1));
  const length = Math.max(1, Math.min(error.length, text.length - offset));
  return syntax(messages[code] ?? `${code}.`, offset, length);
}

function syntax(message: string, offset: number, length: number): Problem {
  return { severity: "error", message, path: [], on: "value", offset, length };
}

/**
 * The value of a node. For a duplicate property the first one counts; `__proto__` is an ordinary name.
 * @param tooMany called with each object that has more than `maxKeys` properties, and their number: the others are left
 * out
 */
export function jsonOf(node: Node, tooMany: (node: Node, count: number) => void = () => {}): JsonValue {
  if (node.type === "array") return (node.children ?? []).map((item) => jsonOf(item, tooMany));
  if (node.type !== "object") return scalar(node.value);
  const object: { [key: string]: JsonValue } = {};
  const all = properties(node);
  if (all.length > maxKeys) tooMany(node, all.length);
  for (const { key, value } of all.slice(0, maxKeys)) {
    if (value === undefined || Object.hasOwn(object, key)) continue;
    const inner = jsonOf(value, tooMany);
    if (key !== "__proto__") object[key] = inner;
    else Object.defineProperty(object, key, { value: inner, enumerable: true, configurable: true, writable: true });
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
  const found: Property[] = [];
  for (const property of node.children ?? []) {
    const keyNode = property.children?.[0];
    if (keyNode !== undefined) found.push({ key: String(keyNode.value), keyNode, value: property.children?.[1] });
  }
  return found;
}

export function items(node: Node | undefined): readonly Node[] {
  return node?.type === "array" ? (node.children ?? []) : [];
}

/** The first property of each name, by object; built when one of its properties is first looked up. */
const indices = new WeakMap<Node, ReadonlyMap<string, Property>>();

/** An object's property by name; the first one if there are duplicates. */
export function propertyOf(node: Node | undefined, name: string): Property | undefined {
  if (node?.type !== "object") return undefined;
  let index = indices.get(node);
  if (index === undefined) {
    const made = new Map<string, Property>();
    for (const property of properties(node)) if (!made.has(property.key)) made.set(property.key, property);
    index = made;
    indices.set(node, index);
  }
  return index.get(name);
}

/** One step down the tree, or undefined. */
export function child(node: Node | undefined, segment: string | number): Node | undefined {
  return typeof segment === "number" ? items(node)[segment] : propertyOf(node, segment)?.value;
}

/** The node at a path, or undefined. */
export function nodeAt(root: Node | undefined, path: JsonPath): Node | undefined {
  return path.reduce<Node | undefined>((node, segment) => child(node, segment), root);
}

/** All properties that repeat a name of their own object, with their paths. */
export function duplicates(root: Node | undefined): readonly { readonly path: JsonPath; readonly range: Range }[] {
  const found: { path: JsonPath; range: Range }[] = [];
  const path: (string | number)[] = [];
  const visit = (node: Node | undefined, segment: string | number): void => {
    if (node?.children === undefined) return;
    path.push(segment);
    visitInside(node);
    path.pop();
  };
  const visitInside = (node: Node): void => {
    const seen = new Set<string>();
    for (const { key, keyNode, value } of properties(node)) {
      if (!seen.has(key)) visit(value, key);
      else found.push({ path: [...path, key], range: { offset: keyNode.offset, length: keyNode.length } });
      seen.add(key);
    }
    for (const [i, item] of items(node).entries()) visit(item, i);
  };
  if (root !== undefined) visitInside(root);
  return found;
}
