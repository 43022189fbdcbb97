/** Progress of a run on stderr: a bar on a terminal, plain lines otherwise. */

import { performance } from "node:perf_hooks";
import { shorten } from "../config/shorten.ts";
import { cliWords } from "../messages/cli.ts";
import { reportWords } from "../messages/report.ts";
import type { RunHistory } from "../protocol/history.ts";
import { formatNumber } from "../protocol/numberText.ts";
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
    const loss = formatNumber(history.latest("loss") ?? Number.NaN);
    const pace = formatNumber(history.latest("milliseconds") ?? Number.NaN);
    const facts = cliWords().barStep({ step: history.lastStep, planned: info.plannedSteps, loss, pace });
    this.#draw(`${shorten(info.model)}  ${bar}  ${facts}`);
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
    const text = cliWords().runs({
      model: shorten(info.model),
      isProbe: info.kind === "probe",
      backend: info.backend.label,
      planned: info.plannedSteps,
    });
    void this.#err.write(`${text}\n`);
  }

  step(history: RunHistory): void {
    if (!this.#clock.due(lineInterval)) return;
    const { info } = history;
    const loss = formatNumber(history.latest("loss") ?? Number.NaN);
    const model = shorten(info.model);
    void this.#err.write(`${cliWords().atStep({ model, step: history.lastStep, planned: info.plannedSteps, loss })}\n`);
  }

  ended(model: string, steps: number, milliseconds: number): void {
    void this.#err.write(
      `${cliWords().took({ model, took: reportWords().took({ steps, seconds: formatNumber(milliseconds / 1000) }) })}\n`,
    );
  }
}
