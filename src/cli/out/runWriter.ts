/**
 * Writes a run into a folder while it goes, so that however long it is, it need not fit into memory:
 * `scalars.csv`, `profiles.csv`, `run.json` (as `--json` prints it), TensorBoard's events, and `summary.json`.
 */

import path from "node:path";
import type { WeightSample, WeightSampling } from "../../engine/measure/weightSampler.ts";
import { columnName, csvCell } from "../../protocol/columnName.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { Frame } from "../../protocol/frame.ts";
import type { RunInfo } from "../../protocol/run.ts";
import { JsonRun } from "../json.ts";
import { ChunkedFile } from "./chunkedFile.ts";
import { type RunSummaryFile, writeSummary } from "./summaryFile.ts";
import { RunEvents } from "./tensorboard/runEvents.ts";

/** TensorBoard finds files with `tfevents` in their names. One name, so that a run written anew takes the place of the old. */
export const eventsName = "events.out.tfevents.gradlens";

/** Steps between two histograms: a hundred of them over 2000 steps. */
const histogramEvery = 20;

interface Open {
  readonly scalars: ChunkedFile;
  readonly profiles: ChunkedFile;
  readonly json: ChunkedFile;
  readonly events: ChunkedFile;
  readonly jsonRun: JsonRun;
  readonly runEvents: RunEvents;
  readonly layers: readonly string[];
}

export class RunWriter {
  readonly folder: string;
  #open: Open | null = null;
  #failure: string | null = null;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Why not all could be written; null while all is well. */
  get failure(): string | null {
    return this.#failure;
  }

  readonly weights: WeightSampling = {
    every: histogramEvery,
    sample: (step: number, samples: readonly WeightSample[]) =>
      this.#attempt(() => this.#open?.events.write(this.#open.runEvents.weights(step, samples))),
  };

  started(info: RunInfo): void {
    this.#attempt(() => {
      const file = (name: string): ChunkedFile => new ChunkedFile(path.join(this.folder, name));
      const open = {
        scalars: file("scalars.csv"),
        profiles: file("profiles.csv"),
        json: file("run.json"),
        events: file(eventsName),
        jsonRun: new JsonRun(info),
        runEvents: new RunEvents(info, histogramEvery),
        layers: info.layers.map((l) => csvCell(l.name)),
      };
      this.#open = open;
      open.scalars.write(`${["step", ...info.columns.map((c) => csvCell(columnName(info, c)))].join(",")}\n`);
      const timesteps = Math.max(0, ...info.layers.map((l) => l.recurrent?.timesteps ?? 0));
      const numbers = Array.from({ length: timesteps }, (_, t) => t + 1);
      open.profiles.write(`${["step", "layer", "quantity", ...numbers].join(",")}\n`);
      open.json.write(open.jsonRun.head);
      open.events.write(open.runEvents.begin());
    });
  }

  /** @param frame of one step */
  step(frame: Frame): void {
    const open = this.#open;
    if (!open) return;
    this.#attempt(() => {
      const step = frame.steps[0] ?? 0;
      open.scalars.write(`${[step, ...frame.rows].join(",")}\n`);
      for (const { layer, channel, values } of frame.profiles)
        open.profiles.write(`${[step, open.layers[layer] ?? layer, channel, ...values].join(",")}\n`);
      open.json.write(open.jsonRun.step(frame));
      open.events.write(open.runEvents.step(frame));
    });
  }

  /** @param summary null when the run took no step */
  ended(findings: readonly Finding[], summary: RunSummaryFile | null): void {
    const open = this.#open;
    if (!open) return;
    this.#attempt(() => open.json.write(open.jsonRun.tail(findings)));
    for (const file of [open.scalars, open.profiles, open.json, open.events]) this.#record(() => file.close());
    this.#open = null;
    if (summary) this.#attempt(() => writeSummary(this.folder, summary));
  }

  /** The run's figures must not be lost with the disk that could not take them. */
  #attempt(write: () => void): void {
    if (this.#failure === null) this.#record(write);
  }

  #record(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#failure ??= error instanceof Error ? error.message : String(error);
    }
  }
}
