/** A disk that has room for some more bytes, or that takes none, as the system reports it. */

import fs from "node:fs";
import { vi } from "vitest";

export type Fault = "ENOSPC" | "EDQUOT" | "EROFS" | "EIO";

/** Writes beyond `room` bytes fail until `free` is called. With EROFS no file can be opened for writing, either. */
export function fullDisk(fault: Fault, room: number): { readonly refused: () => number; readonly free: () => void } {
  let left = room;
  let refused = 0;
  const error = (): NodeJS.ErrnoException => {
    refused++;
    return Object.assign(new Error(`${fault}: the disk refuses, write`), { code: fault, syscall: "write" });
  };
  /** How many of these bytes the disk takes: a full one takes a part, and fails at the next call. */
  const taken = (bytes: number): number => {
    const count = Math.min(left, bytes);
    left -= count;
    return count;
  };
  const { writeSync, openSync } = fs;
  const spies = [
    vi.spyOn(fs, "writeSync").mockImplementation((descriptor: number, data: unknown, at?: unknown) => {
      if (!(data instanceof Uint8Array)) throw new Error("Files are written as bytes.");
      const from = typeof at === "number" ? at : 0;
      const count = taken(data.length - from);
      if (count === 0 && data.length > from) throw error();
      return writeSync(descriptor, data.subarray(from, from + count));
    }),
    vi.spyOn(fs, "write").mockImplementation(((
      descriptor: number,
      data: Uint8Array,
      at: number,
      _length: null,
      _position: null,
      done: (error: Error | null, count: number, data: Uint8Array) => void,
    ) => {
      const count = taken(data.length - at);
      if (count === 0 && data.length > at) return done(error(), 0, data);
      return done(null, writeSync(descriptor, data.subarray(at, at + count)), data);
    }) as typeof fs.write),
    vi.spyOn(fs, "openSync").mockImplementation((place, flags, mode) => {
      const writes = typeof flags === "number" && (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0;
      if (fault === "EROFS" && writes) throw error();
      return openSync(place, flags, mode);
    }),
  ];
  return {
    refused: () => refused,
    free: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}
