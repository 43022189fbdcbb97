/** Rows that lie within a quoted cell, because two quotes that belong to no cell enclose them. */

/** A number, a date in figures or a time of day. */
const figures = /^[-+]?\d[\d.,:/T -]*$/;

const isFigure = (cell: string | undefined) => figures.test(cell?.trim() ?? "");

/**
 * @param record the cells of a row
 * @returns how many lines within one of its cells are rows, or the ends of rows: with as many cells, and figures where the
 * row has them
 */
export function swallowedRows(record: readonly string[], separator: string): number {
  if (record.length < 2) return 0;
  const numbers = record.flatMap((cell, i) => (isFigure(cell) ? [i] : []));
  if (numbers.length === 0) return 0;
  for (const [at, cell] of record.entries()) {
    if (!cell.includes("\n")) continue;
    const lines = cell.split("\n");
    // The first and the last line are parts of rows.
    const within = lines.slice(1, -1);
    const rows = within.filter((line) => {
      const cells = line.split(separator);
      return cells.length === record.length && numbers.every((i) => isFigure(cells[i]));
    });
    if (rows.length > 0 && rows.length === within.length) return rows.length;
    const others = numbers.filter((i) => i !== at);
    if (others.length === 0 || rows.length < within.length) continue;
    const rest = (lines[0] ?? "").split(separator);
    const begun = (lines.at(-1) ?? "").split(separator);
    const cut = rest.length === record.length - at && begun.length === at + 1;
    if (cut && others.every((i) => isFigure(i > at ? rest[i - at] : begun[i]))) return lines.length - 1;
  }
  return 0;
}

export function lineBreaks(record: readonly string[]): number {
  return record.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
}
