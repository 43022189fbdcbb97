/** Writes a run into an event file while it goes. A failing disk costs the file, never the run. */

import os from "node:os";
import { SafeFolder } from "../../files/safeFolder.ts";
import { FreshFile } from "../../files/writeSafely.ts";
import type { RunEnd, ToEngine } from "../../protocol/engineMessages.ts";
import type { Frame } from "../../protocol/frame.ts";
import type { MeasuredNeed } from "../../protocol/need.ts";
import type { RunInfo } from "../../protocol/run.ts";
import { RunEncoder } from "../../tensorboard/runEncoder.ts";

/** Where a run is written. */
export type RunFilePlace = NonNullable<Extract<ToEngine, { type: "run" }>["keep"]>;

export interface RunFileContent {
  readonly configPath: string;
  readonly configText: string;
  /** What the model's entry resolved to. */
  readonly model: unknown;
}

/** Bytes, and milliseconds, after which what waits is written: this much a killed process loses at most. */
const waitingBytes = 2 ** 16;
const waitingTime = 500;

export class RunFile {
  readonly #place: RunFilePlace;
  readonly #content: RunFileContent;
  readonly #failed: (message: string) => void;
  #open: { readonly folder: SafeFolder; readonly file: FreshFile; readonly encoder: RunEncoder } | null = null;
  #waiting: Uint8Array[] = [];
  #size = 0;
  #flushed = 0;
  readonly #flushAtExit = (): void => this.#attempt(() => this.#flush());

  /** @param failed called once if the file cannot be written. */
  constructor(place: RunFilePlace, content: RunFileContent, failed: (message: string) => void) {
    this.#place = place;
    this.#content = content;
    this.#failed = failed;
  }

  started(info: RunInfo): void {
    this.#attempt(() => {
      const { root, folder: name, bound } = this.#place;
      const encoder = new RunEncoder(info, { writer: "gradlens", bound });
      const folder = SafeFolder.open(root, name);
      const file = freshFile(folder);
      this.#open = { folder, file, encoder };
      process.once("exit", this.#flushAtExit);
      const { configPath, configText, model } = this.#content;
      this.#add(encoder.begin({ path: configPath, text: configText }, model));
      this.#flush();
      file.publish();
    });
  }

  /** @param frame frame of one step */
  step(frame: Frame): void {
    this.#attempt(() => this.#add(this.#open?.encoder.step(frame) ?? null));
  }

  needed(need: MeasuredNeed): void {
    this.#attempt(() => this.#add(this.#open?.encoder.need(need) ?? null));
  }

  /** Ends the file without an end of the run. */
  interrupted(): void {
    this.#attempt(() => {
      this.#add(this.#open?.encoder.lastStep() ?? null);
      this.#flush();
    });
    this.#close();
  }

  ended(end: RunEnd): void {
    this.#attempt(() => {
      const encoder = this.#open?.encoder;
      if (!encoder) return;
      this.#add(encoder.lastStep());
      this.#add(encoder.end(end.kind, reasonOf(end), end));
      this.#flush();
    });
    this.#close();
  }

  #add(bytes: Uint8Array | null): void {
    if (!bytes || bytes.length === 0) return;
    this.#waiting.push(bytes);
    this.#size += bytes.length;
    if (this.#size >= waitingBytes || performance.now() - this.#flushed >= waitingTime) this.#flush();
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#size = 0;
    this.#flushed = performance.now();
    this.#open?.file.write(bytes);
  }

  #close(): void {
    process.off("exit", this.#flushAtExit);
    const open = this.#open;
    this.#open = null;
    open?.file.close();
    open?.folder.close();
  }

  #attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#close();
      this.#failed(`The run is not kept on disk: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** @throws the system's error, after the folder is closed: an engine meets many runs, and a disk may stay full. */
function freshFile(folder: SafeFolder): FreshFile {
  try {
    return new FreshFile(folder, fileName());
  } catch (error) {
    folder.close();
    throw error;
  }
}

function fileName(): string {
  const host = os.hostname().replaceAll(/[^\w.-]/g, "_");
  return `events.out.tfevents.${Math.floor(Date.now() / 1000)}.${host}.${process.pid}.gradlens`;
}

function reasonOf(end: RunEnd): string | null {
  if (end.kind === "completed-early") return end.reason;
  return end.kind === "failed" ? end.message : null;
}
