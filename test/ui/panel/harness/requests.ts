/**
 * The animation frames and short timers that a page has requested and not had yet, so that a test can wait until
 * everything is drawn without a fixed wait.
 */

import { longestPause } from "../../../../webview/charts/pace.ts";

/** The page globals that are replaced. */
export interface Timing {
  requestAnimationFrame(callback: (now: number) => void): number;
  setTimeout(callback: () => void, ms?: number): number;
  clearTimeout(id?: number): void;
}

/**
 * Longest interval, in milliseconds, at which a visible block draws new data, rounded up: the difference of two fractions
 * exceeds it by a trace. Longer timers are for speech and tables.
 */
const soon = longestPause + 1;
/** Frames in which the observers of size and visibility report, and what they ask for is drawn. */
const quietFrames = 3;

export class Requests {
  readonly #requestFrame: Timing["requestAnimationFrame"];
  #frames = 0;
  readonly #timers = new Set<number>();

  /** @param onFrame receives the milliseconds that the page's script took in a frame */
  constructor(page: Timing, onFrame: (milliseconds: number) => void) {
    this.#requestFrame = page.requestAnimationFrame.bind(page);
    page.requestAnimationFrame = (callback) => {
      this.#frames++;
      return this.#requestFrame((now) => {
        this.#frames--;
        const began = performance.now();
        callback(now);
        onFrame(performance.now() - began);
      });
    };
    const [start, clear] = [page.setTimeout.bind(page), page.clearTimeout.bind(page)];
    page.setTimeout = (callback, ms = 0) => {
      const id = start(() => {
        this.#timers.delete(id);
        callback();
      }, ms);
      if (ms <= soon) this.#timers.add(id);
      return id;
    };
    page.clearTimeout = (id) => {
      if (id !== undefined) this.#timers.delete(id);
      clear(id);
    };
  }

  /** An animation frame of the test itself, which is not counted. */
  frame(callback: (now: number) => void): void {
    this.#requestFrame(callback);
  }

  /** Resolves when everything that was requested is drawn. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      let quiet = 0;
      const look = (): void => {
        quiet = this.#frames === 0 && this.#timers.size === 0 ? quiet + 1 : 0;
        if (quiet === quietFrames) resolve();
        else this.frame(look);
      };
      this.frame(look);
    });
  }
}
