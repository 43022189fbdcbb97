/** The statements of a Python text: enough of its syntax to insert lines, without running anything. */

export interface Statement {
  /** Offsets of its first line's beginning and of the line after its last. */
  readonly start: number;
  readonly end: number;
  /** Columns of white space before it. */
  readonly indent: number;
  /** The white space itself. */
  readonly margin: string;
  /** Its text without strings and comments, in one line. */
  readonly code: string;
  /** Line of its beginning, counted from 1. */
  readonly line: number;
}

/** The text with comments blanked and strings emptied, each character in its place. */
export function masked(text: string): string {
  return scan(text).code;
}

interface Scan {
  readonly code: string;
  /** Numbers, from 0, of the lines that begin within a string. */
  readonly inString: ReadonlySet<number>;
}

/** One pass over the text: no character is looked at more than a few times. */
function scan(text: string): Scan {
  const parts: string[] = [];
  const inString = new Set<number>();
  let quote: string | null = null;
  let comment = false;
  let line = 0;
  for (let i = 0; i < text.length; i++) {
    const at = text.charAt(i);
    if (at === "\n") {
      line += 1;
      comment = false;
      // A string in single quotes ends with its line: the program is not finished.
      if (quote?.length === 1 && text.charAt(i - 1) !== "\\") quote = null;
      if (quote !== null) inString.add(line);
      parts.push(at);
    } else if (comment) parts.push(at === "\r" ? at : " ");
    else if (quote !== null) {
      if (at === "\\" && text.charAt(i + 1) !== "\n") {
        parts.push("  ");
        i += 1;
      } else if (text.startsWith(quote, i)) {
        parts.push(`${" ".repeat(quote.length - 1)}"`);
        i += quote.length - 1;
        quote = null;
      } else parts.push(at === "\r" ? at : " ");
    } else if (at === '"' || at === "'") {
      quote = text.startsWith(at.repeat(3), i) ? at.repeat(3) : at;
      parts.push(`"${" ".repeat(quote.length - 1)}`);
      i += quote.length - 1;
    } else if (at === "#") {
      comment = true;
      parts.push(" ");
    } else parts.push(at);
  }
  return { code: parts.join(""), inString };
}

/** A statement may take several lines: within brackets, or after a backslash. Strings of several lines stay whole. */
export function statementsOf(text: string): readonly Statement[] {
  const found: Statement[] = [];
  const { code, inString } = scan(text);
  let offset = 0;
  let depth = 0;
  let open: { start: number; line: number; margin: string; code: string } | null = null;
  for (const [i, row] of code.split("\n").entries()) {
    const end = Math.min(code.length, offset + row.length + 1);
    if (open === null && row.trim() !== "" && !inString.has(i))
      open = { start: offset, line: i + 1, margin: /^[ \t]*/.exec(row)?.[0] ?? "", code: "" };
    if (open) {
      depth += (row.match(/[([{]/g)?.length ?? 0) - (row.match(/[)\]}]/g)?.length ?? 0);
      open.code += `${open.code === "" ? "" : " "}${row.trim().replace(/\\$/, "")}`;
      const goesOn = depth > 0 || /\\\r?$/.test(row) || inString.has(i + 1);
      if (!goesOn) {
        const { margin } = open;
        found.push({ ...open, end, indent: margin.replaceAll("\t", "        ").length });
        open = null;
        depth = 0;
      }
    }
    offset = end;
  }
  return found;
}
