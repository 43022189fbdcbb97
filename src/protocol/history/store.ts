/** The only implementation of `RunHistory`. */

import type { Channel, Frame } from "../frame.ts";
import type {
  ChannelMap,
  HistoryOptions,
  HistorySnapshot,
  MapSlice,
  ProfileMap,
  RunHistory,
  SnapshotOptions,
} from "../history.ts";
import type { MeasuredNeed } from "../need.ts";
import type { Quantity } from "../quantities.ts";
import type { RunInfo } from "../run.ts";
import { RowStore } from "./decimatedRows.ts";
import { ProfileColumns } from "./profileColumns.ts";

/** A million scalars: at most 8 MB, however many columns a model has. */
const scalarBudget = 2 ** 20;
const mostRows = 4096;
const fewestDefaultRows = 256;

/** 64k values: 0.5 MB per channel of a layer; more only if T exceeds 512. */
const profileBudget = 2 ** 16;
const mostColumns = 400;
const fewestColumns = 128;

export class HistoryStore implements RunHistory {
  readonly info: RunInfo;
  lastSeq = 0;
  lastStep = 0;
  need: MeasuredNeed | null = null;
  readonly #index = new Map<string, number>();
  #rows: RowStore;
  readonly #maps = new Map<string, { layer: number; channel: Channel; store: ProfileColumns }>();
  readonly #maxColumns: number | undefined;

  constructor(info: RunInfo, options: HistoryOptions = {}) {
    this.info = info;
    info.columns.forEach((c, i) => {
      this.#index.set(columnKey(c.quantity, c.layer, c.name), i);
    });
    const fitting = Math.floor(scalarBudget / Math.max(1, info.columns.length));
    const maxRows = options.maxRows ?? Math.min(mostRows, Math.max(fewestDefaultRows, fitting));
    this.#rows = new RowStore(info.columns.length, maxRows);
    this.#maxColumns = options.maxColumns;
  }

  static restore(snapshot: HistorySnapshot, options: HistoryOptions = {}): HistoryStore {
    const store = new HistoryStore(snapshot.info, options);
    const { columns, maxRows } = store.#rows;
    store.#rows = RowStore.from(columns, maxRows, snapshot.steps, snapshot.rows);
    for (const given of snapshot.maps) store.#take(given, options.adopt ?? false);
    store.lastSeq = snapshot.lastSeq;
    store.lastStep = snapshot.lastStep;
    store.need = snapshot.need;
    return store;
  }

  get steps(): Float64Array {
    return this.#rows.steps;
  }

  series(quantity: Quantity, layer: number | null = null, name: string | null = null): Float64Array | undefined {
    const column = this.#index.get(columnKey(quantity, layer, name));
    return column === undefined ? undefined : this.#rows.series(column);
  }

  latest(quantity: Quantity, layer: number | null = null, name: string | null = null): number | undefined {
    return this.series(quantity, layer, name)?.at(-1);
  }

  profile(layer: number, channel: Channel): Float64Array | undefined {
    return this.#maps.get(mapKey(layer, channel))?.store.latest;
  }

  map(layer: number, channel: Channel): ProfileMap | undefined {
    return this.#maps.get(mapKey(layer, channel))?.store.map;
  }

  channels(layer: number): readonly Channel[] {
    return [...this.#maps.values()].filter((m) => m.layer === layer).map((m) => m.channel);
  }

  append(frame: Frame): boolean {
    if (frame.runId !== this.info.runId || frame.seq !== this.lastSeq + 1) return false;
    const width = this.info.columns.length;
    const count = frame.steps.length;
    if (frame.rows.length !== count * width) {
      throw new RangeError(`frame ${frame.seq}: ${frame.rows.length} scalars for ${count} steps of ${width} columns`);
    }
    this.lastSeq = frame.seq;
    if (count === 0) return true;
    for (let i = 0; i < count; i++) this.#rows.push(frame.steps[i]!, frame.rows, i * width);
    const first = frame.steps[0]!;
    const last = frame.steps[count - 1]!;
    for (const p of frame.profiles) this.#mapOf(p.layer, p.channel, p.values.length).push(first, last, p.values, p.max);
    this.lastStep = last;
    this.#halveNext();
    return true;
  }

  /**
   * Merges the columns of one layer's heat maps a little before they are full. The maps of a large net fill up at the same
   * frame: merged together, they would take the time of a frame of the page.
   */
  #halveNext(): void {
    const layers = new Set(Array.from(this.#maps.values(), ({ layer }) => layer));
    if (layers.size < 2) return;
    let chosen: number | null = null;
    for (const { layer, store } of this.#maps.values()) {
      const early = Math.min(layers.size - 1, store.maxColumns >> 2);
      if (store.columns > store.maxColumns - early && (chosen ?? layer) === layer) {
        chosen = layer;
        store.halve();
      }
    }
  }

  setNeed(need: MeasuredNeed): void {
    this.need = need;
  }

  snapshot(options: SnapshotOptions = {}): HistorySnapshot {
    return {
      info: this.info,
      lastSeq: this.lastSeq,
      lastStep: this.lastStep,
      steps: options.share ? this.steps : this.steps.slice(),
      rows: this.#rows.toRows(),
      need: this.need,
      maps: this.mapSlice(0, options).maps,
    };
  }

  mapSlice(from: number, { share = false, mapBytes = Number.POSITIVE_INFINITY }: SnapshotOptions = {}): MapSlice {
    const maps: ChannelMap[] = [];
    let left = mapBytes;
    for (const { layer, channel, store } of [...this.#maps.values()].slice(from)) {
      left -= store.byteLength;
      if (left < 0 && maps.length > 0) return { maps, next: from + maps.length };
      maps.push({ layer, channel, ...store.data(share) });
    }
    return { maps, next: null };
  }

  takeMaps(maps: readonly ChannelMap[]): void {
    for (const given of maps) this.#take(given, false);
  }

  keepMapsOf(former: RunHistory): void {
    if (!(former instanceof HistoryStore)) return;
    for (const [key, kept] of former.#maps) {
      const fits = this.info.layers[kept.layer]?.recurrent?.timesteps === kept.store.timesteps;
      if (fits && !this.#maps.has(key)) this.#maps.set(key, kept);
    }
  }

  #take({ layer, channel, ...given }: ChannelMap, adopt: boolean): void {
    const store = ProfileColumns.from(given, this.#columnsFor(given.map.timesteps), adopt);
    this.#maps.set(mapKey(layer, channel), { layer, channel, store });
  }

  #mapOf(layer: number, channel: Channel, timesteps: number): ProfileColumns {
    const key = mapKey(layer, channel);
    const known = this.#maps.get(key);
    if (known) {
      if (known.store.timesteps === timesteps) return known.store;
      throw new RangeError(`${channel} of layer ${layer}: ${timesteps} timesteps, not ${known.store.timesteps}`);
    }
    const store = new ProfileColumns(timesteps, this.#columnsFor(timesteps));
    this.#maps.set(key, { layer, channel, store });
    return store;
  }

  #columnsFor(timesteps: number): number {
    const fitting = 2 * Math.floor(profileBudget / timesteps / 2);
    return this.#maxColumns ?? Math.min(mostColumns, Math.max(fewestColumns, fitting));
  }
}

function columnKey(quantity: string, layer: number | null, name: string | null): string {
  return `${quantity}|${layer ?? ""}|${name ?? ""}`;
}

function mapKey(layer: number, channel: string): string {
  return `${layer}|${channel}`;
}

/** An empty history of a run. `append` throws a RangeError for a frame that does not fit `info`. */
export function createHistory(info: RunInfo, options?: HistoryOptions): RunHistory {
  return new HistoryStore(info, options);
}

/** Continues from `snapshot`. With the options of the original history, appending gives the same result as there. */
export function restoreHistory(snapshot: HistorySnapshot, options?: HistoryOptions): RunHistory {
  return HistoryStore.restore(snapshot, options);
}
