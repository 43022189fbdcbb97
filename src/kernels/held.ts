/** Values that stay in the kernels' memory, where functions read them without a copy. */

import type { Arena } from "./arena.ts";

/** A block of the kernels' memory with values that nothing overwrites before it is released. */
export class Held {
  readonly #arena: Arena;
  readonly #start: number;
  readonly length: number;

  constructor(arena: Arena, start: number, length: number) {
    this.#arena = arena;
    this.#start = start;
    this.length = length;
  }

  /** A view of the values; make a new one after anything has been allocated, because the memory may have grown. */
  get values(): Float32Array {
    return new Float32Array(this.#arena.memory.buffer, this.#start, this.length);
  }

  /** Call this once; the values may be overwritten from then on. */
  release(): void {
    this.#arena.release(this.#start, this.length * 4);
  }
}

export class Holder {
  readonly #arena: Arena;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /**
   * Holds a copy of `values`.
   * @throws RangeError when the memory's 4 GiB are used up.
   */
  copy(values: Float32Array): Held {
    const held = new Held(this.#arena, this.#arena.allocate(values.length * 4), values.length);
    held.values.set(values);
    return held;
  }

  /** Holds a result where it lies, if nothing was called since; null: it lies elsewhere, or in a plan. */
  keep({ buffer, byteOffset, byteLength, length }: Float32Array): Held | null {
    const here = buffer === this.#arena.memory.buffer;
    return here && this.#arena.claim(byteOffset, byteLength) ? new Held(this.#arena, byteOffset, length) : null;
  }
}
