/**
 * Runs in the page before the panel and plays VS Code and the extension's host, as far as the page can see. A test
 * controls it through `window.fakeHost`.
 */

import { runFigures } from "../../../../src/diagnosis/runFigures.ts";
import { packFigures } from "../../../../src/protocol/figures.ts";
import type { Frame } from "../../../../src/protocol/frame.ts";
import { createHistory } from "../../../../src/protocol/history/store.ts";
import type { RunHistory } from "../../../../src/protocol/history.ts";
import {
  type ComparedSnapshot,
  type DeepView,
  type FromPanel,
  type PanelFinding,
  type PanelNote,
  panelProtocolVersion,
  type RunState,
  type RunSummary,
  type ToPanel,
} from "../../../../src/protocol/panelMessages.ts";
import type { RunInfo } from "../../../../src/protocol/run.ts";
import type { VerificationView } from "../../../../src/protocol/verificationView.ts";
import { demoDeep, oneLoss } from "./demoDeep.ts";
import { spike, vanishing } from "./demoFindings.ts";
import { type DemoOptions, DemoRun, vanishingTanh } from "./demoRun.ts";
import { demoVerification } from "./demoVerification.ts";
import { FrameSender } from "./frameSender.ts";
import { Requests, type Timing } from "./requests.ts";
import { themes } from "./themes.ts";

/** The few page globals that are used here; the DOM's types are not part of this build. */
interface Page extends Timing {
  acquireVsCodeApi?: unknown;
  fakeHost?: FakeHost;
  dispatchEvent(event: unknown): boolean;
  sessionStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void };
  readonly location: { readonly search: string };
  readonly document: {
    readonly documentElement: { readonly style: { setProperty(name: string, value: string): void } };
    readonly body: { className: string };
  };
}
const isPage = (g: unknown): g is Page => typeof g === "object" && g !== null && "sessionStorage" in g;
const page: unknown = globalThis;
if (!isPage(page)) throw new Error("the fake host runs in a browser");
const stateKey = "state-of-the-webview";

export interface Measured {
  /** Milliseconds between the begins of two animation frames. */
  readonly gaps: readonly number[];
  /** Milliseconds that the page's script took in each of them. */
  readonly busy: readonly number[];
  /** Last step of the last frame that was sent. */
  readonly lastStep: number;
}

class FakeHost {
  /** Messages that the page posted. */
  readonly posted: FromPanel[] = [];
  /** Every text that the page got. */
  readonly texts = new Set<string>();
  readonly #page: Page;
  #run: DemoRun | null = null;
  #history: RunHistory | null = null;
  #state: RunState = "running";
  readonly #others = new Map<string, RunHistory>();
  #compared: readonly string[] = [];
  findings: PanelFinding[] = [];
  notes: PanelNote[] = [];
  deep: DeepView | null = null;
  /** Checkpoints that trainings keep. */
  checkpoints: RunSummary["checkpoints"] = [];
  verification: VerificationView | null = null;
  trusted = true;
  pinned = false;
  hasConfig = true;
  /** Hidden pages get nothing. */
  answersReady = true;

  #busy = 0;
  #sender: FrameSender | null = null;
  readonly #requests: Requests;

  constructor(page: Page) {
    this.#page = page;
    this.#requests = new Requests(page, (milliseconds) => {
      this.#busy += milliseconds;
    });
  }

  /** Resolves when everything that was requested is drawn. */
  settled(): Promise<void> {
    return this.#requests.settled();
  }

  /** Changes the theme as VS Code does in a webview's document. */
  setTheme(name: string): void {
    const theme = themes[name];
    if (theme === undefined) throw new Error(`no theme ${name}`);
    const { documentElement, body } = this.#page.document;
    for (const [variable, value] of Object.entries(theme.variables)) documentElement.style.setProperty(variable, value);
    body.className = theme.bodyClass;
  }

  api(): object {
    return {
      postMessage: (message: FromPanel) => {
        this.posted.push(message);
        if (message.type === "ready" && this.answersReady) this.sendSnapshot();
        if (message.type === "compare") this.compare(message.runIds);
        if (message.type === "pin") {
          this.pinned = message.pinned;
          this.sendSnapshot();
        }
      },
      getState: () => JSON.parse(this.#page.sessionStorage.getItem(stateKey) ?? "null") ?? undefined,
      setState: (state: unknown) => this.#page.sessionStorage.setItem(stateKey, JSON.stringify(state)),
    };
  }

  /** Delivers a message as VS Code does: JSON, with typed arrays beside it. */
  send(message: unknown): void {
    const arrays: Float64Array[] = [];
    const text = JSON.stringify(message, (_key, value: unknown) => {
      if (typeof value === "string") this.texts.add(value);
      if (!(value instanceof Float64Array)) return value;
      arrays.push(value.slice());
      return { $array: arrays.length - 1 };
    });
    const data: unknown = JSON.parse(text, (_key, value: unknown) =>
      typeof value === "object" && value !== null && "$array" in value ? arrays[Number(value.$array)] : value,
    );
    this.#page.dispatchEvent(new MessageEvent("message", { data }));
  }

  sendSnapshot(): void {
    const message: ToPanel = {
      type: "snapshot",
      version: panelProtocolVersion,
      viewer: false,
      runs: this.#runs(),
      selected: this.#run?.info.runId ?? null,
      history: this.#history?.snapshot() ?? null,
      figures: this.#history ? packFigures(runFigures(this.#history, [])) : null,
      compared: this.#compared.flatMap((id) => this.#comparedRun(id)),
      findings: this.findings,
      notes: this.notes,
      trusted: this.trusted,
      pinned: this.pinned,
      hasConfig: this.hasConfig,
    };
    this.send(message);
    this.send({ type: "deep", deep: this.deep });
    this.send({ type: "verification", verification: this.verification });
  }

  #runs(): Extract<ToPanel, { type: "runs" }>["runs"] {
    if (this.#run === null) return [];
    const { runId, kind, model, config } = this.#run.info;
    const startedAt = new Date(2026, 0, 5, 14, 3, 22).getTime();
    const end = this.#state === "ended" ? ({ kind: "completed" } as const) : null;
    const base = this.#others.size > 0 ? "base" : null;
    const run = {
      runId,
      kind,
      model,
      base,
      external: false,
      config,
      configName: "gradlens.json",
      state: this.#state,
      end,
      startedAt,
      checkpoints: kind === "train" ? this.checkpoints : [],
    };
    const earlier = { ...run, runId: "demo-0", kind: "probe", state: "ended", end: { kind: "budget" } } as const;
    const others = [...this.#others.values()].map(({ info }, i) => ({
      ...earlier,
      runId: info.runId,
      kind: info.kind,
      model: info.runId,
      base: null,
      external: false,
      startedAt: startedAt - (i + 2) * 61_000,
    }));
    return [run, { ...earlier, startedAt: startedAt - 61_000 }, ...others];
  }

  /**
   * Adds another ended run, of a model named like its id; `base` is the model that the selected run's model extends.
   */
  offer(runId: string, options: Partial<DemoOptions>, steps: number): void {
    const run = new DemoRun({ ...vanishingTanh, ...options, runId });
    const history = createHistory(run.info);
    for (let i = 0; i < steps; i++) history.append(run.frame());
    this.#others.set(runId, history);
  }

  #comparedRun(runId: string): readonly ComparedSnapshot[] {
    const history = this.#others.get(runId);
    if (!history) return [];
    const differences = [{ key: "layers[0].units", here: "8", there: runId }];
    return [{ runId, history: history.snapshot(), figures: packFigures(runFigures(history, [])), differences }];
  }

  /** Compares runs, as the host does on request. */
  compare(runIds: readonly string[]): void {
    this.#compared = runIds;
    const changed = runIds.flatMap((id) => this.#comparedRun(id));
    const figures = this.#history ? packFigures(runFigures(this.#history, [])) : null;
    this.send({ type: "compared", runId: this.#run?.info.runId, figures, runIds, changed });
  }

  /** Starts a run whose first `steps` steps are already history. */
  begin(options: Partial<DemoOptions>, steps: number, perFrame = 1): void {
    this.#run = new DemoRun({ ...vanishingTanh, ...options });
    this.#history = createHistory(this.#run.info);
    this.#state = "running";
    for (let i = 0; i < steps; i += perFrame) this.#history.append(this.#run.frame(perFrame));
  }

  /** A run of another program: no layers, and figures of its own. */
  beginForeign(steps: number): void {
    const run = new DemoRun(vanishingTanh);
    this.#history = foreignHistory({ ...run.info, model: "run-1" }, steps);
    this.#run = Object.assign(run, { info: this.#history.info });
    this.#state = "ended";
  }

  /** Adds an ended run of another program. */
  offerForeign(runId: string, steps: number): void {
    this.#others.set(runId, foreignHistory({ ...new DemoRun(vanishingTanh).info, runId }, steps));
  }

  /** Selects another run that has not started yet. */
  startAnother(): void {
    const [run] = this.#runs();
    if (run === undefined) throw new Error("no run");
    const next = { ...run, runId: "demo-2", state: "starting", end: null } as const;
    this.send({ type: "runs", runs: [next, ...this.#runs()], selected: "demo-2" });
  }

  /** Ends the run, as the host does. */
  need(lag: number | null, timesteps: number): void {
    const figures = { loss: 0.1, lossWithout: 0.2, samples: 64, held: false, curve: [] };
    this.send({ type: "need", runId: this.#run?.info.runId, need: { lag, timesteps, ...figures } });
  }

  withFindings(): void {
    this.findings = [vanishing, spike];
  }

  /** Adds a deep probe of the run's first layer, in the given `state`. */
  withDeep(state: DeepView["state"] | null = null, changes: Partial<DeepView> = {}): void {
    const [layer] = this.#run?.info.layers ?? [];
    const { model = "tanh", config = "/project/gradlens.json" } = this.#run?.info ?? {};
    const found = demoDeep(model, layer?.type === "lstm" ? "lstm" : "simpleRNN", layer?.name ?? "simple_rnn");
    this.deep = {
      config,
      model,
      layer: found.layer,
      steps: 0,
      checkpoint: null,
      stale: false,
      state: state ?? { kind: "done", result: found },
      ...changes,
    };
    this.send({ type: "deep", deep: this.deep });
  }

  /** Adds a deep probe of a net that answers at its last timestep alone. */
  withOneLoss(): void {
    this.withDeep();
    const { state } = this.deep ?? {};
    if (state?.kind === "done") this.withDeep({ kind: "done", result: oneLoss(state.result) });
  }

  /** Adds a verification of the run's model, in the given `state`. */
  withVerification(state: VerificationView["state"] | null = null, changes: Partial<VerificationView> = {}): void {
    const { model = "tanh", config = "/project/gradlens.json" } = this.#run?.info ?? {};
    const done = { kind: "done", result: demoVerification } as const;
    this.verification = { id: 1, config, model, stale: false, continuable: false, state: state ?? done, ...changes };
    this.send({ type: "verification", verification: this.verification });
  }

  end(): void {
    this.#state = "ended";
    this.send({ type: "runs", runs: this.#runs(), selected: this.#run?.info.runId ?? null });
  }

  /** The next frame of the run, already in the host's history. */
  nextFrame(steps = 1): Frame {
    if (this.#run === null || this.#history === null) throw new Error("no run");
    const frame = this.#run.frame(steps);
    this.#history.append(frame);
    return frame;
  }

  stream(frames: number, stepsPerFrame = 1): void {
    for (let i = 0; i < frames; i++) this.send({ type: "frame", frame: this.nextFrame(stepsPerFrame) });
  }

  /** The newest value of the host's own history at a cell of the heat map: column from the end, timestep. */
  cell(layer: number, columnsBack: number, timestep: number): { value: number; step: number } {
    const map = this.#history?.map(layer, "h.logNorm");
    if (map === undefined) throw new Error("no map");
    const column = map.columns - 1 - columnsBack;
    return {
      value: map.values[column * map.timesteps + timestep - 1] ?? Number.NaN,
      step: map.firstSteps[column] ?? 0,
    };
  }

  /** The newest step that was sent. */
  get lastStep(): number {
    return this.#history?.lastStep ?? 0;
  }

  get info(): RunInfo | undefined {
    return this.#run?.info;
  }

  /** Makes what `measure` streams. */
  async prepare(seconds: number, stepsPerFrame: number): Promise<void> {
    const frames = Array.from({ length: Math.ceil(seconds * 30) }, () => this.nextFrame(stepsPerFrame));
    this.#sender = await FrameSender.start(frames);
  }

  /** Streams 30 frames a second for a while, from another thread, as an editor does from another process. */
  async measure(seconds: number): Promise<Measured> {
    const sender = this.#sender;
    if (sender === null) throw new Error("nothing is prepared");
    const begins: number[] = [];
    const busy: number[] = [];
    let lastStep = 0;
    this.#busy = 0;
    sender.send((data, step) => {
      const began = performance.now();
      this.#page.dispatchEvent(new MessageEvent("message", { data }));
      this.#busy += performance.now() - began;
      lastStep = step;
    });
    await new Promise<void>((resolve) => {
      const tick = (now: number): void => {
        begins.push(now);
        busy.push(this.#busy);
        this.#busy = 0;
        if (now - (begins[0] ?? now) > seconds * 1000) resolve();
        else this.#requests.frame(tick);
      };
      this.#requests.frame(tick);
    });
    sender.stop();
    // What was before the first frame belongs to none.
    return { gaps: begins.slice(1).map((now, i) => now - (begins[i] ?? now)), busy: busy.slice(1), lastStep };
  }
}

function foreignHistory(described: RunInfo, steps: number): RunHistory {
  const columns = ["loss", "accuracy/epoch", "grad_norm"].map((name, i) =>
    i === 0
      ? ({ quantity: "loss", layer: null, name: null } as const)
      : ({ quantity: "metric", layer: null, name } as const),
  );
  const info: RunInfo = { ...described, layers: [], columns, baselineLoss: null };
  const history = createHistory(info);
  for (let step = 1; step <= steps; step++) {
    const accuracy = step % 10 === 0 ? 1 - 0.5 * Math.exp(-step / 50) : Number.NaN;
    const rows = Float64Array.of(Math.exp(-step / 40), accuracy, 2 + Math.sin(step / 5));
    history.append({ runId: info.runId, seq: step, steps: Float64Array.of(step), rows, profiles: [] });
  }
  return history;
}

const fakeHost = new FakeHost(page);
page.fakeHost = fakeHost;
page.acquireVsCodeApi = () => fakeHost.api();
fakeHost.setTheme(new URLSearchParams(page.location.search).get("theme") ?? "dark");
