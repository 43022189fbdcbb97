/**
 * A curve of ‖d_t‖ in block characters, backward in time as the gradient travels: left the last timestep, right the first.
 *
 * The vertical scale is the same for every layer and every run, relative to the last timestep:
 *
 *     █  grown by 3 decades or more      ▅  as large as at the end: from ε^¼ up to a factor 2
 *     ▇  1.5 to 3 decades                ▄ ▃ ▂  shrunk, each a quarter of the way to ε
 *     ▆  a factor 2 to 1.5 decades       ▁  below ε     ·  zero, or below what float32 can hold     ✕  NaN or Infinity
 *
 * So a level line is a gradient that survives, falling is vanishing, rising is exploding.
 */

import { lastWithSignal } from "../../protocol/history/reach.ts";

export const nonFiniteMark = "✕";
export const zeroMark = "·";

/**
 * At most `cells` characters for T values of log₁₀ ‖d_t‖ (index t − 1). Each character shows the largest of its
 * timesteps, or `✕` if any of them is NaN or Infinity.
 */
export function sparkline(logNorm: Float64Array, cells: number, epsilon = 0.01): string {
  const T = logNorm.length;
  const width = Math.min(T, Math.max(0, Math.floor(cells)));
  const last = lastWithSignal(logNorm);
  const end = last < 0 ? 0 : logNorm[last]!;
  const reference = Number.isFinite(end) ? end : 0;
  let text = "";
  for (let cell = 0; cell < width; cell++) {
    let max = Number.NEGATIVE_INFINITY;
    for (let lag = Math.floor((cell * T) / width); lag < Math.floor(((cell + 1) * T) / width); lag++)
      max = Math.max(max, logNorm[T - 1 - lag]!);
    text += glyph(max, reference, Math.log10(epsilon));
  }
  return text;
}

/** The cell of a sparkline of `width` characters that shows the timestep `lag` before the last. */
export function cellOfLag(lag: number, timesteps: number, width: number): number {
  let cell = Math.min(width - 1, Math.floor((lag * width) / timesteps));
  while (cell + 1 < width && Math.floor(((cell + 1) * timesteps) / width) <= lag) cell++;
  return cell;
}

function glyph(value: number, reference: number, logEpsilon: number): string {
  if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) return nonFiniteMark;
  if (value === Number.NEGATIVE_INFINITY) return zeroMark;
  const decades = value - reference;
  if (decades >= 3) return "█";
  if (decades >= 1.5) return "▇";
  if (decades >= Math.log10(2)) return "▆";
  const shrunk = decades / logEpsilon;
  if (shrunk <= 0.25) return "▅";
  if (shrunk <= 0.5) return "▄";
  if (shrunk <= 0.75) return "▃";
  return shrunk <= 1 ? "▂" : "▁";
}
