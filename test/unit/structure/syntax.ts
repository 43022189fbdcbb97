/** Reads the syntax of a TypeScript text. */

import { parseAst } from "vite";

/** A node of the syntax tree (ESTree with TypeScript's types). */
export interface SyntaxNode {
  readonly type: string;
}

/** AssemblyScript's decorators of functions, which TypeScript does not know. */
const decorator = /^@(?:inline|unmanaged|external.*)$/gm;

/** Parses a text; positions in the tree are those in the text. */
export function parsed(text: string): SyntaxNode {
  return parseAst(
    text.replace(decorator, (name) => " ".repeat(name.length)),
    { lang: "ts" },
  );
}

/** Visits every node below and including one, parents first. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  visit(node);
  for (const inner of childrenOf(node)) walk(inner, visit);
}

/** The nodes directly below one. Called a million times, so it makes no arrays but its result. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (const value of Object.values(node)) {
    if (isNode(value)) found.push(value);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) found.push(item);
  }
  return found;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
