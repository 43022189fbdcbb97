/**
 * Updates of weights in WebAssembly: five to twelve times as fast as a loop in JavaScript, with the same results bit for
 * bit.
 */

import { compileFile, hasEach } from "./wasm.ts";

const updatesFile = "updates.wasm";

/** The functions of `assembly/updates.ts`. */
interface Functions {
  adam(
    weight: number,
    gradient: number,
    first: number,
    second: number,
    n: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    correction1: number,
    correction2: number,
    epsilon: number,
    rate: number,
    kept: number,
  ): void;
}

function hasFunctions(exports: object): exports is Functions {
  return hasEach(exports, ["adam"]);
}

/** What a step of Adam needs besides the arrays; float32 values, but for `kept`. */
export interface AdamFactors {
  readonly beta1: number;
  /** 1 − β₁. */
  readonly rest1: number;
  readonly beta2: number;
  /** 1 − β₂. */
  readonly rest2: number;
  /** 1 − β₁ᵗ. */
  readonly correction1: number;
  /** 1 − β₂ᵗ. */
  readonly correction2: number;
  readonly epsilon: number;
  /** −learningRate. */
  readonly rate: number;
  /** Factor of the weight: 1 without weight decay. */
  readonly kept: number;
}

/** Number of floats of a piece: four pieces stay in the second-level cache between the copies and the update. */
const pieceLength = 4096;

/** Loads the updates that `buildKernels` wrote into `folder`. */
export async function loadUpdates(folder: string): Promise<Updates> {
  return new Updates(await compileFile(folder, updatesFile));
}

export class Updates {
  readonly #functions: Functions;
  readonly #pieces: readonly [Float32Array, Float32Array, Float32Array, Float32Array];

  constructor(module: WebAssembly.Module) {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    if (!hasFunctions(exports)) throw new Error(`${updatesFile} has another version.`);
    this.#functions = exports;
    const piece = (i: number) => new Float32Array(memory.buffer, i * pieceLength * 4, pieceLength);
    this.#pieces = [piece(0), piece(1), piece(2), piece(3)];
  }

  /** Writes the new weights into `next`, and the new moments over `first` and `second`. All have the same length. */
  adam(
    next: Float32Array,
    weight: Float32Array,
    gradient: Float32Array,
    first: Float32Array,
    second: Float32Array,
    factors: AdamFactors,
  ): void {
    const [w, g, m, v] = this.#pieces;
    const { beta1, rest1, beta2, rest2, correction1, correction2, epsilon, rate, kept } = factors;
    const [atW, atG, atM, atV] = [w.byteOffset, g.byteOffset, m.byteOffset, v.byteOffset];
    for (let from = 0; from < next.length; from += pieceLength) {
      const to = Math.min(from + pieceLength, next.length);
      w.set(weight.subarray(from, to));
      g.set(gradient.subarray(from, to));
      m.set(first.subarray(from, to));
      v.set(second.subarray(from, to));
      // The lanes beyond the end hold older values; what becomes of them is not read.
      const n = (to - from + 3) & ~3;
      // biome-ignore format: one line per kind of argument.
      this.#functions.adam(atW, atG, atM, atV, n,
        beta1, rest1, beta2, rest2, correction1, correction2, epsilon, rate, kept);
      next.set(g.subarray(0, to - from), from);
      first.set(m.subarray(0, to - from), from);
      second.set(v.subarray(0, to - from), from);
    }
  }
}
