/** Extracts the message of a tfjs exception, without the noise around it. */
export function plainMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const plain = text
    .replace(/^(?:Error|ValueError|RuntimeError|NotImplementedError|AssertionError): /, "")
    .replace(/\s+/g, " ")
    .trim();
  const short = plain.length > 400 ? `${plain.slice(0, 400)}…` : plain;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}
