/**
 * Sends a page the heat maps of runs in slices, each in a turn of its own. Those of a large net are 40 MB: copied and
 * handed to VS Code at once, they would keep the editor's other extensions waiting for a tenth of a second.
 *
 * A slice has what the history holds when it is sent, and the page has every frame until then. So frames may be sent in
 * between, and nothing has to be kept.
 */

import type { RunHistory } from "../../protocol/history.ts";
import type { ToPanel } from "../../protocol/panelMessages.ts";

/** Bytes of heat maps in one message. A single map may be larger: it is never divided. */
export const sliceBytes = 2 ** 20;

export interface MapSlicesOptions {
  readonly history: (runId: string) => RunHistory | null | undefined;
  readonly post: (message: Extract<ToPanel, { type: "maps" }>) => void;
  /** Calls back in a later turn, after VS Code has sent what waits. */
  readonly later?: (callback: () => void) => void;
}

export class MapSlices {
  readonly #options: MapSlicesOptions;
  /** Runs whose heat maps are not sent yet, with the first that is left. */
  readonly #waiting = new Map<string, number>();
  #due = false;

  constructor(options: MapSlicesOptions) {
    this.#options = options;
  }

  /** Goes on after a message that has the first heat maps of runs. */
  follow(message: ToPanel): void {
    if (message.type === "snapshot") {
      this.#waiting.clear();
      if (message.history) this.#add(message.history);
    }
    const compared =
      message.type === "snapshot" ? message.compared : message.type === "compared" ? message.changed : [];
    for (const { history } of compared) this.#add(history);
    if (this.#waiting.size > 0) this.#sendSoon();
  }

  /** Forgets what is not sent. */
  clear(): void {
    this.#waiting.clear();
  }

  #add({ info, maps }: { readonly info: { readonly runId: string }; readonly maps: readonly unknown[] }): void {
    this.#waiting.set(info.runId, maps.length);
  }

  #sendSoon(): void {
    if (this.#due) return;
    this.#due = true;
    const { later = (callback) => setTimeout(callback, 0) } = this.#options;
    later(() => {
      this.#due = false;
      this.#send();
    });
  }

  #send(): void {
    const [first] = this.#waiting;
    if (!first) return;
    const [runId, from] = first;
    const slice = this.#options.history(runId)?.mapSlice(from, { mapBytes: sliceBytes });
    if (slice?.next == null) this.#waiting.delete(runId);
    else this.#waiting.set(runId, slice.next);
    if (slice && slice.maps.length > 0) this.#options.post({ type: "maps", runId, maps: slice.maps });
    if (this.#waiting.size > 0) this.#sendSoon();
  }
}
