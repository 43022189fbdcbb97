/** Weights that tfjs's converter made shorter (`quantization` in a weightsManifest). */

export interface Quantization {
  readonly dtype: "uint8" | "uint16" | "float16";
  readonly scale?: number | undefined;
  readonly min?: number | undefined;
}

/** As tfjs's `io.decodeWeights` has it: v · scale + min of whole numbers, IEEE 754's half precision else. */
export function dequantized(bytes: ArrayBuffer, { dtype, scale = 1, min = 0 }: Quantization): Float32Array {
  if (dtype === "float16") return Float32Array.from(new Uint16Array(bytes), half);
  const stored = dtype === "uint8" ? new Uint8Array(bytes) : new Uint16Array(bytes);
  return Float32Array.from(stored, (v) => v * scale + min);
}

/** 1 bit of sign, 5 of exponent (bias 15), 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
