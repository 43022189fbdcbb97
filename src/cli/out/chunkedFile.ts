/** A file that is written in large chunks: a run adds to it at every step, and must not wait for the disk each time. */

import fs from "node:fs";

const chunkSize = 2 ** 16;

export class ChunkedFile {
  readonly #descriptor: number;
  #chunks: Uint8Array[] = [];
  #size = 0;

  /**
   * Throws what the system says when the file cannot be made.
   *
   * @param begin what it begins with.
   */
  constructor(path: string, begin: string | Uint8Array) {
    this.#descriptor = fs.openSync(path, "w");
    this.write(begin);
  }

  write(piece: string | Uint8Array): void {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    if (this.#size >= chunkSize) this.flush();
  }

  flush(): void {
    const whole = Buffer.concat(this.#chunks);
    for (let at = 0; at < whole.length; ) at += fs.writeSync(this.#descriptor, whole, at);
    this.#chunks = [];
    this.#size = 0;
  }

  close(): void {
    try {
      this.flush();
    } finally {
      fs.closeSync(this.#descriptor);
    }
  }
}
