/** Numbers for people: the same figure reads the same everywhere. */

/** Three significant digits: `0.171`, `12.3`, `1.2e-5`; `NaN` and `Infinity` as they are. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return trim(value.toExponential(2)).replace("e+", "e");
  if (size >= 1000) return String(Math.round(value));
  return trim(value.toPrecision(3));
}

/** A factor per timestep: finer where it is close to 1, because it is taken to the power of T. */
export function formatGain(gain: number): string {
  if (!Number.isFinite(gain) || gain === 0) return `×${gain}`;
  if (gain >= 0.9 && gain < 1.1) return `×${trim(gain.toFixed(3))}`;
  return gain < 1 ? `×${formatNumber(Number(gain.toPrecision(2)))}` : `×${formatNumber(gain)}`;
}

/** Decades with a sign: `+14.2`, `−7.4`, `−∞` for exactly nothing. */
export function formatDecades(decades: number): string {
  const size = Math.abs(decades);
  const digits = Number.isFinite(size) ? size.toFixed(1) : "∞";
  return Number.isNaN(decades) ? "NaN" : `${decades < 0 ? "−" : "+"}${digits}`;
}

/** A share, to three digits at most: `62.5 %`. */
export function formatPercent(share: number): string {
  return `${formatNumber(Math.round(share * 1000) / 10)} %`;
}

/** `1 timestep`, `34 timesteps`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** The nearest 1, 2 or 5 × a power of ten: a threshold that people would write. */
export function niceNumber(value: number): number {
  const exponent = Math.floor(Math.log10(value));
  const mantissa = value / 10 ** exponent;
  const nice = mantissa < 1.5 ? 1 : mantissa < 3.5 ? 2 : mantissa < 7.5 ? 5 : 10;
  return Number(`${nice}e${exponent}`);
}

/** The largest 1, 2 or 5 × a power of ten that does not exceed `value`. */
export function niceBelow(value: number): number {
  const exponent = Math.floor(Math.log10(value));
  const mantissa = value / 10 ** exponent;
  // A mantissa that rounding left just below a step counts as the step.
  const nice = mantissa >= 5 - 1e-9 ? 5 : mantissa >= 2 - 1e-9 ? 2 : 1;
  return Number(`${nice}e${exponent}`);
}

/** Removes zeros at the end of the fraction; an exponent keeps its own. */
function trim(text: string): string {
  const exponent = text.indexOf("e");
  const stop = exponent < 0 ? text.length : exponent;
  const point = text.lastIndexOf(".", stop);
  if (point < 0) return text;
  let end = stop;
  while (text[end - 1] === "0") end--;
  return text.slice(0, end - 1 === point ? point : end) + text.slice(stop);
}
