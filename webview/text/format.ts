/** The panel's number format: three significant digits, a true minus, independent of the locale. */

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function trueMinus(text: string): string {
  return text.replaceAll("-", "−");
}

function special(x: number): string | null {
  if (Number.isNaN(x)) return "NaN";
  if (x === Number.POSITIVE_INFINITY) return "∞";
  if (x === Number.NEGATIVE_INFINITY) return "−∞";
  return null;
}

/** `10⁻³` */
export function powerOfTen(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((d) => superscripts[Number(d)]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** Three significant digits: `0.167`, `4.90`, `1 230`, `1.23e−5`. */
export function significant(x: number): string {
  const s = special(x);
  if (s !== null) return s;
  if (x === 0) return "0";
  const magnitude = Math.abs(x);
  if (magnitude < 1e-3 || magnitude >= 1e5) {
    const [mantissa = "", exponent = ""] = x.toExponential(2).split("e");
    return trueMinus(`${mantissa}e${exponent.replace("+", "")}`);
  }
  if (magnitude >= 999.5) return count(Math.round(x));
  return trueMinus(x.toPrecision(3));
}

/** A whole number with thin spaces between thousands: `12 000`. */
export function count(x: number): string {
  const s = special(x);
  if (s !== null) return s;
  return trueMinus(grouped(String(Math.round(x))));
}

/** Inserts thin spaces between thousands; a number with an exponent stays as it is. */
function grouped(whole: string): string {
  const start = whole.startsWith("-") ? 1 : 0;
  if (whole.includes("e")) return whole;
  const parts: string[] = [];
  for (let end = whole.length; end > start; end -= 3) parts.unshift(whole.slice(Math.max(start, end - 3), end));
  return whole.slice(0, start) + parts.join("\u2009");
}

/** A log₁₀ with its sign: `−3.20`, `+1.05`, `0.00`; `zero` for −∞. */
export function decades(x: number): string {
  if (x === Number.NEGATIVE_INFINITY) return "zero";
  const s = special(x);
  if (s !== null) return s;
  const text = x.toFixed(2);
  if (Number(text) === 0) return "0.00";
  return trueMinus(x > 0 ? `+${text}` : text);
}

/** A factor: `×0.872`. */
export function factor(x: number): string {
  return `×${significant(x)}`;
}

/** A share of one: `12 %`, `0.4 %`. */
export function percent(x: number): string {
  const s = special(x);
  if (s !== null) return s;
  const p = x * 100;
  if (p > 0 && p < 0.1) return "< 0.1 %";
  return `${p === 0 || p >= 10 ? p.toFixed(0) : p.toPrecision(1)} %`;
}

/** `step 812`, or `steps 801–804`. */
export function stepSpan(first: number, last: number): string {
  return first === last ? `step ${count(first)}` : `steps ${count(first)}–${count(last)}`;
}

/** Label of a linear axis, without trailing zeros. */
export function linearTick(x: number): string {
  return trueMinus(String(Number(x.toPrecision(3))));
}

/** Label of a logarithmic axis at log₁₀ value `x`. */
export function logTick(x: number): string {
  if (Number.isInteger(x) && Math.abs(x) >= 3) return powerOfTen(x);
  return withoutZeros(significant(Number((10 ** x).toPrecision(2))));
}

/** Removes zeros at the end of the fraction. */
function withoutZeros(text: string): string {
  if (!text.includes(".")) return text;
  let end = text.length;
  while (text[end - 1] === "0") end--;
  return text.slice(0, text[end - 1] === "." ? end - 1 : end);
}
