/** Turns edits of a config's values into edits of its text that keep its comments and its layout. */

import { createScanner, type Node } from "jsonc-parser";
import type { ConfigEdit } from "./edit.ts";
import { type Layout, layoutOf, printInline, printValue } from "./layout.ts";
import { hasLineEnd, lineStart, nextLine } from "./lines.ts";
import { isObject } from "./merge.ts";
import type { JsonPath, JsonValue } from "./resolved.ts";
import { child, items, jsonOf, nodeAt, properties, readSource, type Source } from "./source.ts";
import { EditedText, type TextEdit } from "./textEdits.ts";

/**
 * The text edits against `text`, in order and without overlap, that make `edits` one after the other. The list is empty
 * if the text is not JSON. Removing a value that does not exist changes nothing.
 */
export function applyEdits(text: string, edits: readonly ConfigEdit[]): readonly TextEdit[] {
  if (text.trim() !== "" && readSource(text).problems.length > 0) return [];
  const edited = new EditedText(text);
  for (const edit of edits) {
    let source = readSource(edited.text);
    for (const part of partsOf(source.root, edit)) {
      edited.apply(textEditsOf(source, part));
      source = readSource(edited.text);
    }
  }
  return edited.edits();
}

/**
 * Splits the replacement of one object by another into edits of its keys, so that comments on unchanged keys stay;
 * equal values are left alone.
 */
function partsOf(root: Node | undefined, edit: ConfigEdit): readonly ConfigEdit[] {
  const { path, value, insert: before } = edit;
  const node = before || value === undefined ? undefined : nodeAt(root, path);
  if (node === undefined || value === undefined) return [edit];
  if (!isObject(value) || node.type !== "object" || Object.keys(value).length === 0)
    return same(jsonOf(node), value) ? [] : [edit];
  const given = Object.entries(value).flatMap(([key, v]) => partsOf(root, { path: [...path, key], value: v }));
  const gone = properties(node).filter(({ key }) => !Object.hasOwn(value, key));
  return [...given, ...gone.map(({ key }) => ({ path: [...path, key], value: undefined }))];
}

function same(a: JsonValue, b: JsonValue): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((v, i) => same(v, b[i] ?? null));
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The text after `applyEdits`. */
export function applyToText(text: string, edits: readonly ConfigEdit[]): string {
  const edited = new EditedText(text);
  edited.apply(applyEdits(text, edits));
  return edited.text;
}

function textEditsOf({ text, root }: Source, { path, value, insert: before }: ConfigEdit): readonly TextEdit[] {
  const layout = layoutOf(text);
  if (value === undefined) return removal(text, root, path);
  const next = before ? nodeAt(root, path) : undefined;
  if (next !== undefined) return insertionBefore(text, next, value, layout);
  if (root === undefined)
    return [{ offset: 0, length: text.length, content: printValue(nested(path, value), 0, layout) + layout.eol }];
  const existing = nodeAt(root, path);
  if (existing !== undefined) return [replacement(text, existing, value, layout)];
  const depth = path.findIndex((_, i) => nodeAt(root, path.slice(0, i + 1)) === undefined);
  const parent = nodeAt(root, path.slice(0, depth));
  const segment = path[depth];
  if (parent === undefined || segment === undefined) return [];
  const inner = nested(path.slice(depth + 1), value);
  if (parent.type === "object" && typeof segment === "string")
    return insertion(text, parent, `${JSON.stringify(segment)}: `, inner, layout);
  if (parent.type === "array" && typeof segment === "number") return insertion(text, parent, "", inner, layout);
  // A value that cannot have children, such as a number, is in the way.
  return [replacement(text, parent, nested(path.slice(depth), value), layout)];
}

/** Wraps `value` in the objects and lists that lead to it. */
function nested(path: JsonPath, value: JsonValue): JsonValue {
  return path.reduceRight<JsonValue>(
    (inner, segment) => (typeof segment === "number" ? [inner] : { [segment]: inner }),
    value,
  );
}

function replacement(text: string, node: Node, value: JsonValue, layout: Layout): TextEdit {
  const inline = !hasLineEnd(text.slice(node.offset, node.offset + node.length));
  const content = inline ? printInline(value) : printValue(value, indentAt(text, node.offset, layout), layout);
  return { offset: node.offset, length: node.length, content };
}

/** A new last child of an object or array. */
function insertion(text: string, parent: Node, key: string, value: JsonValue, layout: Layout): readonly TextEdit[] {
  const last = parent.children?.at(-1);
  const close = parent.offset + parent.length - 1;
  const inline = !hasLineEnd(text.slice(parent.offset, close));
  if (inline && last !== undefined) {
    const comma = commaAfter(text, end(last));
    return comma === null
      ? [insert(end(last), `, ${key}${printInline(value)}`)]
      : [insert(comma + 1, ` ${key}${printInline(value)},`)];
  }
  if (inline && parent.type === "array") return [insert(close, `${key}${printInline(value)}`)];
  if (inline && parent.length === 2 && parent.offset > 0) return [insert(close, ` ${key}${printInline(value)} `)];
  const outer = indentAt(text, parent.offset, layout);
  const line = `${layout.eol}${layout.unit.repeat(outer + 1)}${key}${printValue(value, outer + 1, layout)}`;
  if (last === undefined)
    return [insert(lineEnd(text, parent.offset + 1, close), line), ...closing(text, close, outer, layout)];
  const comma = commaAfter(text, end(last));
  // A comment at the end of the last line refers to that line, so the new line goes below it.
  const place = lineEnd(text, comma === null ? end(last) : comma + 1, close);
  if (comma !== null) return [insert(place, `${line},`), ...closing(text, close, outer, layout)];
  const below = closing(text, close, outer, layout);
  return place === end(last)
    ? [insert(place, `,${line}`), ...below]
    : [insert(end(last), ","), insert(place, line), ...below];
}

/**
 * A new item of a list before `next`: below the previous item and its comment, because the comment of `next` refers to
 * `next`.
 */
function insertionBefore(text: string, next: Node, value: JsonValue, layout: Layout): readonly TextEdit[] {
  const list = next.parent;
  if (list?.type !== "array") return [];
  const previous = items(list)[items(list).indexOf(next) - 1];
  const after = previous === undefined ? list.offset + 1 : (commaAfter(text, end(previous)) ?? end(previous)) + 1;
  if (!hasLineEnd(text.slice(after, next.offset))) return [insert(next.offset, `${printInline(value)}, `)];
  const indent = indentAt(text, next.offset, layout);
  const line = `${layout.eol}${layout.unit.repeat(indent)}${printValue(value, indent, layout)},`;
  return [insert(lineEnd(text, after, next.offset), line)];
}

/** Puts the closing bracket on a line of its own, unless it already is. */
function closing(text: string, close: number, indent: number, layout: Layout): readonly TextEdit[] {
  const start = lineStart(text, close);
  if (text.slice(start, close).trim() === "" && start > 0) return [];
  return [insert(close, layout.eol + layout.unit.repeat(indent))];
}

function removal(text: string, root: Node | undefined, path: JsonPath): readonly TextEdit[] {
  const parent = nodeAt(root, path.slice(0, -1));
  const segment = path.at(-1);
  if (parent === undefined || segment === undefined) return [];
  const children =
    parent.type === "object" ? properties(parent).map((p) => p.keyNode.parent ?? p.keyNode) : items(parent);
  const index = typeof segment === "number" ? segment : properties(parent).findIndex((p) => p.key === segment);
  const node = children[index];
  if (node === undefined || child(parent, segment) === undefined) return [];
  const comma = commaAfter(text, end(node));
  const own = wholeLine(text, node.offset, comma === null ? end(node) : comma + 1);
  const previous = children[index - 1];
  if (comma !== null && commentFree(text.slice(end(node), comma))) return [own];
  const pieces = comma === null ? [own] : [wholeLine(text, node.offset, end(node)), cut(comma, comma + 1)];
  if (comma !== null || previous === undefined) return pieces;
  const before = commaAfter(text, end(previous));
  if (before === null) return pieces;
  const between = text.slice(before + 1, node.offset);
  if (between.trim() === "" && !hasLineEnd(between)) return [cut(before, end(node))];
  return [cut(before, before + 1), ...pieces];
}

/**
 * The stretch with its whole line if nothing else is on it; otherwise with the blanks after it, or before it at a
 * line's end.
 */
function wholeLine(text: string, start: number, stop: number): TextEdit {
  const begin = lineStart(text, start);
  const next = nextLine(text, stop);
  if (begin > 0 && next !== null && text.slice(begin, start).trim() === "" && text.slice(stop, next).trim() === "")
    return cut(begin, next);
  const blanks = /^[ \t]*/.exec(text.slice(stop))?.[0].length ?? 0;
  const rest = text[stop + blanks];
  if (rest === "\n" || rest === "\r") return cut(text.slice(0, start).trimEnd().length, stop + blanks);
  return cut(start, rest === "}" || rest === "]" ? stop : stop + blanks);
}

function commentFree(text: string): boolean {
  return text.trim() === "";
}

function insert(offset: number, content: string): TextEdit {
  return { offset, length: 0, content };
}

function cut(start: number, stop: number): TextEdit {
  return { offset: start, length: stop - start, content: "" };
}

function end(node: Node): number {
  return node.offset + node.length;
}

const commaToken = 5;

/** Offset of the comma that follows blanks and comments; null if something else follows. */
function commaAfter(text: string, offset: number): number | null {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  return Number(scanner.scan()) === commaToken ? scanner.getTokenOffset() : null;
}

const lineComment = 12;
const blockComment = 13;
const trivia = 15;

/** The end of the comments that follow on the same line, at most `limit`; `offset` itself if there are none. */
function lineEnd(text: string, offset: number, limit: number): number {
  const scanner = createScanner(text, false);
  scanner.setPosition(offset);
  let found = offset;
  for (;;) {
    const token: number = scanner.scan();
    const stop = scanner.getTokenOffset() + scanner.getTokenLength();
    if (token === trivia && stop <= limit) continue;
    const comment =
      token === lineComment || (token === blockComment && !hasLineEnd(text.slice(scanner.getTokenOffset(), stop)));
    if (!comment || stop > limit) return found;
    found = stop;
    if (token === lineComment) return found;
  }
}

/** Levels of indentation of the line that contains an offset. */
function indentAt(text: string, offset: number, layout: Layout): number {
  const start = lineStart(text, offset);
  const blanks = /^[ \t]*/.exec(text.slice(start))?.[0] ?? "";
  return Math.round(blanks.length / layout.unit.length);
}
