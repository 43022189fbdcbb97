/** All runs that a list shows: those of this window and those that are kept on disk. Independent of VS Code. */

import type { RunState } from "../../protocol/panelMessages.ts";
import { DisposableStore } from "../disposableStore.ts";
import { Emitter } from "../emitter.ts";
import type { Run } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";
import { cardOfRun, type RunCard } from "../store/runCard.ts";
import type { RunStore } from "../store/runStore.ts";

/** `elsewhere`: another window or program still writes it. */
export type ListedState = RunState | "elsewhere";

export interface ListedRun extends RunCard {
  readonly state: ListedState;
}

export class RunList {
  readonly #runs: RunService;
  readonly #kept: RunStore;
  readonly #changed = new Emitter<void>();
  readonly #moved = new Emitter<string>();
  readonly #subscriptions: DisposableStore;

  /** Runs came, went, or changed their state. */
  readonly onChange = this.#changed.on.bind(this.#changed);
  /** A run in progress moved on; its id. */
  readonly onProgress = this.#moved.on.bind(this.#moved);

  constructor(runs: RunService, kept: RunStore) {
    this.#runs = runs;
    this.#kept = kept;
    const changed = (): void => this.#changed.fire();
    this.#subscriptions = new DisposableStore(
      runs.onChange(changed),
      runs.onRemove(changed),
      kept.index.onChange(changed),
      runs.onDiagnosis(({ runId, state }) => {
        if (state !== "ended") this.#moved.fire(runId);
      }),
      this.#changed,
      this.#moved,
    );
  }

  all(): readonly ListedRun[] {
    const here = this.#runs.runs.map((run) => this.#here(run));
    const ids = new Set(here.map(({ runId }) => runId));
    const kept = this.#kept.index.entries.flatMap(({ card }) => (ids.has(card.runId) ? [] : elsewhere(card)));
    return [...kept, ...here];
  }

  get size(): number {
    const kept = this.#kept.index.entries.filter(({ card }) => !this.#runs.get(card.runId));
    return this.#runs.runs.length + kept.length;
  }

  get(runId: string): ListedRun | undefined {
    const run = this.#runs.get(runId);
    if (run) return this.#here(run);
    const entry = this.#kept.index.get(runId);
    return entry && elsewhere(entry.card);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #here(run: Run): ListedRun {
    const card = run.state === "ended" ? this.#kept.index.get(run.runId)?.card : undefined;
    return { ...(card ?? cardOfRun(run, this.#kept.labelOf(run.runId))), state: run.state };
  }
}

function elsewhere(card: RunCard): ListedRun {
  return { ...card, state: card.end === null && !card.interrupted ? "elsewhere" : "ended" };
}

/** Whether a training can go on from its checkpoint. */
export function isResumable({ own, kind, checkpoints, state, end, steps }: ListedRun): boolean {
  const unfinished = end === null || end.kind === "failed" || end.kind === "cancelled";
  return own && kind === "train" && checkpoints && state === "ended" && unfinished && steps > 0;
}
