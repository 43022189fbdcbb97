/** Labels of axes. */

import { formatNumber } from "../../src/protocol/numberText.ts";

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** `10⁻³` */
export function powerOfTen(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((d) => superscripts[Number(d)]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** Label of a linear axis: its ticks are short numbers, and rounding errors of their sums must not show. */
export function linearTick(x: number): string {
  return String(Number(x.toPrecision(3))).replaceAll("-", "−");
}

/** Label of a logarithmic axis at log₁₀ value `x`. */
export function logTick(x: number): string {
  if (Number.isInteger(x) && Math.abs(x) >= 3) return powerOfTen(x);
  return formatNumber(Number((10 ** x).toPrecision(2)));
}
