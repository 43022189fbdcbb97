/**
 * Redraws the surfaces in the editor, all in one rhythm, so that they change together.
 *
 * - A run began or ended: at once.
 * - A run moved on: at most once per `progressInterval`.
 * - The text was edited: at once if that made something stale or fresh again; the rest when typing pauses.
 */

import { Emitter, type Subscription } from "./emitter.ts";
import type { StoreChange } from "./findings/findingsStore.ts";

/** What the loop needs from the findings store. */
export interface RenderSource {
  readonly uris: readonly string[];
  onChange(listener: (change: StoreChange) => void): Subscription;
  view(uri: string): { readonly models: readonly { readonly name: string; readonly stale: boolean }[] } | undefined;
}

export interface Render {
  readonly uri: string;
  /** False while the user types: surfaces that need complete text should wait. */
  readonly settled: boolean;
}

export interface RenderIntervals {
  readonly progress: number;
  readonly settle: number;
}

interface Timing {
  lastProgress: number;
  /** Names of the models shown as stale. */
  staleMarks: string;
  progressTimer: NodeJS.Timeout | undefined;
  settleTimer: NodeJS.Timeout | undefined;
}

export class RenderLoop {
  readonly #store: RenderSource;
  readonly #intervals: RenderIntervals;
  readonly #render = new Emitter<Render>();
  readonly #timings = new Map<string, Timing>();
  readonly #subscription: Subscription;
  readonly onRender = this.#render.on.bind(this.#render);

  constructor(store: RenderSource, intervals: RenderIntervals = { progress: 1000, settle: 250 }) {
    this.#store = store;
    this.#intervals = intervals;
    this.#subscription = store.onChange((change) => this.#on(change));
  }

  /** Whether something waits to be drawn. */
  get pending(): boolean {
    return [...this.#timings.values()].some((t) => t.progressTimer !== undefined || t.settleTimer !== undefined);
  }

  /** Draws everything at once, e.g. after a setting changed. */
  renderAll(): void {
    for (const uri of this.#store.uris) this.#fire(uri, true);
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const t of this.#timings.values()) {
      clearTimeout(t.progressTimer);
      clearTimeout(t.settleTimer);
    }
    this.#render.dispose();
  }

  #on({ uri, cause }: StoreChange): void {
    const timing = this.#timing(uri);
    if (cause === "text") this.#onText(uri, timing);
    else if (cause === "state") this.#fire(uri, timing.settleTimer === undefined);
    else this.#onProgress(uri, timing);
  }

  #onText(uri: string, timing: Timing): void {
    if (this.#marks(uri) !== timing.staleMarks) this.#fire(uri, false);
    clearTimeout(timing.settleTimer);
    timing.settleTimer = setTimeout(() => {
      timing.settleTimer = undefined;
      this.#fire(uri, true);
      if (!this.#store.uris.includes(uri)) this.#timings.delete(uri);
    }, this.#intervals.settle);
  }

  #onProgress(uri: string, timing: Timing): void {
    if (timing.progressTimer) return;
    const wait = Math.max(0, timing.lastProgress + this.#intervals.progress - performance.now());
    timing.progressTimer = setTimeout(() => {
      timing.progressTimer = undefined;
      this.#fire(uri, timing.settleTimer === undefined);
    }, wait);
  }

  #fire(uri: string, settled: boolean): void {
    const timing = this.#timing(uri);
    clearTimeout(timing.progressTimer);
    timing.progressTimer = undefined;
    timing.lastProgress = performance.now();
    timing.staleMarks = this.#marks(uri);
    this.#render.fire({ uri, settled });
  }

  #marks(uri: string): string {
    const models = this.#store.view(uri)?.models ?? [];
    return JSON.stringify(models.flatMap((m) => (m.stale ? [m.name] : [])));
  }

  #timing(uri: string): Timing {
    let timing = this.#timings.get(uri);
    if (!timing) {
      timing = {
        lastProgress: Number.NEGATIVE_INFINITY,
        staleMarks: "[]",
        progressTimer: undefined,
        settleTimer: undefined,
      };
      this.#timings.set(uri, timing);
    }
    return timing;
  }
}
