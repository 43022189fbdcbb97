/** Writes a shape the way people do: `(100, 2)`; an open dimension is `?`. */
export function shapeText(shape: readonly (number | null)[]): string {
  return `(${shape.map((d) => d ?? "?").join(", ")})`;
}
