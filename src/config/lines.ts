/** Lines of a text, as editors and JSON count them: each ends with "\n", "\r\n" or a lone "\r". */

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** Start offsets of the lines of one text: built once, in one pass, and searched by bisection. */
export class LineIndex {
  /** Offsets, ascending; the first is 0. */
  private readonly starts: readonly number[];

  constructor(text: string) {
    const starts = [0];
    let newline = text.indexOf("\n");
    let carriage = text.indexOf("\r");
    while (newline >= 0 || carriage >= 0) {
      const first = carriage < 0 || (newline >= 0 && newline < carriage) ? newline : carriage;
      const start = first === carriage && newline === first + 1 ? first + 2 : first + 1;
      starts.push(start);
      if (newline >= 0 && newline < start) newline = text.indexOf("\n", start);
      if (carriage >= 0 && carriage < start) carriage = text.indexOf("\r", start);
    }
    this.starts = starts;
  }

  position(offset: number): Position {
    const line = this.lineOf(offset);
    return { line: line + 1, column: offset - (this.starts[line] ?? 0) + 1 };
  }

  /** Whether a line ends within the stretch. */
  isBroken(offset: number, length: number): boolean {
    return (this.starts[this.lineOf(offset) + 1] ?? Number.POSITIVE_INFINITY) <= offset + length;
  }

  /** Index of the last line that begins at or before `offset`. */
  private lineOf(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Start offset of the line that contains `offset`. */
export function lineStart(text: string, offset: number): number {
  if (offset <= 0) return 0;
  return Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
}

/** The offset after the end of the line that contains `offset`; null for the last line, which has no end. */
export function nextLine(text: string, offset: number): number | null {
  for (let at = offset; at < text.length; at++) {
    if (text[at] === "\n") return at + 1;
    if (text[at] === "\r") return text[at + 1] === "\n" ? at + 2 : at + 1;
  }
  return null;
}

/** Whether a line ends in `text`. */
export function hasLineEnd(text: string): boolean {
  return text.includes("\n") || text.includes("\r");
}

/** The line end that a text uses; "\n" if it has none. */
export function lineEndOf(text: string): "\n" | "\r\n" | "\r" {
  if (text.includes("\r\n")) return "\r\n";
  return text.includes("\r") && !text.includes("\n") ? "\r" : "\n";
}
