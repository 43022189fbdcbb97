/** Bounds how often a run's frames are sent; training never waits for the reader. */

import type { Frame } from "../../protocol/frame.ts";
import { mergeFrames } from "./mergeFrames.ts";

/** Milliseconds between two frames: 30 a second, as often as a panel can show them. */
export const frameInterval = 1000 / 30;
/** Number of steps whose profiles are held before they are merged: bounds the memory if the reader does not read. */
const maxHeld = 64;

export interface CoalescerOptions {
  readonly send: (frame: Frame) => void;
  /** False while the reader has not taken the earlier frames. */
  readonly canSend: () => boolean;
  /** Current time in milliseconds; performance.now. */
  readonly now: () => number;
  /** Calls back after that many milliseconds; returns a function that cancels it. */
  readonly later: (callback: () => void, milliseconds: number) => () => void;
}

/**
 * Sends the frames of one run. The first step is sent at once; later steps wait and are merged; `finish` sends what
 * waits.
 */
export class Coalescer {
  readonly #options: CoalescerOptions;
  #held: Frame[] = [];
  #seq = 0;
  #lastSent = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | null = null;

  constructor(options: CoalescerOptions) {
    this.#options = options;
  }

  push(frame: Frame): void {
    this.#held.push(frame);
    if (this.#held.length >= maxHeld) this.#held = [mergeFrames(this.#held, 0)];
    this.#sendIfDue();
  }

  /** Call this when the run is over and before its end is reported. */
  finish(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#send();
  }

  #sendIfDue(): void {
    const { now, canSend, later } = this.#options;
    const wait = this.#lastSent + frameInterval - now();
    if (wait <= 0 && canSend()) this.#send();
    else
      this.#cancelTimer ??= later(
        () => {
          this.#cancelTimer = null;
          if (this.#held.length > 0) this.#sendIfDue();
        },
        Math.max(wait, 1),
      );
  }

  #send(): void {
    if (this.#held.length === 0) return;
    const frame = mergeFrames(this.#held, ++this.#seq);
    this.#held = [];
    this.#lastSent = this.#options.now();
    this.#options.send(frame);
  }
}
