/** Draws matrices and spectra in block characters. */

/** Shades by the share of the largest value, in decades below it. */
const shades: readonly (readonly [number, string])[] = [
  [-1, "█"],
  [-2, "▓"],
  [-4, "▒"],
  [-8, "░"],
];

export interface BlockGrid {
  /** Lines of the picture; the last row of the matrix is on top. */
  readonly lines: readonly string[];
}

/** Shades log₁₀ values relative to the largest; each cell shows the largest of the values it covers. */
export function blockGrid(columns: readonly Float64Array[], mostRows: number, mostColumns: number): BlockGrid {
  const height = columns[0]?.length ?? 0;
  const [rows, width] = [Math.min(height, mostRows), Math.min(columns.length, mostColumns)];
  const cell = (row: number, column: number): number => {
    let most = Number.NEGATIVE_INFINITY;
    const [left, right] = [
      Math.floor((column * columns.length) / width),
      Math.floor(((column + 1) * columns.length) / width),
    ];
    const [from, to] = [Math.floor((row * height) / rows), Math.floor(((row + 1) * height) / rows)];
    for (const values of columns.slice(left, right))
      for (const v of values.subarray(from, to)) most = Math.max(most, v);
    return most;
  };
  const cells = Array.from({ length: rows }, (_, r) => Array.from({ length: width }, (__, c) => cell(r, c)));
  const top = Math.max(...cells.flat());
  const shade = (v: number): string => {
    if (Number.isNaN(v)) return "✕";
    if (v === Number.NEGATIVE_INFINITY) return " ";
    return shades.find(([least]) => v - top >= least)?.[1] ?? "·";
  };
  // Widen a matrix of few columns to make it visible.
  const times = Math.max(1, Math.floor(8 / Math.max(1, width)));
  return { lines: cells.map((line) => line.map((v) => shade(v).repeat(times)).join("")).reverse() };
}

/** Draws values as a row of bars, on a scale from 0 to the larger of 1 and the largest value. */
export function spectrumBars(values: readonly number[], mostCells: number): string {
  const glyphs = "▁▂▃▄▅▆▇█";
  const cells = Math.min(values.length, mostCells);
  const top = Math.max(1, ...values);
  return Array.from({ length: cells }, (_, c) => {
    const own = values.slice(Math.floor((c * values.length) / cells), Math.floor(((c + 1) * values.length) / cells));
    return glyphs[Math.min(7, Math.floor((8 * Math.max(...own)) / top))] ?? "✕";
  }).join("");
}
