/** Makes the runs of a comparison within its budget, and keeps their results. */

import type { Problem } from "../../config/problem.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import { verificationWords } from "../../messages/verification.ts";
import type { VerifyProgress } from "../../protocol/verification.ts";
import type { Arm, ImpossibleFix } from "./arms.ts";
import type { Clock } from "./clock.ts";
import { type Ran, type Replicate, replicateOf } from "./replicate.ts";

/** One run to be made: the model in `configText`, trained for `steps` from `seed`. */
export interface ReplicateRequest {
  readonly configText: string;
  readonly model: ResolvedModel;
  readonly seed: number;
  readonly steps: number;
}

export interface VerifyMeans extends Clock {
  /** Ends early when `signal` is aborted. */
  readonly run: (request: ReplicateRequest, signal: AbortSignal) => Promise<Ran>;
  /** Called before each run. */
  readonly progress: (progress: VerifyProgress) => void;
}

export interface TimedRun extends Ran {
  /** Time ran out before its end. */
  readonly cut: boolean;
}

export interface BenchOptions {
  readonly configText: string;
  readonly model: ResolvedModel;
  /** Seeds from which every fix is to be run; the next whole numbers follow them. */
  readonly seeds: readonly number[];
  readonly steps: number;
  readonly budget: number | null;
}

/** Runs of a round that a longer one followed. */
export interface Round {
  readonly steps: number;
  /** Runs of the present model, by seed. */
  readonly present: readonly Replicate[];
  readonly runs: ReadonlyMap<Arm, readonly Replicate[]>;
}

/** Name of the present model while it runs. */
const presentName = (): string => verificationWords().presentModel;

export class Bench {
  readonly #options: BenchOptions;
  readonly #means: VerifyMeans;
  readonly #signal: AbortSignal;
  readonly #began: number;
  #tried = new Map<Arm, Replicate[]>();
  #present: Replicate[] = [];
  #earlier: Round | null = null;
  readonly #refused: ImpossibleFix[] = [];
  /** Steps of each run, once the time for them is known. */
  steps: number;
  /** The recurrent layer that is compared. */
  ordinal = 0;
  /** Runs in all, as far as known. */
  #total: number;
  #done = 0;

  constructor(options: BenchOptions, means: VerifyMeans, signal: AbortSignal) {
    this.#options = options;
    this.#means = means;
    this.#signal = signal;
    this.#began = means.now();
    this.steps = options.steps;
    this.#total = options.seeds.length * 2;
  }

  /** Runs of the present model, by seed. */
  get present(): readonly Replicate[] {
    return this.#present;
  }

  get refused(): readonly ImpossibleFix[] {
    return this.#refused;
  }

  get arms(): readonly Arm[] {
    return [...this.#tried.keys()];
  }

  get done(): number {
    return this.#done;
  }

  get total(): number {
    return this.#total;
  }

  get elapsed(): number {
    return this.#means.now() - this.#began;
  }

  /** True once cancelled or out of time. */
  get over(): boolean {
    const { budget } = this.#options;
    return this.#signal.aborted || (budget !== null && this.elapsed >= budget);
  }

  runsOf(arm: Arm): readonly Replicate[] {
    return this.#tried.get(arm) ?? [];
  }

  /** The shorter runs made before; null in the first round. */
  get earlier(): Round | null {
    return this.#earlier;
  }

  /** Begins a round of longer runs, `runs` of them or more. Earlier runs become the earlier round. */
  lengthen(steps: number, runs: number): void {
    this.#earlier = { steps: this.steps, present: this.#present, runs: this.#tried };
    this.steps = steps;
    this.#present = [];
    this.#tried = new Map([...this.#tried.keys()].map((arm) => [arm, []]));
    this.#total = this.#done + runs;
  }

  /** Gives up the longer runs if time did not allow enough of them. */
  takeBack(): void {
    if (this.#earlier === null) return;
    const { steps, present, runs } = this.#earlier;
    this.steps = steps;
    this.#present = [...present];
    // Arms refused in the meantime stay refused.
    const kept = [...runs].filter(([arm]) => this.#tried.has(arm));
    this.#tried = new Map(kept.map(([arm, made]) => [arm, [...made]]));
    this.#earlier = null;
  }

  add(arms: readonly Arm[]): void {
    for (const arm of arms) this.#tried.set(arm, []);
    this.#total = Math.max(this.#done, this.#options.seeds.length * (this.#tried.size + 1));
  }

  /** Runs the present model from the first seed, for at most `limit` milliseconds; the run is not counted yet. */
  trial(limit: number | null): Promise<TimedRun> {
    const { configText, model } = this.#options;
    this.#tell(presentName(), 0);
    return this.#timed({ configText, model, seed: this.#seed(0), steps: this.steps }, limit);
  }

  /** Counts this run as that of the present model from the first seed. */
  begin({ history, end }: Pick<TimedRun, "end"> & { readonly history: NonNullable<Ran["history"]> }): void {
    this.#present.push(replicateOf(history, end, this.#options.model, this.ordinal));
    this.#done = 1;
  }

  /** Runs the present model from its next seeds until there are `count` runs; false if time did not allow it. */
  async runPresent(count: number): Promise<boolean> {
    const { configText, model } = this.#options;
    while (this.#present.length < count) {
      if (this.over) return false;
      this.#expect();
      this.#tell(presentName(), this.#present.length);
      const seed = this.#seed(this.#present.length);
      const { history, end, cut } = await this.#timed({ configText, model, seed, steps: this.steps }, this.left);
      if (this.#signal.aborted || cut || history === null) return false;
      this.#present.push(replicateOf(history, end, model, this.ordinal));
      this.#done++;
    }
    return true;
  }

  /**
   * Runs a fix from its next seeds until it has `count` runs, has no run of the present model to pair with, or is out
   * of time.
   */
  async runArm(arm: Arm, count: number): Promise<void> {
    const { configText, model, fix } = arm;
    for (;;) {
      const runs = this.#tried.get(arm);
      if (!runs || runs.length >= Math.min(count, this.#present.length) || this.over) return;
      this.#expect();
      this.#tell(fix.title, runs.length);
      const ran = await this.#timed({ configText, model, seed: this.#seed(runs.length), steps: this.steps }, this.left);
      if (this.#signal.aborted || ran.cut) return;
      this.#done++;
      if (ran.history === null || ran.end.kind === "failed") {
        this.#refused.push({ title: fix.title, reason: reasonOf(ran) });
        this.#tried.delete(arm);
      } else runs.push(replicateOf(ran.history, ran.end, model, this.ordinal));
    }
  }

  /**
   * Runs a fix, from its next seeds until it has `count` runs, for a model that cannot be run itself. Such runs are
   * compared with nothing, so each gets a share of the time left and counts as far as it came.
   *
   * @returns the problems for which it is refused; empty if it is not.
   */
  async runAlone(arm: Arm, count: number): Promise<readonly Problem[]> {
    const { configText, model, fix } = arm;
    for (;;) {
      const runs = this.#tried.get(arm);
      if (!runs || runs.length >= count || this.over) return [];
      this.#expect();
      this.#tell(fix.title, runs.length);
      const limit = this.left === null ? null : this.left / Math.max(1, this.#total - this.#done);
      const seed = this.#seed(runs.length);
      const ran = await this.#timed({ configText, model, seed, steps: this.steps }, limit);
      if (this.#signal.aborted) return [];
      this.#done++;
      if (ran.history !== null && ran.history.lastStep > 0 && ran.end.kind !== "failed") {
        runs.push(replicateOf(ran.history, ran.end, model, this.ordinal));
        continue;
      }
      if (ran.cut) return [];
      this.#refused.push({ title: fix.title, reason: reasonOf(ran) });
      this.#tried.delete(arm);
      return ran.end.kind === "refused" ? ran.end.problems : [];
    }
  }

  #expect(): void {
    this.#total = Math.max(this.#total, this.#done + 1);
  }

  #tell(what: string, index: number): void {
    const seeds = Math.max(this.#options.seeds.length, index + 1);
    this.#means.progress({ done: this.#done, total: this.#total, what, seed: index + 1, seeds });
  }

  #seed(index: number): number {
    const { seeds } = this.#options;
    return seeds[index] ?? (seeds.at(-1) ?? 0) + index - seeds.length + 1;
  }

  /** Milliseconds left; null without a limit. */
  get left(): number | null {
    const { budget } = this.#options;
    return budget === null ? null : budget - this.elapsed;
  }

  /** @param limit milliseconds after which the run is ended; null without a limit. */
  async #timed(request: ReplicateRequest, limit: number | null): Promise<TimedRun> {
    const { run, after } = this.#means;
    const signal = this.#signal;
    if (limit === null) return { ...(await run(request, signal)), cut: false };
    const until = new AbortController();
    const end = (): void => until.abort();
    const stop = after(limit, end);
    signal.addEventListener("abort", end);
    const ran = await run(request, until.signal);
    signal.removeEventListener("abort", end);
    stop();
    return { ...ran, cut: ran.end.kind === "cancelled" && !signal.aborted };
  }
}

function reasonOf({ end }: Ran): string {
  if (end.kind === "refused") return end.problems[0]?.message ?? verificationWords().engineRefuses;
  return end.kind === "failed" ? end.message : verificationWords().didNotRun;
}
