/** Sums over float32 arrays in WebAssembly: in place if they lie in a known memory, otherwise piece by piece. */

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
];

function hasFunctions(exports: object): exports is Functions {
  return hasEach(exports, names);
}

export interface ShiftedSums {
  readonly sum: number;
  readonly squares: number;
  /** Number of values that are not between two limits. */
  readonly outside: number;
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
  #known: { readonly memory: WebAssembly.Memory; readonly functions: Functions } | null = null;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
    const memory = new WebAssembly.Memory({ initial: 1 });
    this.#own = this.#on(memory);
    const piece = (i: number) => new Float32Array(memory.buffer, i * pieceLength * 4, pieceLength);
    this.#pieces = [piece(0), piece(1)];
  }

  sumOfSquares(values: Float32Array): number {
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

  #functionsAt(buffer: ArrayBufferLike): Functions | null {
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
