/**
 * Decides when VS Code is told that lenses changed. VS Code waits for a pause between such events before it asks, and the
 * pause grows with the time in which it was answered (codelensController.ts, languageFeatureDebounce.ts): on a busy
 * machine, events at a steady rate put the question off for ever. So no event follows until the last one was answered.
 */

/**
 * Milliseconds after which a question that did not come is no longer awaited: no editor showed the config, or the event
 * was lost. What has changed in the meantime is told then, because no later change may come.
 */
const patience = 5000;

interface Told {
  /** Whether something has changed since that VS Code does not know of. */
  changed: boolean;
  readonly timer: NodeJS.Timeout;
}

export class LensChanges {
  readonly #tell: () => void;
  /** The events that were not answered, by config. */
  readonly #told = new Map<string, Told>();

  constructor(tell: () => void) {
    this.#tell = tell;
  }

  /** Reports a change, unless VS Code is about to ask anyway: its answer will be the newest state. */
  changed(uri: string): void {
    const told = this.#told.get(uri);
    if (told) {
      told.changed = true;
      return;
    }
    const timer = setTimeout(() => this.#giveUp(uri), patience);
    timer.unref();
    this.#told.set(uri, { changed: false, timer });
    this.#tell();
  }

  /** VS Code asked for the lenses of a config. */
  asked(uri: string): void {
    clearTimeout(this.#told.get(uri)?.timer);
    this.#told.delete(uri);
  }

  dispose(): void {
    for (const { timer } of this.#told.values()) clearTimeout(timer);
    this.#told.clear();
  }

  #giveUp(uri: string): void {
    const told = this.#told.get(uri);
    this.#told.delete(uri);
    if (told?.changed) this.changed(uri);
  }
}
