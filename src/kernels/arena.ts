/**
 * The kernels' memory: hands out blocks to plans and takes them back. It grows only if no free block is large enough.
 */

const page = 65536;
const alignment = 64;

interface Block {
  start: number;
  end: number;
}

export class Arena {
  readonly memory: WebAssembly.Memory;
  /** Free blocks, ascending; no two of them touch. */
  readonly #free: Block[] = [];
  #end: number;

  /** `start`: first byte that does not belong to the module. */
  constructor(memory: WebAssembly.Memory, start: number) {
    this.memory = memory;
    this.#end = Math.ceil(start / alignment) * alignment;
  }

  /** Size of the memory in bytes. */
  get size(): number {
    return this.memory.buffer.byteLength;
  }

  /** @throws RangeError when the memory's 4 GiB are used up. */
  allocate(bytes: number): number {
    const size = Math.ceil(bytes / alignment) * alignment;
    for (const [i, block] of this.#free.entries()) {
      if (block.end - block.start < size) continue;
      const { start } = block;
      block.start += size;
      if (block.start === block.end) this.#free.splice(i, 1);
      return start;
    }
    const start = this.#end;
    const missing = start + size - this.size;
    if (missing > 0) this.memory.grow(Math.ceil(missing / page));
    this.#end = start + size;
    return start;
  }

  /** Takes a certain free range, of whole alignments within the memory; false if it is not all free. */
  claim(start: number, bytes: number): boolean {
    const end = start + Math.ceil(bytes / alignment) * alignment;
    if (start % alignment !== 0 || end > this.size) return false;
    if (start >= this.#end) {
      if (start > this.#end) this.#free.push({ start: this.#end, end: start });
      this.#end = end;
      return true;
    }
    const i = this.#free.findIndex((block) => block.start <= start && end <= block.end);
    const around = this.#free[i];
    if (!around) return false;
    const parts = [
      { start: around.start, end: start },
      { start: end, end: around.end },
    ];
    this.#free.splice(i, 1, ...parts.filter((part) => part.start < part.end));
    return true;
  }

  release(start: number, bytes: number): void {
    const block = { start, end: start + Math.ceil(bytes / alignment) * alignment };
    let i = this.#free.findIndex((b) => b.start > start);
    if (i < 0) i = this.#free.length;
    this.#free.splice(i, 0, block);
    for (const at of [i, i - 1]) {
      const here = this.#free[at];
      const next = this.#free[at + 1];
      if (!here || !next || here.end !== next.start) continue;
      here.end = next.end;
      this.#free.splice(at + 1, 1);
    }
    const last = this.#free.at(-1);
    if (last && last.end === this.#end) {
      this.#end = last.start;
      this.#free.pop();
    }
  }
}
