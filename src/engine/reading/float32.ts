import * as z from "zod";

/** Numbers in single precision, as they are; zod's own `instanceof` would require a buffer that no thread shares. */
export const float32 = z.custom<Float32Array>((value) => value instanceof Float32Array);
