/**
 * The runs that the panel draws over the selected one. They are sent when chosen, and again after a change: at most
 * once per interval, and only while a page is visible. All but one of their heat maps follow in slices.
 */

import { type RunMade, runDifferences } from "../../diagnosis/runDifferences.ts";
import { runFigures } from "../../diagnosis/runFigures.ts";
import { packFigures } from "../../protocol/figures.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { type ComparedSnapshot, mostCompared, type ToPanel } from "../../protocol/panelMessages.ts";
import { DisposableStore } from "../disposableStore.ts";
import type { Run } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";

export interface ComparisonOptions {
  readonly runs: RunService;
  readonly selected: () => Run | undefined;
  /** Whether any page is visible. */
  readonly visible: () => boolean;
  readonly post: (message: Extract<ToPanel, { type: "compared" }>) => void;
  /** Milliseconds between two messages about running runs. */
  readonly interval?: number;
}

export class Comparison {
  readonly #options: ComparisonOptions;
  readonly #subscriptions: DisposableStore;
  #runIds: readonly string[] = [];
  readonly #changed = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: ComparisonOptions) {
    this.#options = options;
    const { runs } = options;
    this.#subscriptions = new DisposableStore(
      runs.onFrame(({ run }) => this.#touch(run)),
      runs.onDiagnosis((run) => this.#touch(run)),
      runs.onRemove((run) => {
        if (this.#runIds.includes(run.runId)) this.choose(this.#runIds.filter((id) => id !== run.runId));
      }),
    );
  }

  /** Ids of the runs compared, without the selected one. */
  get runIds(): readonly string[] {
    const selected = this.#options.selected()?.runId;
    return this.#runIds.filter((id) => id !== selected);
  }

  /** Drops unknown and duplicate ids, and those beyond the limit. */
  choose(runIds: readonly string[]): void {
    const known = [...new Set(runIds)].filter((id) => this.#options.runs.get(id));
    this.#runIds = known.slice(0, mostCompared);
    this.#send(this.runs());
  }

  /** All compared runs as they are now. */
  runs(): readonly ComparedSnapshot[] {
    return this.runIds.flatMap((id) => this.#compared(id));
  }

  /** The selected run's figures; null before its first step. */
  figures(): Float64Array | null {
    const run = this.#options.selected();
    return run?.history && run.history.lastStep > 0 ? packFigures(runFigures(run.history, run.findings)) : null;
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#subscriptions.dispose();
  }

  #touch(run: Run): void {
    const { runIds } = this;
    if (runIds.length === 0) return;
    if (runIds.includes(run.runId)) this.#changed.add(run.runId);
    else if (run.runId !== this.#options.selected()?.runId) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const changed = this.runIds.filter((id) => this.#changed.has(id));
      this.#changed.clear();
      if (this.#options.visible()) this.#send(changed.flatMap((id) => this.#compared(id)));
    }, this.#options.interval ?? 1000);
  }

  #send(changed: readonly ComparedSnapshot[]): void {
    const selected = this.#options.selected();
    if (!selected) return;
    const { runIds } = this;
    this.#options.post({ type: "compared", runId: selected.runId, figures: this.figures(), runIds, changed });
  }

  #compared(runId: string): readonly ComparedSnapshot[] {
    const run = this.#options.runs.get(runId);
    if (!run?.history || run.history.lastStep === 0) return [];
    const figures = packFigures(runFigures(run.history, run.findings));
    const selected = this.#options.selected();
    const differences = selected?.history
      ? [...runDifferences(made(selected, selected.history), made(run, run.history))]
      : [];
    return [{ runId, history: run.history.snapshot({ mapBytes: 0 }), figures, differences }];
  }
}

function made({ model, program }: Run, { info }: RunHistory): RunMade {
  return { model, info, settings: program?.settings ?? new Map() };
}
