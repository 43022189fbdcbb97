/** Restores weights that tfjs's converter has quantized (`quantization` in a weightsManifest). */

export interface Quantization {
  readonly dtype: "uint8" | "uint16" | "float16";
  readonly scale?: number | undefined;
  readonly min?: number | undefined;
}

/** Same result as tfjs's `io.decodeWeights`: v · scale + min for whole numbers, otherwise IEEE 754 half precision. */
export function dequantized(bytes: ArrayBuffer, { dtype, scale = 1, min = 0 }: Quantization): Float32Array {
  if (dtype === "float16") return Float32Array.from(new Uint16Array(bytes), half);
  const stored = dtype === "uint8" ? new Uint8Array(bytes) : new Uint16Array(bytes);
  return Float32Array.from(stored, (v) => v * scale + min);
}

/** Decodes 1 sign bit, 5 exponent bits (bias 15) and 10 fraction bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
