/**
 * Writes a run into a folder while it goes, so that a run of any length need not fit into memory: `scalars.csv`,
 * `profiles.csv`, `run.json` (as `--json` prints it), TensorBoard's events, and `summary.json`. A resumed run appends
 * to the tables and events of its earlier part; its `run.json` and `summary.json` cover only the new steps.
 */

import type { WeightSample, WeightSampling } from "../../engine/measure/weightSampler.ts";
import type { SafeFolder } from "../../files/safeFolder.ts";
import { removeLeftovers } from "../../files/writeSafely.ts";
import { columnName, csvCell } from "../../protocol/columnName.ts";
import type { Frame } from "../../protocol/frame.ts";
import type { RunInfo } from "../../protocol/run.ts";
import { JsonRun, type PlaceOf } from "../json.ts";
import type { Measured } from "../measured.ts";
import { ChunkedFile } from "./chunkedFile.ts";
import { formerRows, laterName, removeLater } from "./formerPart.ts";
import { type RunSummaryFile, summaryName, writeSummary } from "./summaryFile.ts";
import { type RunContent, RunEvents } from "./tensorboard/runEvents.ts";

/**
 * TensorBoard finds files with `tfevents` in their names. The name is fixed, so that a new run replaces the old one;
 * later parts of a resumed run append their first step to it.
 */
export const eventsName = "events.out.tfevents.gradlens";

const tables = { scalars: "scalars.csv", profiles: "profiles.csv", json: "run.json" } as const;

/** Whether a writer has made the file of that name in a run's folder. */
export function isWritten(name: string): boolean {
  return [...Object.values(tables), summaryName].some((own) => own === name) || name.startsWith(eventsName);
}

/** Steps between two histograms: a hundred of them over 2000 steps. */
const histogramEvery = 20;

/** What is known of a run at its end. */
type Ended = Pick<Measured, "outcome" | "findings" | "history">;

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
  readonly #folder: SafeFolder;
  readonly #placeOf: PlaceOf;
  readonly #content: RunContent;
  readonly #resumed: boolean;
  #info: RunInfo | null = null;
  #open: Open | null = null;
  #failure: string | null = null;

  /**
   * @param folder locked for this writer.
   * @param content what is run.
   * @param placeOf maps findings' places into the config's text.
   * @param resumed whether the run goes on from where an earlier one in the same folder stopped.
   */
  constructor(folder: SafeFolder, content: RunContent, placeOf: PlaceOf, resumed = false) {
    this.#folder = folder;
    this.#content = content;
    this.#placeOf = placeOf;
    this.#resumed = resumed;
  }

  /** Path of the folder. */
  get folder(): string {
    return this.#folder.path;
  }

  /** Why not everything could be written; null if it was. */
  get failure(): string | null {
    return this.#failure;
  }

  readonly weights: WeightSampling = {
    every: histogramEvery,
    sample: (step: number, samples: readonly WeightSample[]) =>
      this.#attempt(() => {
        const open = this.#opened(step);
        open?.events.write(open.runEvents.weights(step, samples));
      }),
  };

  started(info: RunInfo): void {
    this.#info = info;
    // A resumed run learns its start step from its first frame.
    if (!this.#resumed) this.#attempt(() => this.#opened(1));
  }

  /** @param frame of one step */
  step(frame: Frame): void {
    this.#attempt(() => {
      const step = frame.steps[0] ?? 0;
      const open = this.#opened(step);
      if (!open) return;
      open.scalars.write(`${[step, ...frame.rows].join(",")}\n`);
      for (const { layer, channel, values } of frame.profiles)
        open.profiles.write(`${[step, open.layers[layer] ?? layer, channel, ...values].join(",")}\n`);
      open.json.write(open.jsonRun.step(frame));
      open.events.write(open.runEvents.step(frame));
    });
  }

  /** @param summary null if the run took no step */
  ended({ outcome, findings, history }: Ended, summary: RunSummaryFile | null): void {
    const need = history?.need ?? null;
    const open = this.#open;
    if (!open) return;
    this.#attempt(() => {
      open.json.write(open.jsonRun.tail(findings, need));
      open.events.write(open.runEvents.end(findings, need, outcome));
    });
    for (const file of [open.scalars, open.profiles, open.json, open.events]) this.#record(() => file.close());
    this.#open = null;
    if (summary) this.#attempt(() => writeSummary(this.#folder, summary));
  }

  /** @param step first step to be written, if nothing has been written yet. */
  #opened(step: number): Open | null {
    const info = this.#info;
    if (this.#open || !info) return this.#open;
    const timesteps = Math.max(0, ...info.layers.map((l) => l.recurrent?.timesteps ?? 0));
    const numbers = Array.from({ length: timesteps }, (_, t) => t + 1);
    const folder = this.#folder;
    const table = (name: string, columns: readonly (string | number)[]): ChunkedFile =>
      new ChunkedFile(folder, name, formerRows(folder, name, columns.join(","), step));
    const jsonRun = new JsonRun(info, this.#placeOf);
    const runEvents = new RunEvents(info, histogramEvery);
    removeLeftovers(folder);
    removeLater(folder, eventsName, step);
    const events = step === 1 ? eventsName : laterName(eventsName, step);
    this.#open = {
      scalars: table(tables.scalars, ["step", ...info.columns.map((c) => csvCell(columnName(info, c)))]),
      profiles: table(tables.profiles, ["step", "layer", "quantity", ...numbers]),
      json: new ChunkedFile(folder, tables.json, jsonRun.head),
      events: new ChunkedFile(folder, events, runEvents.begin(this.#content)),
      jsonRun,
      runEvents,
      layers: info.layers.map((l) => csvCell(l.name)),
    };
    return this.#open;
  }

  /** Stops writing on an error: a failing disk must not cost the run's figures. */
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
