/**
 * Encodes a run as records, step by step (docs/run-format.md). Everything about a value but its numbers is encoded
 * once, because a training waits for this at every step.
 */

import type { Finding } from "../protocol/finding.ts";
import type { Channel, Frame, Profile } from "../protocol/frame.ts";
import type { MeasuredNeed } from "../protocol/need.ts";
import { columnIndex, type RunInfo } from "../protocol/run.ts";
import { steadyClock } from "../protocol/steadyClock.ts";
import { columnTag, describeRun } from "./description.ts";
import { writeJson } from "./plainJson.ts";
import { bytesField, concat, int64Field, stringField, varint } from "./protobuf.ts";
import { eventRecord, fitsFloat, pluginField, pluginName, summaryRecord, versionRecord } from "./summary.ts";
import { profileTag, type TextTag, tags } from "./tags.ts";
import { SpikeWatch, Thinning } from "./thinning.ts";

export interface EncoderOptions {
  /** Name and version of the program. */
  readonly writer: string;
  /** Bytes that the file may have, approximately. */
  readonly bound: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Shares of the bound: scalars, profiles, and both at steps with a spike. The rest is for texts. */
const shares = { scalars: 0.4, profiles: 0.4, spikes: 0.15 };

/** Bytes of a record or a profile besides its numbers, approximately. */
const overhead = 100;

export class RunEncoder {
  readonly #info: RunInfo;
  readonly #options: EncoderOptions;
  readonly #now: () => number;
  readonly #heads: readonly Uint8Array[];
  /** Columns that have held a number. */
  readonly #known: boolean[];
  readonly #scalars: Thinning;
  readonly #profiles: Thinning;
  readonly #spikes: Thinning;
  readonly #watches: readonly { readonly column: number; readonly watch: SpikeWatch }[];
  readonly #nonFinite: readonly number[];
  readonly #largest = new Map<string, Float64Array>();
  #lastStep = 0;
  /** The newest step, if it was thinned out. */
  #skipped: Frame | null = null;

  constructor(info: RunInfo, options: EncoderOptions) {
    this.#info = info;
    this.#options = options;
    this.#now = options.now ?? steadyClock();
    this.#heads = info.columns.map((column) => scalarHead(columnTag(info, column)));
    this.#known = info.columns.map(() => false);
    const { bound } = options;
    this.#scalars = new Thinning(shares.scalars * bound, info.plannedSteps);
    this.#profiles = new Thinning(shares.profiles * bound, info.plannedSteps);
    this.#spikes = new Thinning(shares.spikes * bound, null);
    this.#watches = (["loss", "gradientNorm"] as const)
      .map((quantity) => ({ column: columnIndex(info.columns, quantity), watch: new SpikeWatch() }))
      .filter(({ column }) => column >= 0);
    this.#nonFinite = info.columns.flatMap(({ quantity }, i) => (/NonFinite$/.test(quantity) ? [i] : []));
  }

  /** The beginning of the file. @param config null if there is none. */
  begin(config: { readonly path: string; readonly text: string } | null, model: unknown): Uint8Array {
    const now = this.#now() / 1000;
    return concat([
      versionRecord(now),
      this.#text(tags.description, describeRun(this.#info, this.#options.writer, now), 0),
      ...(config ? [this.#text(tags.config, config, 0)] : []),
      this.#text(tags.model, model, 0),
    ]);
  }

  /** The record of a step; null if it is thinned out. @param frame frame of one step */
  step(frame: Frame): Uint8Array | null {
    const step = frame.steps[0] ?? 0;
    this.#lastStep = step;
    const scalars = concat(this.#row(frame.rows));
    const scalarBytes = scalars.length + overhead;
    const profileBytes = frame.profiles.reduce((sum, { values }) => sum + 2 * 4 * values.length + overhead, 0);
    const spike = this.#isSpike(frame.rows) && this.#spikes.fits(scalarBytes + profileBytes);
    const due = this.#scalars.due(step, scalarBytes);
    // Profiles stand only at steps that have scalars: their strides are powers of two, so the larger one counts.
    const withProfiles = (this.#profiles.due(step, profileBytes) && due) || spike;
    for (const profile of frame.profiles) this.#remember(profile);
    this.#skipped = null;
    if (!due && !spike) {
      this.#skipped = frame;
      return null;
    }
    const profiles = withProfiles ? concat(frame.profiles.map((profile) => this.#profile(profile))) : new Uint8Array(0);
    if (!due) this.#spikes.wrote(scalarBytes + profiles.length);
    else {
      this.#scalars.wrote(scalarBytes);
      this.#profiles.wrote(profiles.length);
    }
    return eventRecord(this.#now() / 1000, step, concat([scalars, profiles]));
  }

  /** The run's last step, if it was thinned out: the newest figures are those that people look at. */
  lastStep(): Uint8Array {
    const frame = this.#skipped;
    this.#skipped = null;
    if (!frame) return new Uint8Array(0);
    const profiles = frame.profiles.map((profile) => this.#profile(profile));
    return eventRecord(this.#now() / 1000, this.#lastStep, concat([...this.#row(frame.rows), ...profiles]));
  }

  need(need: MeasuredNeed): Uint8Array {
    return this.#text(tags.need, need, this.#lastStep);
  }

  findings(findings: readonly Finding[]): Uint8Array {
    return this.#text(tags.findings, findings, this.#lastStep);
  }

  end(kind: string, reason: string | null, outcome: unknown): Uint8Array {
    return this.#text(tags.end, { kind, reason, outcome }, this.#lastStep);
  }

  #text(tag: TextTag, value: unknown, step: number): Uint8Array {
    return textRecord(tag, value, step, this.#now() / 1000);
  }

  /** The values of one row; empty cells of columns that are not measured at every step are left out. */
  #row(row: Float64Array): readonly Uint8Array[] {
    const now: Uint8Array[] = [];
    for (const [i, head] of this.#heads.entries()) {
      const value = row[i] ?? Number.NaN;
      if (!Number.isNaN(value)) this.#known[i] = true;
      else if (!this.#known[i] || /^(test|stable|metric)/.test(this.#info.columns[i]?.quantity ?? "")) continue;
      now.push(
        fitsFloat(value) ? floatValue(head, value) : doubleValue(columnTag(this.#info, this.#info.columns[i]!), value),
      );
    }
    return now;
  }

  #isSpike(row: Float64Array): boolean {
    // Both watches see every value.
    const spikes = this.#watches.map(({ column, watch }) => watch.add(row[column] ?? Number.NaN));
    return spikes.includes(true) || this.#nonFinite.some((column) => (row[column] ?? 0) > 0);
  }

  #remember({ layer, channel, max }: Profile): void {
    const key = profileTag(layer, channel);
    const largest = this.#largest.get(key);
    if (!largest) this.#largest.set(key, max.slice());
    else for (let t = 0; t < largest.length; t++) largest[t] = Math.max(largest[t]!, max[t] ?? Number.NaN);
  }

  #profile({ layer, channel, values }: Profile): Uint8Array {
    const key = profileTag(layer, channel);
    const largest = this.#largest.get(key) ?? values;
    this.#largest.delete(key);
    return profileValue(layer, channel, values, largest);
  }
}

/** The record of one of our own texts. @param wallTime seconds since 1970 */
export function textRecord(tag: TextTag, value: unknown, step: number, wallTime: number): Uint8Array {
  return summaryRecord(wallTime, step, [{ tag, text: writeJson(value) }]);
}

/** Everything of a scalar's `Value` but its four bytes. */
function scalarHead(tag: string): Uint8Array {
  const content = concat([stringField(1, tag), Uint8Array.of(0x15)]);
  return concat([Uint8Array.of(0x0a), varint(content.length + 4), content]);
}

function floatValue(head: Uint8Array, value: number): Uint8Array {
  const bytes = new Uint8Array(head.length + 4);
  bytes.set(head);
  new DataView(bytes.buffer).setFloat32(head.length, value, true);
  return bytes;
}

function doubleValue(tag: string, value: number): Uint8Array {
  const content = new Uint8Array(8);
  new DataView(content.buffer).setFloat64(0, value, true);
  const tensor = concat([int64Field(1, 2), bytesField(2, new Uint8Array(0)), bytesField(6, content)]);
  return bytesField(1, concat([stringField(1, tag), bytesField(8, tensor), pluginField("scalars")]));
}

const ownPlugin = pluginField(pluginName);

function profileValue(layer: number, channel: Channel, values: Float64Array, largest: Float64Array): Uint8Array {
  const same = values.every((v, t) => Object.is(v, largest[t]));
  const rows = same ? [values] : [values, largest];
  const single = rows.every((row) => row.every(fitsFloat));
  const width = single ? 4 : 8;
  const content = new Uint8Array(width * rows.length * values.length);
  const view = new DataView(content.buffer);
  for (const [r, row] of rows.entries())
    for (let t = 0; t < values.length; t++) {
      const at = width * (r * values.length + t);
      if (single) view.setFloat32(at, row[t]!, true);
      else view.setFloat64(at, row[t]!, true);
    }
  const dims = same ? [values.length] : [2, values.length];
  const shape = concat(dims.map((size) => bytesField(2, int64Field(1, size))));
  const tensor = concat([int64Field(1, single ? 1 : 2), bytesField(2, shape), bytesField(4, content)]);
  return bytesField(1, concat([stringField(1, profileTag(layer, channel)), bytesField(8, tensor), ownPlugin]));
}
