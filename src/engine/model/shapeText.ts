/** A shape as people write it: `(100, 2)`; an open dimension is `?`. */
export function shapeText(shape: readonly (number | null)[]): string {
  return `(${shape.map((d) => d ?? "?").join(", ")})`;
}
