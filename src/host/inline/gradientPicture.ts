/**
 * The hover's picture: log₁₀‖∂L/∂s_t‖ over the timesteps of one recurrent layer, as an SVG.
 *
 * It reads backward in time like the sparkline: the last timestep is on the left, the first on the right. An image in a
 * hover does not know the theme, so all colours are mid-tones that stand out from a light and a dark background
 * (contrast ≥ 3:1 on both), and lines also differ in dashes and labels.
 */

import { inlineWords } from "../../messages/inline.ts";

export interface PictureState {
  /** Its symbol: `h`, `c` or `M`. */
  readonly name: string;
  /** log₁₀ norms, timestep 1 first; −Infinity where zero. */
  readonly logNorm: Float64Array;
}

export interface PictureOptions {
  readonly states: readonly PictureState[];
  /** ε, the share of the last state gradient that must survive. */
  readonly epsilon: number;
  /** Timesteps back the gradient reaches, or null. */
  readonly horizon: number | null;
  /** Timesteps back it needs to reach, or null. */
  readonly requiredLag: number | null;
  /** Pixels. Default 130. */
  readonly height?: number;
}

const width = 600;
const left = 36;
// The meaning of the lines is written outside the plot, on a row or side each, so that no label covers another or a
// curve.
const right = width - 62;
const top = 28;
const below = 16;
/** Pixels between ticks, so that their labels do not touch. */
const tickHeight = 13;
const ink = "#8a8a8a";
const strokes = ["#3d85c6", "#b8741a", "#a35bc0"];
const patterns = ["", "5 2", "2 2"];
const thresholdInk = "#c2504d";
const horizonInk = "#5c9130";

/** Null if there is nothing finite to draw. */
export function gradientPicture(options: PictureOptions): string | null {
  const { height = 130 } = options;
  const bottom = height - below;
  const finite = options.states.flatMap((s) => [...s.logNorm].filter(Number.isFinite));
  const timesteps = options.states[0]?.logNorm.length ?? 0;
  if (finite.length === 0 || timesteps < 2) return null;
  const reference = lastFinite(options.states[0]?.logNorm);
  const threshold = reference === undefined ? undefined : reference + Math.log10(options.epsilon);
  // Without bounds one underflow would flatten everything else to a line; the axis shows where it was cut.
  const highest = Math.max(...finite, threshold ?? Number.NEGATIVE_INFINITY);
  const lowest = Math.min(...finite, threshold ?? Number.POSITIVE_INFINITY);
  const max = Math.ceil(highest + 0.2);
  const min = Math.min(max - 2, Math.floor(lowest - 0.2));
  const x = (timestep: number): number => round(left + ((timesteps - timestep) / (timesteps - 1)) * (right - left));
  const y = (value: number): number => round(top + ((max - value) / (max - min)) * (bottom - top));

  const parts = [axes(min, max, timesteps, x, y)];
  if (threshold !== undefined) {
    parts.push(line(left, y(threshold), right, y(threshold), thresholdInk, "4 3"));
    parts.push(label(right + 5, y(threshold) + 3, "start", `ε = ${options.epsilon}`, thresholdInk));
  }
  if (options.requiredLag !== null) {
    const at = x(Math.max(1, timesteps - options.requiredLag));
    parts.push(
      line(at, top - 16, at, bottom, ink, "1 3"),
      label(at, top - 18, sideOf(at), inlineWords().requiredMark, ink),
    );
  }
  if (options.horizon !== null && Number.isFinite(options.horizon)) {
    const at = x(Math.max(1, timesteps - options.horizon));
    parts.push(
      line(at, top - 4, at, bottom, horizonInk, "6 2"),
      label(at, top - 6, sideOf(at), inlineWords().horizonMark, horizonInk),
    );
  }
  options.states.forEach((state, i) => {
    const colour = strokes[i % strokes.length] ?? ink;
    parts.push(curve(state.logNorm, x, (v) => y(Math.max(min, v)), colour, patterns[i % patterns.length] ?? ""));
    if (options.states.length > 1)
      parts.push(
        label(x(1) - 38 - 40 * (options.states.length - 1 - i), bottom + 12, "end", `∂L/∂${state.name}`, colour),
      );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="10">${parts.join("")}</svg>`;
}

function axes(min: number, max: number, timesteps: number, x: (t: number) => number, y: (v: number) => number): string {
  const bottom = y(min);
  const every = tickDistance(max - min, Math.floor((bottom - top) / tickHeight));
  const parts = [line(left, top, left, bottom, ink), line(left, bottom, right, bottom, ink)];
  for (let decade = Math.floor(max / every) * every; decade >= min; decade -= every)
    parts.push(
      line(left - 3, y(decade), left, y(decade), ink),
      label(left - 5, y(decade) + 3, "end", String(decade).replace("-", "−"), ink),
    );
  parts.push(
    label(x(timesteps), bottom + 12, "start", `t = ${timesteps}`, ink),
    label(x(1), bottom + 12, "end", "t = 1", ink),
  );
  parts.push(label((left + right) / 2, bottom + 12, "middle", inlineWords().pictureAxis, ink));
  return parts.join("");
}

/** Distance of the ticks in whole decades, a round number. */
function tickDistance(decades: number, most: number): number {
  return [1, 2, 5, 10, 20, 50, 100].find((n) => n >= decades / most) ?? Math.ceil(decades / most);
}

/** The side of its line on which a label stays within the picture. */
function sideOf(at: number): "start" | "middle" | "end" {
  return at > right - 40 ? "end" : at < left + 40 ? "start" : "middle";
}

function curve(
  values: Float64Array,
  x: (t: number) => number,
  y: (v: number) => number,
  colour: string,
  dash: string,
): string {
  const points: string[][] = [[]];
  for (let t = values.length; t >= 1; t--) {
    const value = values[t - 1] ?? Number.NaN;
    // Zero (−Infinity) lies at the bottom; NaN and Infinity break the line and get a mark at the top.
    if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) points.push([]);
    else points.at(-1)?.push(`${x(t)},${y(value)}`);
  }
  const pieces = points
    .filter((p) => p.length > 0)
    .map((p) => (p.length === 1 ? p.concat(p) : p))
    .map(
      (p) =>
        `<polyline fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"${dashes(dash)} points="${p.join(" ")}"/>`,
    );
  const broken = [...values.keys()]
    .filter((i) => Number.isNaN(values[i]) || values[i] === Number.POSITIVE_INFINITY)
    .map((i) => label(x(i + 1), top - 3, "middle", "×", thresholdInk));
  return pieces.join("") + broken.join("");
}

function lastFinite(values: Float64Array | undefined): number | undefined {
  return values?.findLast((v) => Number.isFinite(v));
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string, dash = ""): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}"${dashes(dash)}/>`;
}

function label(x: number, y: number, anchor: "start" | "middle" | "end", text: string, colour: string): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${colour}">${text}</text>`;
}

function dashes(dash: string): string {
  return dash === "" ? "" : ` stroke-dasharray="${dash}"`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
