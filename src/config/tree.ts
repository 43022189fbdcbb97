/**
 * Parses JSON with comments and trailing commas into a tree, in one pass that stops early if the text has too many
 * errors.
 */

import { type Node, type NodeType, type ParseError, visit } from "jsonc-parser";

export interface Tree {
  readonly root: Node | undefined;
  /** At most `maxErrors`, in the order of the text. */
  readonly errors: readonly ParseError[];
  /** Where and why reading stopped early; null: everything was read. */
  readonly stopped: { readonly why: "errors" | "depth"; readonly offset: number } | null;
}

export interface TreeLimits {
  readonly maxErrors: number;
  /** Maximum depth of objects and lists: the parser recurses once per level. */
  readonly maxDepth: number;
}

/** Ends the parser's own recursion. */
class Stop extends Error {
  readonly why: "errors" | "depth";
  readonly offset: number;

  constructor(why: "errors" | "depth", offset: number) {
    super(why);
    this.why = why;
    this.offset = offset;
  }
}

/**
 * Like jsonc-parser's `parseTree`, but with limits: for 200 kB of `[}` that one returns 100,001 errors. If reading
 * stops early, everything that is open ends there.
 */
export function readTree(text: string, { maxErrors, maxDepth }: TreeLimits): Tree {
  const builder = new Builder();
  const errors: ParseError[] = [];
  const descend = (offset: number): void => {
    if (builder.depth >= maxDepth) throw new Stop("depth", offset);
  };
  try {
    visit(
      text,
      {
        onObjectBegin: (offset) => {
          descend(offset);
          builder.open({ type: "object", offset, length: -1, children: [] });
        },
        onObjectProperty: (value, offset, length) => builder.property(value, offset, length),
        onObjectEnd: (offset, length) => builder.close(offset + length),
        onArrayBegin: (offset) => {
          descend(offset);
          builder.open({ type: "array", offset, length: -1, children: [] });
        },
        onArrayEnd: (offset, length) => builder.close(offset + length),
        onLiteralValue: (value: unknown, offset, length) =>
          builder.leaf({ type: typeOf(value), offset, length, value }),
        onSeparator: (separator, offset) => builder.separator(separator, offset),
        onError: (error, offset, length) => {
          if (errors.length >= maxErrors) throw new Stop("errors", offset);
          errors.push({ error, offset, length });
        },
      },
      { allowTrailingComma: true, disallowComments: false },
    );
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    return { root: builder.end(stop.offset), errors, stopped: { why: stop.why, offset: stop.offset } };
  }
  return { root: builder.end(text.length), errors, stopped: null };
}

function typeOf(value: unknown): NodeType {
  const type = typeof value;
  return type === "string" || type === "number" || type === "boolean" ? type : "null";
}

/** A node that is not finished. */
interface OpenNode extends Node {
  length: number;
  colonOffset?: number;
  parent?: OpenNode;
  children?: OpenNode[];
}

class Builder {
  /** Number of open objects and lists. */
  depth = 0;
  private root: OpenNode | undefined;
  private parent: OpenNode | undefined;

  open(node: OpenNode): void {
    this.add(node);
    this.parent = node;
    this.depth++;
  }

  close(end: number): void {
    this.endProperty(end);
    if (this.parent !== undefined) {
      this.parent.length = end - this.parent.offset;
      this.parent = this.parent.parent;
      this.depth--;
    }
    this.endProperty(end);
  }

  property(value: string, offset: number, length: number): void {
    const node: OpenNode = { type: "property", offset, length: -1, children: [] };
    this.add(node);
    this.parent = node;
    this.add({ type: "string", value, offset, length });
  }

  leaf(node: OpenNode): void {
    this.add(node);
    this.endProperty(node.offset + node.length);
  }

  separator(separator: string, offset: number): void {
    if (this.parent?.type !== "property") return;
    if (separator === ":") this.parent.colonOffset = offset;
    else this.endProperty(offset);
  }

  /** The tree; everything that is open ends at `offset`. */
  end(offset: number): Node | undefined {
    for (let node = this.parent; node !== undefined; node = node.parent) node.length = offset - node.offset;
    return this.root;
  }

  private add(node: OpenNode): void {
    if (this.parent === undefined) {
      this.root ??= node;
      return;
    }
    node.parent = this.parent;
    this.parent.children?.push(node);
  }

  private endProperty(end: number): void {
    if (this.parent?.type !== "property") return;
    this.parent.length = end - this.parent.offset;
    this.parent = this.parent.parent;
  }
}
