/** Progress of a run on stderr: a bar on a terminal, plain lines otherwise. */

import { performance } from "node:perf_hooks";
import { shorten } from "../config/shorten.ts";
import type { RunHistory } from "../protocol/history.ts";
import { count, formatNumber } from "../protocol/numberText.ts";
import type { RunInfo } from "../protocol/run.ts";
import type { Output } from "./io.ts";
import { styleFor } from "./report/style.ts";

export interface Progress {
  started(info: RunInfo, budget: number | null): void;
  step(history: RunHistory): void;
  ended(model: string, steps: number, milliseconds: number): void;
}

/** Milliseconds between updates: a bar may be smooth, lines must not flood a log. */
const barInterval = 100;
const lineInterval = 5000;

export function progressOn(err: Output): Progress {
  return err.tty ? new Bar(err) : new Lines(err);
}

class Clock {
  info: RunInfo | undefined;
  #budget: number | null = null;
  #began = 0;
  #shown = 0;

  start(info: RunInfo, budget: number | null): void {
    this.info = info;
    this.#budget = budget;
    this.#began = performance.now();
    this.#shown = this.#began;
  }

  due(interval: number): boolean {
    const now = performance.now();
    if (now - this.#shown < interval) return false;
    this.#shown = now;
    return true;
  }

  /** The completed share, by steps or by time, whichever is larger. */
  share(step: number): number {
    const planned = this.info?.plannedSteps ?? null;
    const bySteps = planned === null ? 0 : step / planned;
    const byTime = this.#budget === null ? 0 : (performance.now() - this.#began) / this.#budget;
    return Math.min(1, Math.max(bySteps, byTime));
  }
}

class Bar implements Progress {
  readonly #err: Output;
  readonly #clock = new Clock();

  constructor(err: Output) {
    this.#err = err;
  }

  started(info: RunInfo, budget: number | null): void {
    this.#clock.start(info, budget);
    this.#draw(`${shorten(info.model)}  ${info.backend.label}`);
  }

  step(history: RunHistory): void {
    if (!this.#clock.due(barInterval)) return;
    const { info } = history;
    const width = 24;
    const done = Math.round(this.#clock.share(history.lastStep) * width);
    const style = styleFor(this.#err);
    const bar = `${style.accent("━".repeat(done))}${style.dim("─".repeat(width - done))}`;
    const of = info.plannedSteps === null ? "" : ` of ${info.plannedSteps}`;
    const loss = formatNumber(history.latest("loss") ?? Number.NaN);
    const pace = formatNumber(history.latest("milliseconds") ?? Number.NaN);
    this.#draw(`${shorten(info.model)}  ${bar}  step ${history.lastStep}${of} · loss ${loss} · ${pace} ms a step`);
  }

  ended(): void {
    this.#draw("");
  }

  #draw(text: string): void {
    void this.#err.write(`\r\u001b[2K${text}`);
  }
}

class Lines implements Progress {
  readonly #err: Output;
  readonly #clock = new Clock();

  constructor(err: Output) {
    this.#err = err;
  }

  started(info: RunInfo, budget: number | null): void {
    this.#clock.start(info, budget);
    const length = info.plannedSteps === null ? "" : `, ${count(info.plannedSteps, "step")}`;
    void this.#err.write(
      `${shorten(info.model)}: ${info.kind === "probe" ? "probing" : "training"} on ${info.backend.label}${length}\n`,
    );
  }

  step(history: RunHistory): void {
    if (!this.#clock.due(lineInterval)) return;
    const { info } = history;
    const of = info.plannedSteps === null ? "" : ` of ${info.plannedSteps}`;
    const loss = formatNumber(history.latest("loss") ?? Number.NaN);
    void this.#err.write(`${shorten(info.model)}: step ${history.lastStep}${of}, loss ${loss}\n`);
  }

  ended(model: string, steps: number, milliseconds: number): void {
    void this.#err.write(`${model}: ${count(steps, "step")} in ${formatNumber(milliseconds / 1000)} s\n`);
  }
}
