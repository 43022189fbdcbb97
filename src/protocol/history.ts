/**
 * The bounded history of one run. The host, the panel and the command line store it, and the rules read it.
 *
 * Scalars are kept exactly up to `maxRows` steps, then the older half is decimated: of every four rows the minimum and
 * the maximum of each column are kept (and a NaN, if there is one), in their original order, so that a spike is never
 * lost. The first row, measured at the initial weights, does not change. Profiles are kept as columns of a heat map:
 * each column is the maximum over `stride` steps (NaN ranks above Infinity, and Infinity above numbers), and `stride`
 * doubles when all `maxColumns` are used. The newest profile of every channel is also kept unchanged.
 */

import * as z from "zod";
import type { Immutable } from "../config/immutable.ts";
import { type Channel, channelSchema, type Frame } from "./frame.ts";
import { type MeasuredNeed, measuredNeedSchema } from "./need.ts";
import { float64Schema } from "./numbers.ts";
import type { Quantity } from "./quantities.ts";
import { type RunInfo, runInfoSchema } from "./run.ts";

const profileMapSchema = z.strictObject({
  /** T. */
  timesteps: z.int().positive(),
  /** Columns in use. */
  columns: z.int().nonnegative(),
  /** First and last step of each column. */
  firstSteps: float64Schema,
  lastSteps: float64Schema,
  /** `columns × timesteps`, the values of a column side by side. */
  values: float64Schema,
});
/** A heat map: `columns × timesteps` values, column by column. */
export type ProfileMap = Immutable<z.infer<typeof profileMapSchema>>;

export const channelMapSchema = z.strictObject({
  layer: z.int().nonnegative(),
  channel: channelSchema,
  stride: z.number().positive(),
  latest: float64Schema,
  map: profileMapSchema,
});
/** A heat map with its place. */
export type ChannelMap = Immutable<z.infer<typeof channelMapSchema>>;

const snapshotSchema = z.strictObject({
  info: runInfoSchema,
  lastSeq: z.int().nonnegative(),
  lastStep: z.number().nonnegative(),
  steps: float64Schema,
  rows: float64Schema,
  need: measuredNeedSchema.nullable(),
  maps: z.array(channelMapSchema),
});
/** The data that a panel needs to continue a history elsewhere: plain data, typed arrays only. */
export type HistorySnapshot = Immutable<z.infer<typeof snapshotSchema>>;

/** Whether all indices and lengths in a snapshot agree with its run. */
function consistent(s: HistorySnapshot): boolean {
  return s.rows.length === s.steps.length * s.info.columns.length && s.maps.every((map) => mapFits(s.info, map));
}

/** Whether the indices and lengths of a heat map agree with its run. */
export function mapFits(info: RunInfo, { layer, latest, map }: ChannelMap): boolean {
  return (
    info.layers[layer]?.recurrent?.timesteps === map.timesteps &&
    latest.length === map.timesteps &&
    map.firstSteps.length >= map.columns &&
    map.lastSteps.length >= map.columns &&
    map.values.length >= map.columns * map.timesteps
  );
}

export const historySnapshotSchema = snapshotSchema.refine(consistent, "arrays of the snapshot do not fit its run");

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
  snapshot(options?: SnapshotOptions): HistorySnapshot;
  /** Some of the heat maps, from the given one on: all of a large net's are more than a program can send at once. */
  mapSlice(from: number, options?: SnapshotOptions): MapSlice;
  /** Replaces heat maps by copies of those that another history of the run has at the same step. */
  takeMaps(maps: readonly ChannelMap[]): void;
  /**
   * Takes over the heat maps that it lacks from a former history of the run, which must not be appended to any more. A
   * view of a history gives none.
   */
  keepMapsOf(former: RunHistory): void;
}

export interface SnapshotOptions {
  /** Whether its arrays may be those of the history, which are valid until the next `append`, instead of copies. */
  readonly share?: boolean;
  /** Bytes after which no further heat map is added; one is added in any case. Default: all are. */
  readonly mapBytes?: number;
}

/** Some of the heat maps of a history, in its own order. */
export interface MapSlice {
  readonly maps: readonly ChannelMap[];
  /** The first heat map that is left; null: none is. */
  readonly next: number | null;
}

export interface HistoryOptions {
  /** Most rows of scalars kept, at least 16. By default at most 4096, and about 8 MB in all. */
  readonly maxRows?: number;
  /** Most columns of each heat map, at least 2. By default at most 400, fewer for long sequences. */
  readonly maxColumns?: number;
  /** Whether a snapshot's arrays become the history's own, instead of being copied; for a run that has ended. */
  readonly adopt?: boolean;
}
