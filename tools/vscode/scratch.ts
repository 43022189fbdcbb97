import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** The temporary folder of one start, and the actions to undo at its end, in reverse order. */
export class Scratch {
  readonly dir = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-vscode-"));
  readonly #undo: Array<() => unknown> = [];
  #closed: Promise<void> | undefined;

  defer(undo: () => unknown): void {
    this.#undo.push(undo);
  }

  /** Undoes everything; a failed action is reported and does not prevent the others. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    for (const undo of this.#undo.reverse()) {
      try {
        await undo();
      } catch (error) {
        console.error(`while cleaning up: ${error}`);
      }
    }
    fs.rmSync(this.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
