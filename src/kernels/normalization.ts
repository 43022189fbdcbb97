/** Layer normalization of rows in WebAssembly, with its gradients. */

import { Normalization } from "./assembly/normalizationBlock.ts";
import { fieldsOf } from "./blockFields.ts";
import { bitsOf, type Tasks } from "./tasks.ts";

export const normalizationFields = fieldsOf(new Normalization());

export interface NormalizationSpec {
  readonly rows: number;
  /** Number of values that are normalized together. */
  readonly width: number;
  readonly epsilon: number;
}

/** Number of rows whose parts of the gradients of gamma and beta are summed in order, for any number of threads. */
const chunk = 64;
/** Cost of a value, in multiplications of a product. */
const cost = { forward: 4, backward: 10 };

export class Normalizations {
  readonly #tasks: Tasks;

  constructor(tasks: Tasks) {
    this.#tasks = tasks;
  }

  /**
   * @param x [rows][width].
   * @param gamma one factor per column; `beta`: one offset per column.
   * @returns [rows][width]; a view that the next call of anything in the kernels overwrites.
   */
  forward(spec: NormalizationSpec, x: Float32Array, gamma: Float32Array, beta: Float32Array): Float32Array {
    const { rows, width } = spec;
    const results = this.#tasks.run({
      fields: normalizationFields,
      numbers: numbersOf(spec),
      inputs: { x, gamma, beta },
      room: { out: rows * width * 4 },
      stages: [{ name: "normalize", size: Math.ceil(rows / chunk) }],
      name: `normalize ${rows} ${width}`,
      work: rows * width * cost.forward,
    });
    return results("out", rows * width);
  }

  /** @returns the gradients; that of x is a view as above. */
  backward(spec: NormalizationSpec, x: Float32Array, gamma: Float32Array, dy: Float32Array) {
    const { rows, width } = spec;
    const chunks = Math.ceil(rows / chunk);
    const results = this.#tasks.run({
      fields: normalizationFields,
      numbers: numbersOf(spec),
      inputs: { x, gamma, dy },
      room: { out: rows * width * 4, sums: chunks * 2 * width * 4 },
      stages: [{ name: "normalizeBack", size: chunks }],
      name: `normalizeBack ${rows} ${width}`,
      work: rows * width * cost.backward,
    });
    const sums = results("sums", chunks * 2 * width);
    const total = new Float64Array(2 * width);
    for (let i = 0; i < sums.length; i++) total[i % (2 * width)]! += sums[i]!;
    return {
      x: results("out", rows * width),
      gamma: Float32Array.from(total.subarray(0, width)),
      beta: Float32Array.from(total.subarray(width)),
    };
  }
}

function numbersOf({ rows, width, epsilon }: NormalizationSpec) {
  return { rows, width, chunk, epsilon: bitsOf(epsilon) };
}
