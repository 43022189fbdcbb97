/**
 * The bounded history of one run. The host, the panel and the command line store it, and the rules read it.
 *
 * Scalars are kept exactly up to `maxRows` steps, then the older half is decimated: of every four rows the minimum and
 * the maximum of each column are kept (and a NaN, if there is one), in their original order, so that a spike is never
 * lost. The first row, measured at the initial weights, does not change. Profiles are kept as columns of a heat map:
 * each column is the maximum over `stride` steps (NaN ranks above Infinity, and Infinity above numbers), and `stride`
 * doubles when all `maxColumns` are used. The newest profile of every channel is also kept unchanged.
 */

import type { Channel, Frame } from "./frame.ts";
import type { MeasuredNeed } from "./need.ts";
import type { Quantity, RunInfo } from "./run.ts";

/** A heat map: `columns × timesteps` values, column by column. */
export interface ProfileMap {
  /** T. */
  readonly timesteps: number;
  /** Columns in use. */
  readonly columns: number;
  /** First and last step of each column. */
  readonly firstSteps: Float64Array;
  readonly lastSteps: Float64Array;
  /** `columns × timesteps`, the values of a column side by side. */
  readonly values: Float64Array;
}

/** The data that a panel needs to continue a history elsewhere: plain data, typed arrays only. */
export interface HistorySnapshot {
  readonly info: RunInfo;
  readonly lastSeq: number;
  readonly lastStep: number;
  readonly steps: Float64Array;
  readonly rows: Float64Array;
  readonly need: MeasuredNeed | null;
  readonly maps: readonly {
    readonly layer: number;
    readonly channel: Channel;
    readonly stride: number;
    readonly latest: Float64Array;
    readonly map: ProfileMap;
  }[];
}

export interface RunHistory {
  readonly info: RunInfo;
  /** Sequence number of the newest frame; 0 before the first. */
  readonly lastSeq: number;
  /** Newest step; 0 before the first. */
  readonly lastStep: number;
  /** How far back the trained net uses its inputs; null: not measured (yet). */
  readonly need: MeasuredNeed | null;
  /** Steps of the kept rows, ascending. A view: valid until the next `append`. */
  readonly steps: Float64Array;
  /** One scalar over the kept steps, parallel to `steps`; undefined when the run has no such column. */
  series(quantity: Quantity, layer?: number | null, name?: string | null): Float64Array | undefined;
  /** Newest value of a scalar; undefined when there is none. */
  latest(quantity: Quantity, layer?: number | null, name?: string | null): number | undefined;
  /** Newest profile of a layer's channel. */
  profile(layer: number, channel: Channel): Float64Array | undefined;
  /** Heat map of a layer's channel. */
  map(layer: number, channel: Channel): ProfileMap | undefined;
  /** Channels for which a layer has profiles. */
  channels(layer: number): readonly Channel[];
  /** Adds a frame. Returns false, and adds nothing, if its `seq` does not follow `lastSeq`. */
  append(frame: Frame): boolean;
  /** Adds the measurement that follows the last step. */
  setNeed(need: MeasuredNeed): void;
  snapshot(): HistorySnapshot;
}

export interface HistoryOptions {
  /** Most rows of scalars kept, at least 16. By default at most 4096, and about 8 MB in all. */
  readonly maxRows?: number;
  /** Most columns of each heat map, at least 2. By default at most 400, fewer for long sequences. */
  readonly maxColumns?: number;
}
