/** Event files of the tests: bytes in memory, read in pieces. */

import fs from "node:fs";
import path from "node:path";
import type { EventFile } from "../../../src/tensorboard/readRun.ts";
import { root } from "../../../tools/root.ts";

export function recordedFile(name: string): Uint8Array {
  return fs.readFileSync(path.join(root, "test/fixtures/tensorboard", name));
}

/** @param pieceSize bytes that are read at a time. */
export function eventFile(bytes: Uint8Array, pieceSize = 1000, name = "events"): EventFile {
  return {
    name,
    open: async function* () {
      for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
    },
  };
}
