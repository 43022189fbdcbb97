/** The quantities of a recurrent layer that the heat map and the profile can show, and how to read each. */

import { chartWords } from "../../src/messages/charts.ts";
import type { Channel } from "../../src/protocol/frame.ts";
import { formatDecades, formatGain, formatNumber, formatPercent } from "../../src/protocol/numberText.ts";
import { type LayerInfo, type StateName, stateNames } from "../../src/protocol/run.ts";
import { stateSymbol } from "../../src/protocol/stateText.ts";
import { logTick } from "../text/axisText.ts";

export const viewNames = [...stateNames, "gain", "contribution", "gates"] as const;
/** The switch above the heat map. */
export type ViewName = (typeof viewNames)[number];

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
  const zero = floor === null ? chartWords().zero : chartWords().zeroOrBelow(`10^${floor}`.replace("-", "−"));
  return {
    channel,
    view,
    symbol,
    short: chartWords().views[view],
    unit: chartWords().decades,
    meaning,
    colours: "sequential",
    fixed: [-12, 2],
    bounded: false,
    plot: same,
    text: (v) =>
      v === Number.NEGATIVE_INFINITY
        ? floor === null
          ? chartWords().zero
          : chartWords().atMostDecades(decadesTick(floor))
        : Number.isFinite(v)
          ? chartWords().decadesOf(formatDecades(v))
          : formatDecades(v),
    tick: decadesTick,
    zero,
    nan: chartWords().notANumber,
  };
}

function gradientOf(state: StateName, floor: number | null): ChannelView {
  return logQuantity(
    `${state}.logNorm`,
    state,
    `log₁₀ ‖∂L/∂${stateSymbol(state)}ₜ‖`,
    chartWords().stateMeaning(state === "m" ? null : state),
    floor,
  );
}

function gainOf(state: StateName): ChannelView {
  return {
    channel: `${state}.gain`,
    view: "gain",
    symbol: chartWords().gainSymbol,
    short: chartWords().gainOf(state === "m" ? null : state),
    unit: chartWords().perTimestep,
    meaning: chartWords().gainMeaning,
    colours: "diverging",
    fixed: [-1, 1],
    bounded: false,
    plot: log,
    text: (v) => (Number.isNaN(v) ? chartWords().noGain : formatGain(v)),
    tick: (v) => `×${logTick(v)}`,
    zero: chartWords().gainZero,
    nan: chartWords().noGainOrNan,
  };
}

function contribution(floor: number | null): ChannelView {
  return logQuantity("logContribution", "contribution", "log₁₀ ‖∂L/∂U|ₜ‖", chartWords().contributionMeaning, floor);
}

function gateShare(gate: string, end: "low" | "high"): ChannelView {
  const bound = end === "low" ? "< 0.1" : "> 0.9";
  return {
    channel: `gate.${gate}.${end}`,
    view: "gates",
    symbol: chartWords().gateShare({ gate, bound }),
    short: chartWords().gateShort({ gate, bound }),
    unit: chartWords().gateUnit,
    meaning: chartWords().gateMeaning({ gate, bound }),
    colours: "sequential",
    fixed: [0, 1],
    bounded: true,
    plot: same,
    text: formatPercent,
    tick: formatPercent,
    zero: chartWords().zero,
    nan: chartWords().notANumber,
  };
}

const timescale = (): ChannelView => ({
  channel: "timescale",
  view: "gates",
  symbol: chartWords().timescaleSymbol,
  short: chartWords().timescale,
  unit: chartWords().timesteps,
  meaning: chartWords().timescaleMeaning,
  colours: "sequential",
  fixed: [0, 3],
  bounded: false,
  plot: log,
  text: (v) => chartWords().timestepsOf(formatNumber(v)),
  tick: logTick,
  zero: chartWords().zero,
  nan: chartWords().notANumber,
});

/** All quantities measured for a layer, in the order of the switch. */
export function channelViews({ recurrent }: LayerInfo, channels: readonly Channel[]): readonly ChannelView[] {
  const floor = recurrent?.floor ?? null;
  const all = [
    ...stateNames.map((state) => gradientOf(state, floor)),
    ...stateNames.map(gainOf),
    contribution(floor),
    ...(recurrent?.gates ?? []).flatMap((gate) => [gateShare(gate, "low"), gateShare(gate, "high")]),
    timescale(),
  ];
  return all.filter(({ channel }) => channels.includes(channel));
}
