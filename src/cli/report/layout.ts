/** Lays out text in columns. All glyphs used are one character wide. */

/** Breaks text at spaces into lines of at most `width` characters, each led by `indent`. */
export function wrap(text: string, width: number, indent: string): string[] {
  const room = Math.max(20, width - indent.length);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((l) => indent + l);
}

/** Pads text to `width`, or cuts it and ends it with `…`. */
export function fill(text: string, width: number): string {
  return text.length <= width ? text.padEnd(width) : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Widths of the columns of a table, from its widest cells. */
export function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const count = Math.max(0, ...rows.map((r) => r.length));
  return Array.from({ length: count }, (_, c) => Math.max(...rows.map((r) => (r[c] ?? "").length)));
}
