/**
 * Everything that the page shows, and the only place that changes it: messages of the host on one side, choices of the
 * user on the other. Blocks read a `View` and draw it.
 */

import { type RunFigures, unpackFigures } from "../../src/protocol/figures.ts";
import { frameFits } from "../../src/protocol/frame.ts";
import { createHistory, restoreHistory } from "../../src/protocol/history/store.ts";
import { type HistorySnapshot, mapFits, type RunHistory } from "../../src/protocol/history.ts";
import {
  anySnapshotSchema,
  type ComparedSnapshot,
  type DeepView,
  type FromPanel,
  type PanelFinding,
  type PanelNote,
  panelProtocolVersion,
  type RunSummary,
  type Tile,
  type ToPanel,
  toPanelSchema,
} from "../../src/protocol/panelMessages.ts";
import type { VerificationView } from "../../src/protocol/verificationView.ts";
import type { VsCodeApi } from "../vscodeApi.ts";
import type { UiState } from "./uiState.ts";

/** Milliseconds to wait for a snapshot before asking again. */
const resyncPatience = 2000;

/** A run drawn over the selected one. */
export interface ComparedRun extends Pick<ComparedSnapshot, "runId" | "differences"> {
  readonly history: RunHistory;
  readonly figures: RunFigures;
}

export interface View {
  /** `waiting` for the first snapshot; `outdated` if the host speaks another version. */
  readonly link: "waiting" | "outdated" | "live";
  /** The page shows a file: nothing can be run from it. */
  readonly viewer: boolean;
  readonly runs: readonly RunSummary[];
  readonly run: RunSummary | null;
  readonly history: RunHistory | null;
  /** Figures of the selected run; null before its first step. */
  readonly figures: RunFigures | null;
  /** Compared runs, in the order of their colours. */
  readonly compared: readonly ComparedRun[];
  readonly findings: readonly PanelFinding[];
  /** What the lens of a program says in its own words. */
  readonly notes: readonly PanelNote[];
  /** The newest deep probe, of any model. */
  readonly deep: DeepView | null;
  /** The models of the run's config. */
  readonly tiles: readonly Tile[];
  /** The verification of the run's model. */
  readonly verification: VerificationView | null;
  readonly trusted: boolean;
  /** Whether the panel keeps its run while other configs become active. */
  readonly pinned: boolean;
  readonly hasConfig: boolean;
  readonly ui: UiState;
  /** Position of the pointer; not remembered. */
  readonly hover: { readonly step: number | null; readonly timestep: number | null } | null;
}

/** Why the view changed: new data, something the user waits for, or a move of the pointer over a chart. */
export type ChangeCause = "data" | "choice" | "pointer";

export class Store {
  #view: View;
  readonly #vscode: VsCodeApi;
  readonly #changed: (cause: ChangeCause) => void;
  #askedAt = Number.NEGATIVE_INFINITY;

  /** @param changed called after each change */
  constructor(vscode: VsCodeApi, ui: UiState, changed: (cause: ChangeCause) => void) {
    this.#vscode = vscode;
    this.#changed = changed;
    this.#view = {
      link: "waiting",
      viewer: false,
      runs: [],
      run: null,
      history: null,
      figures: null,
      compared: [],
      findings: [],
      notes: [],
      deep: null,
      verification: null,
      tiles: [],
      trusted: true,
      pinned: false,
      hasConfig: false,
      ui,
      hover: null,
    };
  }

  get view(): View {
    return this.#view;
  }

  send(message: FromPanel): void {
    this.#vscode.postMessage(message);
  }

  /** Asks for everything again, at most once per `resyncPatience`. */
  resync(): void {
    const now = performance.now();
    if (now - this.#askedAt < resyncPatience) return;
    this.#askedAt = now;
    this.send({ type: "ready", version: panelProtocolVersion });
  }

  /** Processes a message of the host. Anything else that may arrive at a page is ignored. */
  receive(data: unknown): void {
    // A host of another version may send any other content in its snapshot.
    const other = anySnapshotSchema.safeParse(data);
    if (other.success && other.data.version !== panelProtocolVersion) {
      this.#set({ link: "outdated" });
      return;
    }
    const parsed = toPanelSchema.safeParse(data);
    if (parsed.success) this.#take(parsed.data);
  }

  /** Stores a choice of the user, kept across hide and reload. */
  choose(patch: Partial<UiState>): void {
    const resumed = this.#view.ui.paused && patch.paused === false;
    this.#set({ ui: { ...this.#view.ui, ...patch } }, "choice");
    this.#vscode.setState(this.#view.ui);
    // Frames were dropped while the display was frozen; the snapshot brings what was missed.
    if (resumed) this.resync();
  }

  point(hover: View["hover"]): void {
    const old = this.#view.hover;
    if (old?.step === hover?.step && old?.timestep === hover?.timestep) return;
    this.#set({ hover }, "pointer");
  }

  #take(message: ToPanel): void {
    switch (message.type) {
      case "snapshot":
        this.#askedAt = Number.NEGATIVE_INFINITY;
        this.#set({
          link: "live",
          viewer: message.viewer,
          runs: message.runs,
          run: message.runs.find((r) => r.runId === message.selected) ?? null,
          history: message.history && restored(message.history, this.#view.history),
          figures: message.figures && unpackFigures(message.figures),
          compared: message.compared.map((one) => restoreCompared(one, this.#view.compared)),
          findings: message.findings,
          notes: message.notes,
          trusted: message.trusted,
          pinned: message.pinned,
          hasConfig: message.hasConfig,
        });
        return;
      case "runs": {
        const run = message.runs.find((r) => r.runId === message.selected) ?? null;
        this.#set({ runs: message.runs, run });
        // Another run than the displayed one: its history comes with a snapshot or with `started`.
        if (run !== null && run.state !== "starting" && this.#view.history?.info.runId !== run.runId) this.resync();
        return;
      }
      case "started":
        this.#set({
          history: createHistory(message.info),
          findings: [],
          notes: [],
          ui: { ...this.#view.ui, step: null, timestep: null, paused: false, zoom: null },
        });
        return;
      case "deep":
        this.#set({ deep: message.deep });
        return;
      case "verification":
        this.#set({ verification: message.verification });
        return;
      case "tiles":
        this.#set({ tiles: message.tiles });
        return;
      case "findings":
        if (message.runId === this.#view.run?.runId) this.#set({ findings: message.findings });
        return;
      case "compared":
        this.#compared(message);
        return;
      case "frame":
        this.#frame(message.frame);
        return;
      case "maps":
        this.#maps(message);
        return;
      case "need": {
        const { history } = this.#view;
        if (history?.info.runId !== message.runId) return;
        history.setNeed(message.need);
        this.#changed("choice");
        return;
      }
    }
  }

  #compared({ runId, figures, runIds, changed }: Extract<ToPanel, { type: "compared" }>): void {
    if (runId !== this.#view.run?.runId) return;
    const chosen = new Map(this.#view.compared.map((c) => [c.runId, c]));
    // While the display is frozen, runs come and go, but their curves stay as they were.
    for (const run of changed)
      if (!this.#view.ui.paused || !chosen.has(run.runId))
        chosen.set(run.runId, restoreCompared(run, this.#view.compared));
    const compared = runIds.flatMap((id) => chosen.get(id) ?? []);
    this.#set({ compared, ...(this.#view.ui.paused ? {} : { figures: figures && unpackFigures(figures) }) });
  }

  #maps({ runId, maps }: Extract<ToPanel, { type: "maps" }>): void {
    const { history, compared, ui } = this.#view;
    const of = [history, ...compared.map((one) => one.history)].find((one) => one?.info.runId === runId);
    if (!of) return;
    // While the display is frozen, curves of compared runs stay as they were.
    const frozen = ui.paused && of !== history;
    of.takeMaps(maps.filter((one) => mapFits(of.info, one) && !(frozen && of.map(one.layer, one.channel))));
    this.#changed("data");
  }

  #frame(frame: Extract<ToPanel, { type: "frame" }>["frame"]): void {
    const { history, ui, run } = this.#view;
    if (ui.paused) return;
    if (history === null || history.info.runId !== frame.runId) {
      if (run?.runId === frame.runId) this.resync();
      return;
    }
    if (frame.seq <= history.lastSeq || !frameFits(history.info, frame)) return;
    if (history.append(frame)) this.#changed("data");
    else this.resync();
  }

  #set(patch: Partial<View>, cause: ChangeCause = "data"): void {
    this.#view = { ...this.#view, ...patch };
    this.#changed(cause);
  }
}

/** A history from a snapshot. Heat maps that it is without stay as they were until they follow. */
function restored(snapshot: HistorySnapshot, before: RunHistory | null | undefined): RunHistory {
  const history = restoreHistory(snapshot);
  if (before?.info.runId === snapshot.info.runId) history.keepMapsOf(before);
  return history;
}

function restoreCompared(
  { runId, history, figures, differences }: ComparedSnapshot,
  before: readonly ComparedRun[],
): ComparedRun {
  const known = before.find((one) => one.runId === runId)?.history;
  return { runId, history: restored(history, known), figures: unpackFigures(figures), differences };
}
