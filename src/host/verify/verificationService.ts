/**
 * Runs models beside the fixes of their findings, one verification at a time, in an engine of their own, so that
 * neither probes nor training wait for them. Independent of VS Code.
 */

import { systemClock } from "../../diagnosis/verify/clock.ts";
import { verifySeeds, verifySteps } from "../../diagnosis/verify/length.ts";
import type { Ran } from "../../diagnosis/verify/replicate.ts";
import { type VerifyOutcome, type VerifyRequest, verify } from "../../diagnosis/verify/verify.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { VerifyProgress } from "../../protocol/verification.ts";
import type { StoredVerification } from "../../tensorboard/storedRun.ts";
import { Emitter } from "../emitter.ts";
import { type EngineOptions, EngineSupervisor } from "../runs/engineSupervisor.ts";
import { modelKey, type RunTarget } from "../runs/run.ts";
import { MadeRuns, type MadeRunsPlace } from "./madeRuns.ts";
import { runReplicate } from "./runReplicate.ts";

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
  /** It ended early, and starting it again repeats none of its runs. */
  readonly continuable: boolean;
  /** It is of an earlier window. */
  readonly restored: boolean;
}

type NewJob = Pick<VerificationJob, "uri" | "model" | "key" | "findingId" | "outcome" | "continuable" | "restored"> &
  Partial<Pick<VerificationJob, "done" | "total">>;

export interface VerificationOptions {
  readonly engine: EngineOptions;
  /** Milliseconds a verification may take. */
  readonly budget: () => number;
  /** Where the runs of a verification are written, so that a later window can continue it. Default: nowhere. */
  readonly keepAt?: (target: RunTarget, finding: Finding | null) => MadeRunsPlace;
}

interface Going {
  job: VerificationJob;
  readonly cancel: AbortController;
  readonly finding: Finding | null;
  /** The runs of a verification that is going or ended early; undefined once nothing remains to be continued. */
  made: MadeRuns | undefined;
}

/** Most verifications that can be continued; the oldest are forgotten, because histories take memory. */
const mostContinuable = 4;

export class VerificationService {
  readonly #options: VerificationOptions;
  readonly #engine: EngineSupervisor;
  /** The newest verification of each model, by config and name. */
  readonly #newest = new Map<string, Going>();
  readonly #changed = new Emitter<VerificationJob>();
  #turn: Promise<unknown> = Promise.resolve();
  #jobs = 0;
  #count = 0;
  #disposed = false;

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
    const outcome = { kind: "verified", verification } as const;
    this.#restore({ uri, model, key, findingId, outcome, continuable: false, restored: true }, null, undefined);
  }

  /**
   * Takes over the runs that an earlier window made, unless the model was verified since: what they decide is shown, and
   * can be continued.
   */
  async takeOver(target: RunTarget, finding: Finding | null, made: MadeRuns): Promise<void> {
    const { configText, model, uri } = target;
    made.steps = made.lastSteps;
    const outcome = await this.#decided(made, {
      configText,
      model,
      finding,
      seeds: verifySeeds(model),
      steps: made.steps ?? verifySteps(model),
      budget: null,
    });
    const known = this.#newest.get(placeOf(uri, model.name));
    if (made.size === 0 || (known && !known.job.restored)) {
      made.place.remove();
      return;
    }
    const place = { uri, model: model.name, key: modelKey(model), findingId: finding?.id ?? null };
    this.#restore({ ...place, outcome, continuable: true, restored: true }, finding, made);
  }

  /** The finding that the newest verification of a model is about; null if its id is another. */
  findingOf(uri: string, model: string, id: unknown): Finding | null {
    const finding = this.#newest.get(placeOf(uri, model))?.finding;
    return finding && finding.id === id ? finding : null;
  }

  get going(): readonly VerificationJob[] {
    return [...this.#newest.values()].map(({ job }) => job).filter(({ outcome }) => outcome === null);
  }

  get enginePid(): number | undefined {
    return this.#engine.pid;
  }

  /**
   * Starts when the earlier ones have ended, and cancels one of the same model that is running or waiting. If the one
   * before ended early, for the same model and finding, it is continued. Never rejects.
   */
  start(target: RunTarget, finding: Finding | null): Promise<VerificationJob> {
    this.stop(target.uri, target.model.name);
    const place = placeOf(target.uri, target.model.name);
    const former = this.#newest.get(place);
    const same = former?.job.key === modelKey(target.model) && former.job.findingId === (finding?.id ?? null);
    if (!same) former?.made?.place.remove();
    const made = (same ? former.made : undefined) ?? new MadeRuns(this.#options.keepAt?.(target, finding));
    const going: Going = {
      made,
      job: this.#newJob({
        // One that is continued does not begin with its first run again.
        done: made.size,
        total: Math.max(made.size + 1, same ? former.job.total : 1),
        uri: target.uri,
        model: target.model.name,
        key: modelKey(target.model),
        findingId: finding?.id ?? null,
        outcome: null,
        continuable: false,
        restored: false,
      }),
      cancel: new AbortController(),
      finding,
    };
    // The newest go last, so that the oldest are forgotten first.
    this.#newest.delete(place);
    this.#newest.set(place, going);
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
    // What was made remains for the next window.
    this.#disposed = true;
    this.stopAll();
    this.#engine.dispose();
    this.#changed.dispose();
  }

  async #verify(going: Going, target: RunTarget, finding: Finding | null): Promise<VerificationJob> {
    const { model, configText } = target;
    const signal = going.cancel.signal;
    const made = going.made ?? new MadeRuns();
    const outcome: VerifyOutcome = signal.aborted
      ? { kind: "cancelled" }
      : await verify(
          {
            configText,
            model,
            finding,
            seeds: verifySeeds(model),
            steps: made.steps ?? verifySteps(model),
            budget: this.#options.budget() + made.took,
          },
          {
            // The runs that were made are gone through again, at once.
            progress: (progress) => this.#update(going, { ...progress, done: Math.max(going.job.done, progress.done) }),
            ...made.means((request, until) => {
              this.#count += 1;
              const of = { runId: `verify-${this.#count}`, configPath: target.configPath, keep: made.place.next() };
              return runReplicate(this.#engine, of, request, until);
            }, systemClock),
          },
          signal,
        );
    if (!this.#disposed) this.#keepForContinuing(going, outcome);
    this.#update(going, { outcome, continuable: going.made !== undefined });
    return going.job;
  }

  /** Keeps the runs of a verification that ended early, and forgets those of the others. */
  #keepForContinuing(going: Going, outcome: VerifyOutcome): void {
    if (outcome.kind === "verified" && !outcome.verification.complete && going.made)
      going.made.steps = outcome.verification.steps;
    else {
      going.made?.place.remove();
      going.made = undefined;
    }
    const kept = [...this.#newest.values()].filter(
      ({ made, job }) => made && job.outcome !== null && job !== going.job,
    );
    for (const old of kept.slice(0, Math.max(0, kept.length - mostContinuable + 1))) {
      old.made?.place.remove();
      old.made = undefined;
      old.job = { ...old.job, continuable: false };
    }
  }

  /** What the runs that were made decide. */
  async #decided(made: MadeRuns, request: VerifyRequest): Promise<VerifyOutcome> {
    const cancel = new AbortController();
    const stop = (): Promise<Ran> => {
      cancel.abort();
      return Promise.resolve({ end: { kind: "cancelled" }, history: null });
    };
    return await verify(request, { progress: () => {}, ...made.means(stop, systemClock) }, cancel.signal);
  }

  #restore(job: NewJob, finding: Finding | null, made: MadeRuns | undefined): void {
    const restored = { job: this.#newJob(job), cancel: new AbortController(), finding, made };
    this.#newest.set(placeOf(job.uri, job.model), restored);
    this.#changed.fire(restored.job);
  }

  #newJob(job: NewJob): VerificationJob {
    return { id: ++this.#jobs, done: 0, total: 1, what: "", seed: 1, seeds: 1, stopping: false, ...job };
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
}

function placeOf(uri: string, model: string): string {
  return `${uri}\n${model}`;
}
