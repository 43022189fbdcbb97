/** A file written in large chunks: a run appends to it at every step and must not wait for the disk each time. */

import type { SafeFolder } from "../../files/safeFolder.ts";
import { FreshFile } from "../../files/writeSafely.ts";

const chunkSize = 2 ** 16;

export class ChunkedFile {
  readonly #file: FreshFile;
  #chunks: Uint8Array[] = [];
  #size = 0;

  /**
   * Throws the system's error if the file cannot be made, or an error if something else is in its place.
   *
   * @param begin the file's beginning; once that is written, it replaces a former file.
   */
  constructor(folder: SafeFolder, name: string, begin: string | Uint8Array) {
    this.#file = new FreshFile(folder, name);
    try {
      this.write(begin);
      this.flush();
      this.#file.publish();
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  write(piece: string | Uint8Array): void {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    if (this.#size >= chunkSize) this.flush();
  }

  flush(): void {
    const whole = Buffer.concat(this.#chunks);
    this.#file.write(whole);
    this.#chunks = [];
    this.#size = 0;
  }

  close(): void {
    try {
      this.flush();
    } finally {
      this.#file.close();
    }
  }
}
