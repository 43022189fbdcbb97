/** Numbers as messages carry them. */

import * as z from "zod";

/** Numbers that may be NaN or infinite: in this project those are findings, not errors. */
export const anyNumber = z.custom<number>((v) => typeof v === "number");

/** Never NaN: the code that measures it defines the value of an unknown share. */
export const share = z.number().min(0).max(1);

export const float64Schema = z.custom<Float64Array>((v) => v instanceof Float64Array);
