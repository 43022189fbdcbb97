/** Writes shapes and tfjs's exceptions for people. */

/** Extracts the message of a tfjs exception, without the noise around it. */
export function plainMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const plain = text
    .replace(/^(?:Error|ValueError|RuntimeError|NotImplementedError|AssertionError): /, "")
    .replace(/\s+/g, " ")
    .trim();
  const short = plain.length > 400 ? `${plain.slice(0, 400)}…` : plain;
  return /[.!?…。]$/.test(short) ? short : `${short}.`;
}

/** Writes a shape the way people do: `(100, 2)`; an open dimension is `?`. */
export function shapeText(shape: readonly (number | null)[]): string {
  return `(${shape.map((d) => d ?? "?").join(", ")})`;
}
