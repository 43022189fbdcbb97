/** Sums over float32 arrays in WebAssembly: in place if they lie in one of two memories, otherwise piece by piece. */

import type { Elementwise } from "./elementwise.ts";
import type { ShiftedSums } from "./shiftedSums.ts";
import { compileFile, hasEach } from "./wasm.ts";

const sumsFile = "sums.wasm";

/** The functions of `assembly/sums.ts`. */
interface Functions {
  sumOfSquares(at: number, n: number): number;
  squaresAndZeros(at: number, n: number): number;
  zerosOf(): number;
  squaredDistance(from: number, to: number, n: number): number;
  firstSquares(): number;
  shiftedSum(at: number, n: number, shift: number, low: number, high: number): number;
  shiftedSquares(): number;
  outsideOf(): number;
  countBelow(at: number, n: number, limit: number): number;
  countAbove(at: number, n: number, limit: number): number;
  sumOfTimescales(at: number, n: number): number;
  columnSums(from: number, rows: number, width: number, columns: number, to: number): void;
}

const names: readonly (keyof Functions)[] = [
  "sumOfSquares",
  "squaresAndZeros",
  "zerosOf",
  "squaredDistance",
  "firstSquares",
  "shiftedSum",
  "shiftedSquares",
  "outsideOf",
  "countBelow",
  "countAbove",
  "sumOfTimescales",
  "columnSums",
];

function hasFunctions(exports: object): exports is Functions {
  return hasEach(exports, names);
}

/** Number of floats from which a sum is worth waking several threads, if they lie in the kernels' memory. */
const sharedFrom = 1 << 18;

/** A memory, and the functions for values in it. */
interface Place {
  readonly memory: WebAssembly.Memory;
  readonly functions: Functions;
}

/** Number of floats of a piece: it stays in the first-level cache between the copy and the sum. */
const pieceLength = 4096;

/** Loads the sums that `buildKernels` wrote into `folder`. */
export async function loadSums(folder: string): Promise<Sums> {
  return new Sums(await compileFile(folder, sumsFile));
}

export class Sums {
  /** Another memory in which arrays may lie at present; it must not be shared. Arrays in any third place are copied. */
  elsewhere: () => WebAssembly.Memory | null = () => null;
  readonly #module: WebAssembly.Module;
  readonly #own: Functions;
  readonly #pieces: readonly [Float32Array, Float32Array];
  #known: Place | null = null;
  #kernels: (Place & { readonly elementwise: Elementwise }) | null = null;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
    const memory = new WebAssembly.Memory({ initial: 1 });
    this.#own = this.#on(memory);
    const piece = (i: number) => new Float32Array(memory.buffer, i * pieceLength * 4, pieceLength);
    this.#pieces = [piece(0), piece(1)];
  }

  /**
   * Sums values in the kernels' memory there, if they are held or belong to a plan: anything else there may be
   * overwritten by a sum.
   * @param exports the kernels' functions, with all of these among them
   */
  useKernels(memory: WebAssembly.Memory, exports: object, elementwise: Elementwise): void {
    if (!hasFunctions(exports)) throw new Error("The compiled kernels have another version.");
    this.#kernels = { memory, functions: exports, elementwise };
  }

  sumOfSquares(values: Float32Array): number {
    const shared = this.#sharedFor(values);
    if (shared) return shared.sumOfSquares(values);
    return this.#sum(values, (on, at, n) => on.sumOfSquares(at, n));
  }

  /** Σ v², and the number of zeros. */
  squaresAndZeros(values: Float32Array): { readonly squares: number; readonly zeros: number } {
    let zeros = 0;
    const squares = this.#sum(values, (on, at, n) => {
      const part = on.squaresAndZeros(at, n);
      zeros += on.zerosOf();
      return part;
    });
    return { squares, zeros };
  }

  /** Σ (a − b)² and Σ a² of arrays of the same length. */
  squaredDistance(a: Float32Array, b: Float32Array): { readonly apart: number; readonly first: number } {
    const [left, right] = this.#pieces;
    let [apart, first] = [0, 0];
    for (let from = 0; from < a.length; from += pieceLength) {
      const n = Math.min(pieceLength, a.length - from);
      left.set(a.subarray(from, from + n));
      right.set(b.subarray(from, from + n));
      apart += this.#own.squaredDistance(left.byteOffset, right.byteOffset, n);
      first += this.#own.firstSquares();
    }
    return { apart, first };
  }

  /** Σ (v − shift), Σ (v − shift)², and the number of values v with v ≤ low or v ≥ high. */
  shifted(values: Float32Array, shift: number, low: number, high: number): ShiftedSums {
    const shared = Math.fround(shift) === shift ? this.#sharedFor(values) : null;
    if (shared) return shared.shifted(values, shift, low, high);
    let squares = 0;
    let outside = 0;
    const sum = this.#sum(values, (on, at, n) => {
      const part = on.shiftedSum(at, n, shift, low, high);
      squares += on.shiftedSquares();
      outside += on.outsideOf();
      return part;
    });
    return { sum, squares, outside };
  }

  /** Number of values v with v < limit. */
  countBelow(values: Float32Array, limit: number): number {
    return this.#sum(values, (on, at, n) => on.countBelow(at, n, limit));
  }

  /** Number of values v with v > limit. */
  countAbove(values: Float32Array, limit: number): number {
    return this.#sum(values, (on, at, n) => on.countAbove(at, n, limit));
  }

  /** Σ 1 / (1 − v). */
  sumOfTimescales(values: Float32Array): number {
    return this.#sum(values, (on, at, n) => on.sumOfTimescales(at, n));
  }

  /** Writes the sum of each column of rows with `to.length` values to `to`; false if the two lie in no known memory. */
  columnSums(values: Float32Array, to: Float32Array): boolean {
    const inPlace = this.#functionsAt(values.buffer);
    if (!inPlace || to.buffer !== values.buffer) return false;
    inPlace.columnSums(values.byteOffset, values.length / to.length, to.length, to.length, to.byteOffset);
    return true;
  }

  #sum(values: Float32Array, part: (on: Functions, at: number, n: number) => number): number {
    const inPlace = this.#functionsAt(values.buffer);
    if (inPlace) return part(inPlace, values.byteOffset, values.length);
    const [piece] = this.#pieces;
    let sum = 0;
    for (let from = 0; from < values.length; from += pieceLength) {
      const n = Math.min(pieceLength, values.length - from);
      piece.set(values.subarray(from, from + n));
      sum += part(this.#own, piece.byteOffset, n);
    }
    return sum;
  }

  /** What sums on several threads, for values that are worth it. */
  #sharedFor({ buffer, length }: Float32Array): Elementwise | null {
    if (length < sharedFrom || buffer !== this.#kernels?.memory.buffer) return null;
    // Only in a shared memory do views keep their values if it grows, and only there are several threads.
    return buffer instanceof ArrayBuffer ? null : this.#kernels.elementwise;
  }

  #functionsAt(buffer: ArrayBufferLike): Functions | null {
    if (this.#kernels?.memory.buffer === buffer) return this.#kernels.functions;
    const memory = this.elsewhere();
    if (memory?.buffer !== buffer) return null;
    if (this.#known?.memory !== memory) this.#known = { memory, functions: this.#on(memory) };
    return this.#known.functions;
  }

  #on(memory: WebAssembly.Memory): Functions {
    const { exports } = new WebAssembly.Instance(this.#module, { env: { memory } });
    if (!hasFunctions(exports)) throw new Error(`${sumsFile} has another version.`);
    return exports;
  }
}
