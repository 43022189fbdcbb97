/** Restores weights that tfjs's converter has quantized (`quantization` in a weightsManifest). */

import { numberOfHalf } from "../../reading/half.ts";

export interface Quantization {
  readonly dtype: "uint8" | "uint16" | "float16";
  readonly scale?: number | undefined;
  readonly min?: number | undefined;
}

/** Same result as tfjs's `io.decodeWeights`: v · scale + min for whole numbers, otherwise IEEE 754 half precision. */
export function dequantized(bytes: ArrayBuffer, { dtype, scale = 1, min = 0 }: Quantization): Float32Array {
  if (dtype === "float16") return Float32Array.from(new Uint16Array(bytes), numberOfHalf);
  const stored = dtype === "uint8" ? new Uint8Array(bytes) : new Uint16Array(bytes);
  return Float32Array.from(stored, (v) => v * scale + min);
}
