/**
 * The most recently requested deep probe: its progress and its result. Only one is shown, so the next one replaces it.
 * Independent of VS Code.
 */

import { hostWords } from "../../messages/host.ts";
import type { DeepCheckpoint, DeepResult } from "../../protocol/deep.ts";
import type { DeepView } from "../../protocol/panelMessages.ts";
import { Emitter } from "../emitter.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import { namedFiles } from "../findings/namedFiles.ts";
import { whyNoResult } from "../runs/describeEnd.ts";
import type { EngineJob } from "../runs/engineJob.ts";
import { modelKey, type RunTarget } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";

interface Asked {
  readonly target: RunTarget;
  readonly layer: string | null;
  readonly steps: number;
  readonly checkpoint: DeepCheckpoint | null;
  job: EngineJob | null;
  /** A file that it reads changed since it was requested. */
  overtaken: boolean;
}

export class DeepProbes {
  readonly #runs: RunService;
  readonly #store: FindingsStore;
  readonly #subscription: { dispose(): void };
  readonly #changed = new Emitter<undefined>();
  #asked: Asked | null = null;
  #view: DeepView | null = null;
  #count = 0;
  readonly onChange = this.#changed.on.bind(this.#changed);

  constructor(runs: RunService, store: FindingsStore) {
    this.#runs = runs;
    this.#store = store;
    this.#subscription = store.onChange(({ uri, cause }) => {
      if (cause !== "text" || uri !== this.#asked?.target.uri || !this.#view) return;
      const stale = this.#isStale();
      if (stale !== this.#view.stale) this.#show({ ...this.#view, stale });
    });
  }

  /** Null until one is requested. */
  get view(): DeepView | null {
    return this.#view;
  }

  /**
   * @param steps training steps before it
   * @param checkpoint the run's weights that are probed instead
   */
  start(target: RunTarget, layer: string | null, steps: number, checkpoint: DeepCheckpoint | null = null): void {
    this.#asked?.job?.cancel();
    const asked: Asked = { target, layer, steps, checkpoint, job: null, overtaken: false };
    this.#asked = asked;
    this.#state({ kind: "busy", stage: hostWords().waitingForEngine, share: 0 });
    this.#count += 1;
    let result: DeepResult | null = null;
    const { configPath, configText, model } = target;
    asked.job = this.#runs.deepProbe(
      {
        type: "deepProbe",
        runId: `deep-${this.#count}`,
        configPath,
        configText,
        model: model.name,
        layer,
        steps,
        checkpoint,
      },
      {
        progress: (stage, share) => {
          if (this.#asked === asked) this.#state({ kind: "busy", stage, share });
        },
        result: (found) => {
          result = found;
        },
        ended: (end) => {
          asked.job = null;
          if (this.#asked !== asked) return;
          this.#state(result ? { kind: "done", result } : { kind: "failed", message: whyNoResult(end) });
        },
      },
    );
  }

  /** Reports that a file changed on disk. @param file absolute path */
  fileChanged(file: string): void {
    const asked = this.#asked;
    if (!asked || !this.#view || !namedFiles(asked.target.model, asked.target.configPath).includes(file)) return;
    asked.overtaken = true;
    this.#show({ ...this.#view, stale: true });
  }

  stop(): void {
    this.#asked?.job?.cancel();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  #state(state: DeepView["state"]): void {
    if (!this.#asked) return;
    const { target, layer, steps, checkpoint } = this.#asked;
    const { configPath: config, model } = target;
    const stale = this.#isStale();
    this.#show({ config, model: model.name, layer, steps, checkpoint: checkpoint?.kind ?? null, stale, state });
  }

  #show(view: DeepView): void {
    this.#view = view;
    this.#changed.fire(undefined);
  }

  #isStale(): boolean {
    if (!this.#asked) return false;
    if (this.#asked.overtaken) return true;
    const { uri, model, configText } = this.#asked.target;
    const view = this.#store.view(uri);
    if (!view || view.text === configText) return false;
    const now = view.models.find((m) => m.name === model.name)?.model;
    return !now || modelKey(now) !== modelKey(model);
  }
}
