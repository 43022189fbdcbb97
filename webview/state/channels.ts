/** The quantities of a recurrent layer that the heat map and the profile can show, and how to read each. */

import type { Channel } from "../../src/protocol/frame.ts";
import { formatDecades, formatGain, formatNumber, formatPercent } from "../../src/protocol/numberText.ts";
import { type LayerInfo, type StateName, stateNames } from "../../src/protocol/run.ts";
import { stateSymbol } from "../../src/protocol/stateText.ts";
import { logTick } from "../text/axisText.ts";

export const viewNames = [...stateNames, "gain", "contribution", "gates"] as const;
/** The switch above the heat map. */
export type ViewName = (typeof viewNames)[number];

export const viewTitles: { readonly [V in ViewName]: string } = {
  h: "State gradient ∂L/∂hₜ",
  c: "State gradient ∂L/∂cₜ of the LSTM's cell state",
  m: "State gradient ∂L/∂Mₜ of the external memory",
  gain: "Gain: factor by which the state gradient changes over one timestep backward",
  contribution: "Contribution of each timestep to the gradient of the recurrent weights",
  gates: "Shares of nearly closed and nearly open gates, and the time-scale they make",
};

export interface ChannelView {
  readonly channel: Channel;
  readonly view: ViewName;
  /** `log₁₀ ‖∂L/∂hₜ‖` */
  readonly symbol: string;
  /** Short name among the channels of one view: `forget > 0.9`. */
  readonly short: string;
  readonly unit: string;
  /** Its meaning, in one sentence. */
  readonly meaning: string;
  /** Colours: by magnitude, or around a centre at 0 of the plotted value. */
  readonly colours: "sequential" | "diverging";
  /** The range of the plotted value if it is not taken from the data. */
  readonly fixed: readonly [number, number];
  /** The plotted range never follows the data. */
  readonly bounded: boolean;
  /** Measured value → plotted value (log₁₀ for factors). */
  plot(value: number): number;
  /** Measured value → text with its unit. */
  text(value: number): string;
  /** Plotted value → label at an axis. */
  tick(plotted: number): string;
  /** Meaning of −∞ as a plotted value. */
  readonly zero: string;
  /** Meaning of NaN. */
  readonly nan: string;
}

const same = (v: number): number => v;
const log = (v: number): number => Math.log10(v);
const decadesTick = (v: number): string => String(Number(v.toFixed(1))).replace("-", "−");

function logQuantity(
  channel: Channel,
  view: ViewName,
  symbol: string,
  meaning: string,
  floor: number | null,
): ChannelView {
  const zero = floor === null ? "zero" : `zero, or below 10^${floor}`.replace("-", "−");
  return {
    channel,
    view,
    symbol,
    short: view,
    unit: "decades",
    meaning,
    colours: "sequential",
    fixed: [-12, 2],
    bounded: false,
    plot: same,
    text: (v) =>
      v === Number.NEGATIVE_INFINITY
        ? floor === null
          ? "zero"
          : `≤ ${decadesTick(floor)} decades`
        : Number.isFinite(v)
          ? `${formatDecades(v)} decades`
          : formatDecades(v),
    tick: decadesTick,
    zero,
    nan: "not a number",
  };
}

function gradientOf(state: StateName, floor: number | null): ChannelView {
  const what = state === "m" ? "the memory's content" : state;
  return logQuantity(
    `${state}.logNorm`,
    state,
    `log₁₀ ‖∂L/∂${stateSymbol(state)}ₜ‖`,
    `State gradient: how strongly the loss depends on ${what} at timestep t, through every later timestep.`,
    floor,
  );
}

function gainOf(state: StateName): ChannelView {
  return {
    channel: `${state}.gain`,
    view: "gain",
    symbol: "gain γₜ",
    short: `of ${state === "m" ? "memory" : state}`,
    unit: "per timestep",
    meaning: "Gain: the factor by which the state gradient changes over one timestep backward.",
    colours: "diverging",
    fixed: [-1, 1],
    bounded: false,
    plot: log,
    text: (v) => (Number.isNaN(v) ? "no gain: gradient is zero" : formatGain(v)),
    tick: (v) => `×${logTick(v)}`,
    zero: "gain 0",
    nan: "no gain: gradient is zero or not a number",
  };
}

function contribution(floor: number | null): ChannelView {
  return logQuantity(
    "logContribution",
    "contribution",
    "log₁₀ ‖∂L/∂U|ₜ‖",
    "Contribution of timestep t to the gradient of the recurrent weights.",
    floor,
  );
}

function gateShare(gate: string, end: "low" | "high"): ChannelView {
  const bound = end === "low" ? "< 0.1" : "> 0.9";
  return {
    channel: `gate.${gate}.${end}`,
    view: "gates",
    symbol: `share of ${gate} gate ${bound}`,
    short: `${gate} ${bound}`,
    unit: "share of gate values",
    meaning: `Share of the ${gate} gate's values that are ${bound}: gates there pass hardly any gradient of their own.`,
    colours: "sequential",
    fixed: [0, 1],
    bounded: true,
    plot: same,
    text: formatPercent,
    tick: formatPercent,
    zero: "zero",
    nan: "not a number",
  };
}

const timescale: ChannelView = {
  channel: "timescale",
  view: "gates",
  symbol: "time-scale 1/(1 − f)",
  short: "time-scale",
  unit: "timesteps",
  meaning: "Mean time-scale 1/(1 − f): the number of timesteps over which the gates keep the state.",
  colours: "sequential",
  fixed: [0, 3],
  bounded: false,
  plot: log,
  text: (v) => `${formatNumber(v)} timesteps`,
  tick: logTick,
  zero: "zero",
  nan: "not a number",
};

/** All quantities measured for a layer, in the order of the switch. */
export function channelViews({ recurrent }: LayerInfo, channels: readonly Channel[]): readonly ChannelView[] {
  const floor = recurrent?.floor ?? null;
  const all = [
    ...stateNames.map((state) => gradientOf(state, floor)),
    ...stateNames.map(gainOf),
    contribution(floor),
    ...(recurrent?.gates ?? []).flatMap((gate) => [gateShare(gate, "low"), gateShare(gate, "high")]),
    timescale,
  ];
  return all.filter(({ channel }) => channels.includes(channel));
}
