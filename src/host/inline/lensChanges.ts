/**
 * Decides when VS Code is told that lenses changed. VS Code waits for a pause between such events before it asks, and the
 * pause grows with the time in which it was answered (codelensController.ts, languageFeatureDebounce.ts): on a busy
 * machine, events at a steady rate put the question off for ever. So no event follows until the last one was answered.
 */

/** Milliseconds after which a question that did not come, because no editor showed the config, is no longer awaited. */
const patience = 5000;

export class LensChanges {
  readonly #tell: () => void;
  readonly #now: () => number;
  /** Times of the events that were not answered, by config. */
  readonly #told = new Map<string, number>();

  constructor(tell: () => void, now: () => number = () => performance.now()) {
    this.#tell = tell;
    this.#now = now;
  }

  /** Reports a change, unless VS Code is about to ask anyway: its answer will be the newest state. */
  changed(uri: string): void {
    const told = this.#told.get(uri);
    if (told !== undefined && this.#now() - told < patience) return;
    this.#told.set(uri, this.#now());
    this.#tell();
  }

  /** VS Code asked for the lenses of a config. */
  asked(uri: string): void {
    this.#told.delete(uri);
  }
}
