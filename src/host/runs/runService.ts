/**
 * Owns all runs of the window: starts them on the engines, collects histories, evaluates findings, and forgets the
 * oldest. Probes and training runs have an engine each, so a probe need not wait for a long training run; within an
 * engine, runs wait their turn. Independent of VS Code.
 */

import { diagnose } from "../../diagnosis/diagnose.ts";
import type { DoctorReport, RunEnd } from "../../protocol/engineMessages.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { Frame } from "../../protocol/frame.ts";
import { RunRecorder } from "../../protocol/history/runRecorder.ts";
import type { MeasuredNeed } from "../../protocol/need.ts";
import type { RunState } from "../../protocol/panelMessages.ts";
import type { RunInfo, RunKind } from "../../protocol/run.ts";
import { steadyClock } from "../../protocol/steadyClock.ts";
import { DisposableStore } from "../disposableStore.ts";
import { Emitter } from "../emitter.ts";
import type { DeepRequestMessage, DeepSink, EngineJob, RunRequestMessage } from "./engineJob.ts";
import { type EngineOptions, EngineSupervisor } from "./engineSupervisor.ts";
import { oldestRuns } from "./oldestRuns.ts";
import type { Run, RunTarget } from "./run.ts";
import { byStart } from "./startOrder.ts";

export interface RunServiceOptions {
  readonly engine: EngineOptions;
  /** Milliseconds for which a probe may take steps. */
  readonly probeBudget: () => number;
  /** Number of ended runs that are remembered. */
  readonly keep: () => number;
  /** Where the run of that id is written while it goes; undefined: nowhere. Default: nowhere. */
  readonly keepAt?: (kind: RunKind, runId: string) => RunRequestMessage["keep"];
  /** Whether somebody looks at a run, so that it must not be forgotten. Default: nobody. */
  readonly shown?: (runId: string) => boolean;
  readonly now?: () => number;
}

/** Findings of a run in progress are evaluated at most this often, in milliseconds. */
const diagnosisInterval = 250;
/** Share of the host's time that the evaluation may take, on a slow machine, too. */
const diagnosisShare = 0.1;

interface MutableRun extends Run {
  state: RunState;
  end: RunEnd | null;
  endedAt: number | null;
  findings: readonly Finding[];
  /** When the findings may be evaluated again; null: their evaluation is about to begin. */
  diagnosisDue: number | null;
  /** Goes on from the run's start, whatever happens to the computer's clock. */
  readonly now: () => number;
}

export class RunService {
  readonly #options: RunServiceOptions;
  readonly #engines: { readonly [kind in RunKind]: EngineSupervisor };
  readonly #now: () => number;
  #runs: MutableRun[] = [];
  readonly #jobs = new Map<string, EngineJob>();
  #count = 0;

  readonly #changed = new Emitter<Run>();
  readonly #started = new Emitter<{ readonly run: Run; readonly info: RunInfo }>();
  readonly #framed = new Emitter<{ readonly run: Run; readonly frame: Frame }>();
  readonly #diagnosed = new Emitter<Run>();
  readonly #needed = new Emitter<{ readonly run: Run; readonly need: MeasuredNeed }>();
  readonly #reread = new Emitter<Run>();
  readonly #removed = new Emitter<Run>();

  /** A run was added or changed its state. */
  readonly onChange = this.#changed.on.bind(this.#changed);
  /** The engine has built a run's model: its history exists. */
  readonly onStart = this.#started.on.bind(this.#started);
  /** A frame was added to a run's history. */
  readonly onFrame = this.#framed.on.bind(this.#framed);
  /** The engine measured how far back a run's net uses its inputs. */
  readonly onNeed = this.#needed.on.bind(this.#needed);
  /** A run's findings were evaluated. */
  readonly onDiagnosis = this.#diagnosed.on.bind(this.#diagnosed);
  /** More of a program's run was read: it has another history. */
  readonly onReread = this.#reread.on.bind(this.#reread);
  /** A run was forgotten. */
  readonly onRemove = this.#removed.on.bind(this.#removed);

  constructor(options: RunServiceOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#engines = {
      probe: new EngineSupervisor(options.engine, "probe"),
      train: new EngineSupervisor(options.engine, "train"),
    };
  }

  /** All remembered runs, the oldest first. */
  get runs(): readonly Run[] {
    return this.#runs;
  }

  get(runId: string): Run | undefined {
    return this.#runs.find((run) => run.runId === runId);
  }

  /** Runs of this window that are waiting or running. */
  get going(): readonly Run[] {
    return this.#runs.filter((run) => run.state !== "ended" && run.program === null);
  }

  /** Process ids of the running engines. */
  get enginePids(): readonly number[] {
    return Object.values(this.#engines).flatMap((engine) => engine.pid ?? []);
  }

  /**
   * Starts (or queues) a run, and cancels one of the same kind and model, whose answer is outdated. `resume`: the
   * training goes on from its last checkpoint.
   */
  start(kind: RunKind, target: RunTarget, askedBy: Run["askedBy"], { resume = false } = {}): Run {
    for (const other of this.going)
      if (other.kind === kind && other.uri === target.uri && other.name === target.model.name) this.stop(other.runId);
    this.#count += 1;
    const recorder = new RunRecorder();
    // Unique among all windows and days: it names the run's folder, too.
    const startedAt = this.#now();
    const runId = `${kind}-${startedAt}-${this.#count}`;
    const run: MutableRun = {
      ...target,
      name: target.model.name,
      program: null,
      runId,
      kind,
      askedBy,
      startedAt,
      endedAt: null,
      interrupted: false,
      state: "starting",
      end: null,
      get history() {
        return recorder.history;
      },
      findings: [],
      diagnosisDue: Number.NEGATIVE_INFINITY,
      now: steadyClock(startedAt),
    };
    this.#runs.push(run);
    this.#changed.fire(run);
    const job = this.#engines[kind].run(
      {
        type: "run",
        runId: run.runId,
        kind,
        configPath: target.configPath,
        configText: target.configText,
        model: target.model.name,
        steps: null,
        budget: kind === "probe" ? this.#options.probeBudget() : null,
        seed: null,
        keep: this.#options.keepAt?.(kind, runId),
        ...(resume && { resume }),
      },
      {
        started: (info) => {
          recorder.started(info);
          this.#onStarted(run, info);
        },
        frame: (frame) => this.#onFramed(run, recorder, frame),
        // Frames may still be queued in the engine; the end, which comes after them, shows it.
        need: (need) => {
          recorder.needed(need);
          this.#needed.fire({ run, need });
        },
        ended: (end) => this.#onEnded(run, end),
      },
    );
    if (run.end === null) this.#jobs.set(run.runId, job);
    return run;
  }

  stop(runId: string): void {
    const job = this.#jobs.get(runId);
    if (!job) return;
    const run = this.#runs.find((r) => r.runId === runId);
    if (run && run.state !== "stopping") {
      run.state = "stopping";
      this.#changed.fire(run);
    }
    job.cancel();
  }

  stopAll(): void {
    for (const runId of [...this.#jobs.keys()]) this.stop(runId);
  }

  /** Adds runs of earlier windows and of programs, before those of this one. */
  restore(runs: readonly Run[]): void {
    const restored = runs
      .filter(({ runId }) => !this.get(runId))
      .map((run): MutableRun => ({ ...run, diagnosisDue: Number.POSITIVE_INFINITY, now: this.#now }));
    this.#runs = [...restored, ...this.#runs].sort(byStart);
    for (const run of restored) {
      this.#changed.fire(run);
      this.#diagnosed.fire(run);
    }
  }

  /** Adds the run of a program, or takes over what was read of it since. */
  follow(run: Run): void {
    const known = this.#runs.find(({ runId }) => runId === run.runId);
    if (!known) {
      this.restore([run]);
      return;
    }
    const moved = known.state !== run.state;
    Object.assign(known, run);
    this.#reread.fire(known);
    if (moved) this.#changed.fire(known);
    this.#diagnosed.fire(known);
  }

  /** Drops a run from the window's memory; one in progress is stopped first. */
  forget(runId: string): void {
    this.stop(runId);
    const run = this.#runs.find((r) => r.runId === runId);
    if (!run) return;
    this.#runs = this.#runs.filter((r) => r !== run);
    this.#removed.fire(run);
  }

  /** Queues a deep probe in the engine of the probes. */
  deepProbe(request: DeepRequestMessage, sink: DeepSink): EngineJob {
    return this.#engines.probe.deepProbe(request, sink);
  }

  doctor(): Promise<DoctorReport> {
    return this.#engines.probe.doctor();
  }

  /** Ends idle engines, so that the next run uses the changed engine settings. */
  engineSettingsChanged(): void {
    for (const engine of Object.values(this.#engines)) engine.restartWhenIdle();
  }

  dispose(): void {
    new DisposableStore(
      ...Object.values(this.#engines),
      this.#changed,
      this.#started,
      this.#framed,
      this.#needed,
      this.#diagnosed,
      this.#reread,
      this.#removed,
    ).dispose();
  }

  #onStarted(run: MutableRun, info: RunInfo): void {
    if (run.state === "starting") run.state = "running";
    this.#started.fire({ run, info });
    this.#changed.fire(run);
  }

  #onFramed(run: MutableRun, recorder: RunRecorder, frame: Frame): void {
    // The channel is ordered and lossless: a gap is a defect, and the next frames would be refused as well.
    if (!recorder.frame(frame)) {
      this.#options.engine.log("error", `frame ${frame.seq} of ${run.runId} does not follow ${run.history?.lastSeq}`);
      return;
    }
    this.#framed.fire({ run, frame });
    if (run.diagnosisDue !== null && run.now() >= run.diagnosisDue) this.#diagnoseSoon(run);
  }

  #onEnded(run: MutableRun, end: RunEnd): void {
    this.#jobs.delete(run.runId);
    run.end = end;
    run.endedAt = run.now();
    run.state = "ended";
    this.#diagnose(run);
    this.#changed.fire(run);
    this.#forgetOldest();
  }

  /** Evaluates a run that goes on apart from its frame, so that the editor can answer in between. */
  #diagnoseSoon(run: MutableRun): void {
    run.diagnosisDue = null;
    setImmediate(() => {
      if (run.end === null && this.#runs.includes(run)) this.#diagnose(run);
    });
  }

  #diagnose(run: MutableRun): void {
    if (!run.history) return;
    const begun = run.now();
    run.findings = diagnose(run.history, run.model);
    run.diagnosisDue = begun + Math.max(diagnosisInterval, (run.now() - begun) / diagnosisShare);
    this.#diagnosed.fire(run);
  }

  #forgetOldest(): void {
    for (const { runId } of oldestRuns(this.#runs, this.#options.keep()))
      if (this.#options.shown?.(runId) !== true) this.forget(runId);
  }
}
