/** Checks whether bytes are a PNG picture: the page that sends them is not trusted. */

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** Most pixels per side: more than any screen has. */
const largestSide = 16_384;

/**
 * Checks the signature, the first chunk IHDR with width and height, and the empty IEND at the end (PNG specification,
 * W3C 2003, 5.2 and 11.2.2).
 */
export function isPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 45 || signature.some((byte, i) => bytes[i] !== byte)) return false;
  const side = (at: number): boolean => view.getUint32(at) > 0 && view.getUint32(at) <= largestSide;
  const named = (at: number, name: string): boolean => [...name].every((c, i) => bytes[at + i] === c.charCodeAt(0));
  const header = view.getUint32(8) === 13 && named(12, "IHDR") && side(16) && side(20);
  return header && view.getUint32(bytes.length - 12) === 0 && named(bytes.length - 8, "IEND");
}
