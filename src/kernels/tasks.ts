/**
 * Calls functions of the module on arrays, with a parameter block, copies of the inputs, and room for results and for
 * workers' own space.
 */

import type { Arena } from "./arena.ts";
import { Calibration } from "./calibration.ts";
import { roundUp } from "./layout.ts";
import { callShare, type SharedFunction, type Threads, type ThreadUse } from "./threads.ts";
import type { Functions } from "./wasm.ts";

export interface Task<Field extends string> {
  /** The parameter block: 32-bit fields in this order. */
  readonly fields: readonly Field[];
  readonly numbers: Partial<Readonly<Record<Field, number>>>;
  /** Arrays, copied into the kernels' memory unless they lie there; the field holds the address, 0 if there is none. */
  readonly inputs: Partial<Readonly<Record<Field, Float32Array | null>>>;
  /** Bytes of uninitialized memory to reserve; the field holds the address, 0 if none is requested. */
  readonly room: Partial<Readonly<Record<Field, number>>>;
  /** The functions to call, in order, each over 0 … `size` − 1; a brief one is not shared. */
  readonly stages: readonly { readonly name: SharedFunction; readonly size: number; readonly brief?: boolean }[];
  /** Tasks of the same name take about the same time. */
  readonly name: string;
  /** Cost in multiplications or equally long operations. */
  readonly work: number;
}

/** Below this cost, waking other threads costs more than it saves. */
export const worthSharing = 1e6;
/** Number of tasks whose thread choice is remembered; beyond that all choices are discarded. */
const rememberedTasks = 256;

export class Tasks {
  /** Number of threads that may take part, each with its own space. */
  readonly workers: number;
  /** When to use several threads. */
  threads: ThreadUse = "measured";
  readonly #arena: Arena;
  readonly #functions: Functions;
  readonly #threads: Threads | null;
  readonly #calibrations = new Map<string, Calibration>();

  constructor(arena: Arena, functions: Functions, threads: Threads | null) {
    this.#arena = arena;
    this.#functions = functions;
    this.#threads = threads;
    this.workers = 1 + (threads?.count ?? 0);
  }

  /** @returns the content of a field's room: a view that the next call of anything in the kernels overwrites. */
  run<Field extends string>({ fields, numbers, inputs, room, stages, name, work }: Task<Field>) {
    const offsets = new Map<Field, number>();
    // Addresses in place, taken before the memory grows: its buffer is then another one.
    const places = new Map<Field, number>();
    let bytes = roundUp(fields.length * 4, 64);
    for (const field of fields) {
      const values = inputs[field];
      const place = values ? this.#placeOf(values) : undefined;
      if (place !== undefined) places.set(field, place);
      const size = (place === undefined && values ? values.length * 4 : 0) || (room[field] ?? 0);
      if (size > 0) offsets.set(field, bytes);
      bytes += roundUp(size, 64);
    }
    const start = this.#arena.allocate(bytes);
    try {
      const memory = this.#arena.memory.buffer;
      const block = new Int32Array(memory, start, fields.length);
      for (const [i, field] of fields.entries()) {
        const offset = offsets.get(field);
        block[i] = offset === undefined ? (places.get(field) ?? numbers[field] ?? 0) : start + offset;
        const values = inputs[field];
        if (values && offset !== undefined) new Float32Array(memory, start + offset, values.length).set(values);
      }
      this.#timed(name, work, (several) => {
        for (const { name, size, brief } of stages) this.#share(several && brief !== true, name, start, size);
      });
      return (field: Field, length: number): Float32Array =>
        new Float32Array(memory, start + (offsets.get(field) ?? 0), length);
    } finally {
      this.#arena.release(start, bytes);
    }
  }

  /** The address of values that lie in the kernels' memory. */
  #placeOf({ buffer, byteOffset, length }: Float32Array): number | undefined {
    return length > 0 && buffer === this.#arena.memory.buffer ? byteOffset : undefined;
  }

  /** Uses several threads if they were measured to be faster. */
  #timed(name: string, work: number, pass: (several: boolean) => void): void {
    if (!this.#threads?.ready || this.threads !== "measured" || work < worthSharing) {
      pass(this.#threads?.ready === true && this.threads === "always");
      return;
    }
    let calibration = this.#calibrations.get(name);
    if (!calibration) {
      if (this.#calibrations.size >= rememberedTasks) this.#calibrations.clear();
      calibration = new Calibration();
      this.#calibrations.set(name, calibration);
    }
    const several = calibration.next();
    const start = performance.now();
    pass(several);
    calibration.record(several, performance.now() - start);
  }

  #share(several: boolean, name: SharedFunction, block: number, size: number): void {
    // The calling thread is worker 0.
    const own = (from: number, to: number): void =>
      callShare(this.#functions, name, { plan: block, space: 0, from, to });
    if (several && this.#threads && size > this.#threads.count) this.#threads.run(name, block, size, own);
    else own(0, size);
  }
}

/** The bits of a float32, for a 32-bit field. */
export function bitsOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0] ?? 0;
}
