/** Speaks to screen readers, politely and not too often. */

import { el } from "../dom.ts";

/** Milliseconds between two announcements. */
const pause = 5000;

export class Announcer {
  readonly element = el("div", { class: "hidden-text spoken", role: "status", "aria-live": "polite" });
  #last = Number.NEGATIVE_INFINITY;
  #next: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Announces `text` now, or after the pause if nothing newer has come by then. */
  say(text: string): void {
    if (text === this.element.textContent) {
      this.#next = null;
      return;
    }
    this.#next = text;
    if (this.#timer !== null) return;
    const wait = Math.max(0, this.#last + pause - performance.now());
    this.#timer = setTimeout(() => this.#speak(), wait);
  }

  /** Announces `text` at once: the user did something and waits for the answer. */
  answer(text: string): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#next = text;
    this.#speak();
  }

  #speak(): void {
    this.#timer = null;
    if (this.#next === null) return;
    this.#last = performance.now();
    this.element.textContent = this.#next;
    this.#next = null;
  }
}
