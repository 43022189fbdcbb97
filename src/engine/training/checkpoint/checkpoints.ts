/** Keeps a training run's model on disk: the last one, to resume from, and the best one so far. */

import type { CheckpointConfig, LayerEntry, ResolvedModel } from "../../../config/resolved.ts";
import { holdStop } from "../../../kernels/stop.ts";
import { buildingWords } from "../../../messages/building.ts";
import type { CarriedStates } from "../../instrument/carriedStates.ts";
import type { BuiltModel } from "../../model/builtModel.ts";
import { randomStreams } from "../../model/seeding.ts";
import type { EpochLosses } from "../epochLosses.ts";
import type { Optimizer } from "../optimizers.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Kept } from "./folder.ts";
import type { CheckpointPlace } from "./place.ts";
import { type Resume, removeFormer, writeArtifacts } from "./writeArtifacts.ts";

/** What a run trains, and how a checkpoint of it is judged. */
export interface TrainedParts {
  readonly built: BuiltModel;
  readonly optimizer: Optimizer;
  readonly masks: readonly Uint8Array[][];
  readonly epochs: EpochLosses;
  /** States of stateful layers; null: there are none. */
  readonly states: CarriedStates | null;
  /**
   * Loss on the samples held out for testing; null: there are none, and the training loss decides which checkpoint is
   * best.
   */
  readonly testLoss: (() => Promise<number>) | null;
}

export interface CheckpointOptions extends TrainedParts {
  readonly runId: string;
  readonly config: CheckpointConfig;
  readonly model: ResolvedModel;
  /** Released when the checkpoints are closed. */
  readonly place: CheckpointPlace;
  /** Smallest loss of an earlier checkpoint from which this run resumes. */
  readonly best: number;
}

export class Checkpoints {
  readonly #options: CheckpointOptions;
  readonly #entries: readonly LayerEntry[];
  #best: number;
  /** Step of the last evaluation. */
  #looked = 0;
  #sum = 0;
  #steps = 0;
  /** Files of the newest checkpoint of each kind that this run has written. */
  readonly #named = new Map<Kept, readonly string[]>();

  constructor(options: CheckpointOptions) {
    const { model, built } = options;
    this.#options = options;
    this.#best = options.best;
    const own = built.layers.filter((layer) => layer.wrapper === null).map((layer) => layer.entry);
    this.#entries = model.file === null ? model.layers : own;
  }

  /** Call this after each step. It writes when a checkpoint is due, and only then returns a promise to wait for. */
  stepped(step: number, loss: number): Promise<void> | null {
    this.#sum += loss;
    this.#steps++;
    return step % this.#options.config.every === 0 ? this.#look(step) : null;
  }

  /** Call this when the run ends after `step`, with weights worth keeping. */
  async ended(step: number): Promise<void> {
    if (this.#steps > 0 && this.#looked !== step) await this.#look(step);
  }

  async #look(step: number): Promise<void> {
    const { config, testLoss } = this.#options;
    // A single batch's loss depends on luck; the mean since the last evaluation does not.
    const loss = (await testLoss?.()) ?? this.#sum / this.#steps;
    this.#looked = step;
    this.#sum = 0;
    this.#steps = 0;
    const better = loss < this.#best;
    if (better) this.#best = loss;
    if (better && config.keep !== "last") await this.#write("best", step, null);
    if (config.keep !== "best" && Number.isFinite(loss)) await this.#write("last", step, this.#resume(step));
  }

  /** Ends the writing: removes all files but those of the newest checkpoints, and releases the folder. */
  async close(): Promise<void> {
    try {
      for (const kept of this.#named.keys()) await this.#removeFormer(kept);
    } catch {
      // The checkpoints themselves are complete; the next run removes superfluous files.
    } finally {
      this.#options.place.release();
    }
  }

  async #write(kept: Kept, step: number, resume: Resume | null): Promise<void> {
    const release = holdStop();
    try {
      // Removed before writing, not after: a reader of the former model.json still finds the files that it names.
      if (this.#named.has(kept)) await this.#removeFormer(kept);
      const folder = await this.#options.place.open(kept);
      try {
        const { built, runId } = this.#options;
        this.#named.set(kept, await writeArtifacts(folder, { runId, step }, built, this.#entries, resume));
      } finally {
        folder.close();
      }
    } catch (error) {
      throw new Error(buildingWords().checkpointUnwritten(error instanceof Error ? error.message : String(error)));
    } finally {
      release();
    }
  }

  async #removeFormer(kept: Kept): Promise<void> {
    const folder = await this.#options.place.open(kept);
    try {
      removeFormer(folder, this.#named.get(kept) ?? []);
    } finally {
      folder.close();
    }
  }

  #resume(step: number): Resume {
    const { model, built, optimizer, masks, epochs, states } = this.#options;
    const carried = states?.values() ?? [];
    // Weights that are not pruned, such as biases, have no mask.
    const whole = masks.map((kind) => Array.from(kind, (mask) => Float32Array.from(mask ?? [])));
    const { updates, slots } = optimizer.state();
    return {
      state: {
        step,
        fingerprint: fingerprint(model),
        optimizer: { updates, slots: slots.map((kind) => kind.map((values) => values.length)) },
        masks: whole.map((kind) => kind.map((mask) => mask.length)),
        carried: carried.map((layer) => layer.map(({ shape }) => [...shape])),
        epochs: {
          losses: [...epochs.state.losses],
          testLosses: [...epochs.state.testLosses],
          sum: epochs.state.sum,
        },
        draws: randomStreams(built.layers.map(({ layer }) => layer)).map((stream) => stream.drawn),
        best: this.#best,
      },
      values: [...slots.flat(), ...whole.flat(), ...carried.flatMap((layer) => layer.map(({ values }) => values))],
    };
  }
}
