/** Operations on each value alone, and sums of columns, in WebAssembly. */

import {
  Elementwise as Block,
  COLUMNS,
  PART,
  PIECE,
  SHIFTED_BYTES,
  SQUARES_BYTES,
} from "./assembly/elementwiseBlock.ts";
import { fieldsOf } from "./blockFields.ts";
import { ceil32, floor32 } from "./float32.ts";
import type { ShiftedSums } from "./shiftedSums.ts";
import { bitsOf, type Tasks } from "./tasks.ts";

export const elementwiseFields = fieldsOf(new Block());

/** Cost of a value, in multiplications of a product: what counts is the memory's speed. */
const cost = 4;

export class Elementwise {
  readonly #tasks: Tasks;

  constructor(tasks: Tasks) {
    this.#tasks = tasks;
  }

  /** x + y, of the same length. @returns a view that the next call of anything in the kernels overwrites. */
  add(x: Float32Array, y: Float32Array): Float32Array {
    return this.#each("add", x, y);
  }

  /** max(x, 0), NaN where x is NaN. @returns a view as above. */
  relu(x: Float32Array): Float32Array {
    return this.#each("relu", x, null);
  }

  /** ∂L/∂x of `relu`: dy where x > 0, elsewhere dy · 0; NaN where x is NaN. @returns a view as above. */
  reluGradient(x: Float32Array, dy: Float32Array): Float32Array {
    return this.#each("reluBack", x, dy);
  }

  /** The sum of each column of x [rows][width], in float64. @returns [width]; a view as above. */
  columnSums(x: Float32Array, width: number): Float32Array {
    const rows = x.length / width;
    const results = this.#tasks.run({
      fields: elementwiseFields,
      numbers: { count: rows, width },
      inputs: { x },
      room: { out: width * 4 },
      stages: [{ name: "sumColumns", size: Math.ceil(width / COLUMNS) }],
      name: `sumColumns ${rows} ${width}`,
      work: rows * width * cost,
    });
    return results("out", width);
  }

  /** Σ x², in float64. */
  sumOfSquares(x: Float32Array): number {
    return this.#parts("sumSquares", x, SQUARES_BYTES, {}).reduce((sum, part) => sum + part, 0);
  }

  /** Σ (x − shift), Σ (x − shift)², in float64, and the number of values x with x ≤ low or x ≥ high. @param shift a float32 */
  shifted(x: Float32Array, shift: number, low: number, high: number): ShiftedSums {
    const limits = { shift: bitsOf(shift), low: bitsOf(floor32(low)), high: bitsOf(ceil32(high)) };
    const parts = this.#parts("sumShifted", x, SHIFTED_BYTES, limits);
    let [sum, squares, outside] = [0, 0, 0];
    for (let i = 0; i < parts.length; i += 3) {
      sum += parts[i]!;
      squares += parts[i + 1]!;
      outside += parts[i + 2]!;
    }
    return { sum, squares, outside };
  }

  /** @param bytes those of each part */
  #parts(
    name: "sumSquares" | "sumShifted",
    x: Float32Array,
    bytes: number,
    limits: { readonly shift?: number; readonly low?: number; readonly high?: number },
  ): Float64Array {
    const count = x.length;
    const size = Math.ceil(count / PART);
    const results = this.#tasks.run({
      fields: elementwiseFields,
      numbers: { count, ...limits },
      inputs: { x },
      room: { out: size * bytes },
      stages: [{ name, size }],
      name: `${name} ${count}`,
      work: count * cost,
    });
    const { buffer, byteOffset } = results("out", 0);
    return new Float64Array(buffer, byteOffset, (size * bytes) / 8);
  }

  #each(name: "add" | "relu" | "reluBack", x: Float32Array, y: Float32Array | null): Float32Array {
    const count = x.length;
    const results = this.#tasks.run({
      fields: elementwiseFields,
      numbers: { count },
      inputs: { x, y },
      room: { out: count * 4 },
      stages: [{ name, size: Math.ceil(count / PIECE) }],
      name: `${name} ${count}`,
      work: count * cost,
    });
    return results("out", count);
  }
}
