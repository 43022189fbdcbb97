/**
 * Runs models beside the fixes of their findings, one verification at a time, in an engine of their own, so that
 * neither probes nor training wait for them. Independent of VS Code.
 */

import { systemClock } from "../../diagnosis/verify/clock.ts";
import { verifySeeds, verifySteps } from "../../diagnosis/verify/length.ts";
import type { Ran } from "../../diagnosis/verify/replicate.ts";
import { type ReplicateRequest, type VerifyOutcome, verify } from "../../diagnosis/verify/verify.ts";
import type { Finding } from "../../protocol/finding.ts";
import { RunRecorder } from "../../protocol/history/runRecorder.ts";
import type { VerifyProgress } from "../../protocol/verification.ts";
import type { StoredVerification } from "../../tensorboard/storedRun.ts";
import { Emitter } from "../emitter.ts";
import { type EngineOptions, EngineSupervisor } from "../runs/engineSupervisor.ts";
import { modelKey, type RunTarget } from "../runs/run.ts";

export interface VerificationJob extends VerifyProgress {
  /** Unique among all verifications, so that an answer about one is not attributed to the next. */
  readonly id: number;
  readonly uri: string;
  readonly model: string;
  /** The `modelKey` of the verified model. */
  readonly key: string;
  /** The finding whose fixes are run; null for the gravest one. */
  readonly findingId: string | null;
  /** Null while it is running. */
  readonly outcome: VerifyOutcome | null;
  /** It was told to stop. */
  readonly stopping: boolean;
}

export interface VerificationOptions {
  readonly engine: EngineOptions;
  /** Milliseconds a verification may take. */
  readonly budget: () => number;
}

interface Going {
  job: VerificationJob;
  readonly cancel: AbortController;
}

export class VerificationService {
  readonly #options: VerificationOptions;
  readonly #engine: EngineSupervisor;
  /** The newest verification of each model, by config and name. */
  readonly #newest = new Map<string, Going>();
  readonly #changed = new Emitter<VerificationJob>();
  #turn: Promise<unknown> = Promise.resolve();
  #jobs = 0;
  #count = 0;

  /** A verification began, moved on or ended. */
  readonly onChange = this.#changed.on.bind(this.#changed);

  constructor(options: VerificationOptions) {
    this.#options = options;
    this.#engine = new EngineSupervisor(options.engine, "verify");
  }

  /** The newest verification of a model. */
  of(uri: string, model: string): VerificationJob | undefined {
    return this.#newest.get(placeOf(uri, model))?.job;
  }

  /** Takes the result of an earlier window over, unless the model was verified since. */
  restore({ uri, model }: { readonly uri: string; readonly model: string }, stored: StoredVerification): void {
    const place = placeOf(uri, model);
    if (this.#newest.has(place)) return;
    const { key, findingId, verification } = stored;
    const progress = { done: 0, total: 0, what: "", seed: 1, seeds: 1, stopping: false };
    const outcome = { kind: "verified", verification } as const;
    const job = { id: ++this.#jobs, uri, model, key, findingId, ...progress, outcome };
    this.#newest.set(place, { job, cancel: new AbortController() });
    this.#changed.fire(job);
  }

  get going(): readonly VerificationJob[] {
    return [...this.#newest.values()].map(({ job }) => job).filter(({ outcome }) => outcome === null);
  }

  get enginePid(): number | undefined {
    return this.#engine.pid;
  }

  /**
   * Starts when the earlier ones have ended, and cancels one of the same model that is running or waiting. Never
   * rejects.
   */
  start(target: RunTarget, finding: Finding | null): Promise<VerificationJob> {
    this.stop(target.uri, target.model.name);
    const going: Going = {
      job: {
        id: ++this.#jobs,
        uri: target.uri,
        model: target.model.name,
        key: modelKey(target.model),
        findingId: finding?.id ?? null,
        done: 0,
        total: 1,
        what: "",
        seed: 1,
        seeds: 1,
        outcome: null,
        stopping: false,
      },
      cancel: new AbortController(),
    };
    this.#newest.set(placeOf(target.uri, target.model.name), going);
    this.#changed.fire(going.job);
    const ended = this.#turn.then(() => this.#verify(going, target, finding));
    this.#turn = ended;
    return ended;
  }

  stop(uri: string, model: string): void {
    const going = this.#newest.get(placeOf(uri, model));
    if (going) this.#stop(going);
  }

  stopAll(): void {
    for (const going of this.#newest.values()) this.#stop(going);
  }

  /** Ends an idle engine, so that the next run uses the changed settings. */
  engineSettingsChanged(): void {
    this.#engine.restartWhenIdle();
  }

  dispose(): void {
    this.stopAll();
    this.#engine.dispose();
    this.#changed.dispose();
  }

  async #verify(going: Going, target: RunTarget, finding: Finding | null): Promise<VerificationJob> {
    const { model, configText } = target;
    const signal = going.cancel.signal;
    const outcome: VerifyOutcome = signal.aborted
      ? { kind: "cancelled" }
      : await verify(
          {
            configText,
            model,
            finding,
            seeds: verifySeeds(model),
            steps: verifySteps(model),
            budget: this.#options.budget(),
          },
          {
            run: (request, until) => this.#run(request, target.configPath, until),
            progress: (progress) => this.#update(going, progress),
            ...systemClock,
          },
          signal,
        );
    this.#update(going, { outcome });
    return going.job;
  }

  #stop(going: Going): void {
    if (going.job.outcome !== null || going.job.stopping) return;
    this.#update(going, { stopping: true });
    going.cancel.abort();
  }

  #update(going: Going, change: Partial<VerificationJob>): void {
    going.job = { ...going.job, ...change };
    if (this.#newest.get(placeOf(going.job.uri, going.job.model)) === going) this.#changed.fire(going.job);
  }

  #run({ configText, model, seed, steps }: ReplicateRequest, configPath: string, signal: AbortSignal): Promise<Ran> {
    this.#count += 1;
    const runId = `verify-${this.#count}`;
    return new Promise((resolve) => {
      const recorder = new RunRecorder();
      const job = this.#engine.run(
        { type: "run", runId, kind: "train", configPath, configText, model: model.name, steps, budget: null, seed },
        {
          started: (info) => recorder.started(info),
          frame: (frame) => recorder.frame(frame),
          ended: (end) => {
            signal.removeEventListener("abort", cancel);
            resolve({ end, history: recorder.history });
          },
        },
      );
      const cancel = (): void => job.cancel();
      signal.addEventListener("abort", cancel);
    });
  }
}

function placeOf(uri: string, model: string): string {
  return `${uri}\n${model}`;
}
