/**
 * The text of a program's file as the editor shows it: where the expressions that a run names are in it now, and
 * whether they were edited. Places move along with edits, as the editor's own decorations do.
 */

import type { Range } from "../../config/source.ts";
import type { ProgramPlace } from "../../tensorboard/description.ts";
import type { TextChange } from "./configDocument.ts";

export interface FoundPlace {
  readonly range: Range;
  /** The expression is not the one that was measured any more. */
  readonly stale: boolean;
}

/** Most places that are followed in one text. */
const mostPlaces = 2000;

export class ProgramText {
  #text: string;
  #starts: readonly number[];
  readonly #ranges = new Map<string, Range>();

  constructor(text: string) {
    this.#text = text;
    this.#starts = lineStarts(text);
  }

  get text(): string {
    return this.#text;
  }

  /** @param changes in their order, each with an offset in the text before it */
  change(text: string, changes: readonly TextChange[]): void {
    for (const [key, range] of this.#ranges) this.#ranges.set(key, changes.reduce(moved, range));
    this.#text = text;
    this.#starts = lineStarts(text);
  }

  /** Where an expression is now. */
  place(place: ProgramPlace): FoundPlace {
    const key = `${place.line}:${place.column}:${place.endLine}:${place.endColumn}:${place.text}`;
    let range = this.#ranges.get(key);
    if (!range) {
      range = this.#look(place);
      if (this.#ranges.size < mostPlaces) this.#ranges.set(key, range);
    }
    const now = this.#text.slice(range.offset, range.offset + range.length);
    return { range, stale: normal(now) !== normal(place.text) };
  }

  /** The recorded place if the text there is the same, else the nearest one with that text. */
  #look({ line, column, text }: ProgramPlace): Range {
    const wanted = text.replaceAll("\r\n", "\n");
    const there = this.#offset(line, column);
    if (normal(this.#text.slice(there, there + wanted.length)) === wanted)
      return { offset: there, length: wanted.length };
    const before = wanted === "" ? -1 : this.#text.lastIndexOf(wanted, there);
    const after = wanted === "" ? -1 : this.#text.indexOf(wanted, there);
    const nearer = before < 0 || (after >= 0 && after - there < there - before) ? after : before;
    if (nearer >= 0) return { offset: nearer, length: wanted.length };
    const start = this.#starts[Math.min(line, this.#starts.length) - 1] ?? 0;
    const end = this.#text.indexOf("\n", start);
    const row = this.#text.slice(start, end < 0 ? undefined : end);
    const indent = row.length - row.trimStart().length;
    return { offset: start + indent, length: row.trim().length };
  }

  /** @param column counted from 1 in code points */
  #offset(line: number, column: number): number {
    const start = this.#starts[line - 1];
    if (start === undefined) return this.#text.length;
    const row = this.#text.slice(start, this.#starts[line]);
    return start + [...row].slice(0, column - 1).join("").length;
  }
}

function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

function normal(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

/** An edit at an end of the range, or within, belongs to it: that is how an argument is added. */
function moved({ offset, length }: Range, change: TextChange): Range {
  const end = offset + length;
  const last = change.offset + change.length;
  const grown = change.inserted - change.length;
  if (last < offset || (last === offset && change.length > 0 && change.inserted === 0))
    return { offset: offset + grown, length };
  if (last === offset && change.offset === offset) return { offset: offset + grown, length };
  if (change.offset >= end) return { offset, length };
  const from = Math.min(offset, change.offset);
  return { offset: from, length: Math.max(end, last) + grown - from };
}
