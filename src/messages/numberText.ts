/** Writes numbers for people: the same figure reads the same in the terminal, the editor and the panel. */

/**
 * Three significant digits, without zeros at the end: `0.171`, `12.3`, `1235`, `1.23e−5`; `NaN`, `∞`, `−∞`.
 */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return trueMinus(trim(value.toExponential(2)).replace("e+", "e"));
  if (size >= 999.5) return formatCount(value);
  return trueMinus(trim(value.toPrecision(3)));
}

/** A whole number with all its digits, ungrouped as in configs and logs: `12000`. */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? trueMinus(String(Math.round(value) || 0)) : notFinite(value);
}

/** A factor per timestep: more digits close to 1, because it is raised to the power of T. */
export function formatGain(gain: number): string {
  if (gain >= 0.9 && gain < 1.1) return `×${trim(gain.toFixed(3))}`;
  return gain < 1 ? `×${formatNumber(Number(gain.toPrecision(2)))}` : `×${formatNumber(gain)}`;
}

/** Decades with a sign and one decimal: `+14.2`, `−7.4`, `0.0`; `−∞` for exactly zero. */
export function formatDecades(decades: number): string {
  if (!Number.isFinite(decades)) return decades === Number.POSITIVE_INFINITY ? "+∞" : notFinite(decades);
  const text = decades.toFixed(1);
  if (Number(text) === 0) return "0.0";
  return decades > 0 ? `+${text}` : trueMinus(text);
}

/** A share of one, to a tenth of a percent: `62.5 %`, `< 0.1 %`. */
export function formatPercent(share: number): string {
  const tenths = Math.round(share * 1000);
  return tenths === 0 && share > 0 ? "< 0.1 %" : `${formatNumber(tenths / 10)} %`;
}

/** `1 timestep`, `34 timesteps`. */
export function count(n: number, noun: string): string {
  return `${formatCount(n)} ${noun}${n === 1 ? "" : "s"}`;
}

function notFinite(value: number): string {
  return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
}

/** Replaces every hyphen by U+2212. */
function trueMinus(text: string): string {
  return text.replaceAll("-", "−");
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
