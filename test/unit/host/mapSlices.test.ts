import { describe, expect, it } from "vitest";
import { MapSlices, sliceBytes } from "../../../src/host/views/mapSlices.ts";
import type { Frame } from "../../../src/protocol/frame.ts";
import { createHistory } from "../../../src/protocol/history/store.ts";
import type { ChannelMap, RunHistory } from "../../../src/protocol/history.ts";
import { panelProtocolVersion, type ToPanel, toPanelSchema } from "../../../src/protocol/panelMessages.ts";
import type { RunInfo } from "../../../src/protocol/run.ts";
import { Store } from "../../../webview/state/store.ts";
import { parseUiState } from "../../../webview/state/uiState.ts";
import { DemoRun, vanishingTanh } from "../../ui/panel/harness/demoRun.ts";

/** Four LSTM layers over 200 timesteps, whose heat maps are full. */
const large = { ...vanishingTanh, type: "lstm", recurrent: 4, timesteps: 200, plannedSteps: null } as const;
const run = new DemoRun(large);
const frames = Array.from({ length: 318 }, () => run.frame());
const later = Array.from({ length: 120 }, () => run.frame());
const small = new DemoRun({ ...vanishingTanh, runId: "other", timesteps: 7 });

const bytesOf = (maps: readonly ChannelMap[]): number =>
  maps.reduce((sum, { map }) => sum + map.values.byteLength + map.firstSteps.byteLength + map.lastSteps.byteLength, 0);

/** A host whose turns the test takes, and the page's store behind it. */
class Pair {
  readonly history: RunHistory;
  readonly #info: RunInfo;
  readonly #later = later.values();
  readonly posted: ToPanel[] = [];
  readonly turns: (() => void)[] = [];
  readonly page = new Store({ postMessage: () => {}, getState: () => null, setState: () => {} }, ui(), () => {});
  readonly slices: MapSlices;

  constructor(info = run.info, first: readonly Frame[] = frames) {
    this.#info = info;
    this.history = createHistory(info);
    for (const frame of first) this.history.append(frame);
    this.slices = new MapSlices({
      history: (runId) => (runId === info.runId ? this.history : null),
      post: (message) => this.post(message),
      later: (callback) => this.turns.push(callback),
    });
  }

  post(message: ToPanel): void {
    expect(toPanelSchema.safeParse(message).success).toBe(true);
    this.posted.push(message);
    // The page's arrays are its own.
    this.page.receive(structuredClone(message));
  }

  snapshot(): void {
    const { runId, kind, model, config } = this.#info;
    const summary = { runId, kind, model, config, base: null, external: false, configName: "", end: null } as const;
    const message: ToPanel = {
      type: "snapshot",
      version: panelProtocolVersion,
      viewer: false,
      runs: [{ ...summary, state: "running", startedAt: 0, checkpoints: [] }],
      selected: runId,
      history: this.history.snapshot({ mapBytes: sliceBytes }),
      figures: null,
      compared: [],
      findings: [],
      trusted: true,
      pinned: false,
      notes: [],
      hasConfig: true,
    };
    this.post(message);
    this.slices.follow(message);
  }

  frame(): void {
    const frame = this.#later.next().value;
    if (!frame) throw new Error("no frame is left");
    this.history.append(frame);
    this.post({ type: "frame", frame });
  }

  /** Takes turns until none is left, and something happens before each of them. */
  finish(between: () => void = () => {}): void {
    for (let turn = this.turns.shift(); turn; turn = this.turns.shift()) {
      between();
      const before = this.posted.length;
      turn();
      const sent = this.posted.slice(before).flatMap((one) => (one.type === "maps" ? one.maps : []));
      expect(bytesOf(sent)).toBeLessThanOrEqual(sliceBytes);
    }
  }
}

function ui(): ReturnType<typeof parseUiState> {
  return parseUiState(null, []);
}

const sorted = (history: RunHistory | null): unknown => {
  const { maps, ...others } = history?.snapshot() ?? { maps: [] };
  const place = ({ layer, channel }: ChannelMap): string => `${layer} ${channel}`;
  return { ...others, maps: maps.toSorted((a, b) => place(a).localeCompare(place(b))) };
};

describe("the heat maps of a large net", () => {
  it("are sent in slices of bounded size, each in a turn of its own", () => {
    const pair = new Pair();
    const all = bytesOf(pair.history.snapshot().maps);
    expect(all).toBeGreaterThan(8 * sliceBytes);
    pair.snapshot();
    const [first] = pair.posted;
    expect(first?.type === "snapshot" && bytesOf(first.history?.maps ?? [])).toBeLessThanOrEqual(sliceBytes);
    expect(pair.page.view.history?.map(3, "c.logNorm")).toBeUndefined();
    pair.finish();
    expect(pair.posted.length).toBeGreaterThanOrEqual(all / sliceBytes);
    expect(sorted(pair.page.view.history)).toEqual(sorted(pair.history));
  });

  it("are those of the host although frames come in between that merge columns", { tags: "thorough" }, () => {
    const pair = new Pair();
    pair.snapshot();
    const before = pair.history.map(0, "h.logNorm")?.columns ?? 0;
    pair.finish(() => {
      for (let i = 0; i < 2; i++) pair.frame();
    });
    pair.frame();
    expect(pair.history.map(0, "h.logNorm")?.columns).not.toBe(before);
    expect(sorted(pair.page.view.history)).toEqual(sorted(pair.history));
  });

  it("begin anew with the next snapshot, and stay as they were until they follow", { tags: "thorough" }, () => {
    const pair = new Pair();
    pair.snapshot();
    pair.finish();
    pair.frame();
    pair.snapshot();
    expect(pair.page.view.history?.map(3, "c.logNorm")?.columns).toBe(pair.history.map(3, "c.logNorm")?.columns);
    pair.turns.shift()?.();
    pair.snapshot();
    expect(pair.turns).toHaveLength(1);
    pair.finish();
    expect(sorted(pair.page.view.history)).toEqual(sorted(pair.history));
  });

  it("are not sent when the page is hidden, and do not change a page that shows another run", () => {
    const pair = new Pair();
    pair.snapshot();
    pair.slices.clear();
    const sent = pair.posted.length;
    pair.finish();
    expect(pair.posted).toHaveLength(sent);
    const other = new Pair(small.info, [small.frame(), small.frame()]);
    other.snapshot();
    other.finish();
    const shown = sorted(other.page.view.history);
    const slice = pair.history.mapSlice(0, { mapBytes: sliceBytes });
    other.post({ type: "maps", runId: "demo-1", maps: slice.maps });
    // A forged one has maps that do not fit the run.
    other.post({ type: "maps", runId: "other", maps: slice.maps });
    expect(sorted(other.page.view.history)).toEqual(shown);
  });

  it("are sent one at a time if each is larger than a slice", () => {
    const { history } = new Pair(run.info, frames.slice(0, 3));
    const places: string[] = [];
    for (let next: number | null = 0; next !== null; ) {
      const slice = history.mapSlice(next, { mapBytes: 1 });
      expect(slice.maps).toHaveLength(1);
      places.push(...slice.maps.map(({ layer, channel }) => `${layer} ${channel}`));
      next = slice.next;
    }
    expect(places).toEqual(history.snapshot().maps.map(({ layer, channel }) => `${layer} ${channel}`));
  });
});
