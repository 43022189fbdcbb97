/** Batch normalization of columns in WebAssembly, with its gradients. */

import { BatchNormalization } from "./assembly/batchNormalizationBlock.ts";
import { fieldsOf } from "./blockFields.ts";
import { bitsOf, type Tasks } from "./tasks.ts";

export const batchNormalizationFields = fieldsOf(new BatchNormalization());

export interface BatchNormalizationSpec {
  readonly rows: number;
  /** Number of columns. */
  readonly width: number;
  readonly epsilon: number;
}

/** Number of rows whose sums are combined in order, for any number of threads. */
const chunk = 64;
/** Cost of a value, in multiplications of a product. */
const cost = { forward: 4, backward: 6 };

export class BatchNormalizations {
  readonly #tasks: Tasks;

  constructor(tasks: Tasks) {
    this.#tasks = tasks;
  }

  /**
   * @param x [rows][width].
   * @param gamma one factor per column; `beta`: one offset per column.
   * @returns the output [rows][width], a view that the next call of anything in the kernels overwrites; and [3][width],
   * to keep: each column's mean, 1 / √(variance + epsilon), and variance, which is that of all rows, not an estimate.
   */
  forward(spec: BatchNormalizationSpec, x: Float32Array, gamma: Float32Array, beta: Float32Array) {
    const { rows, width } = spec;
    const chunks = Math.ceil(rows / chunk);
    const results = this.#tasks.run({
      fields: batchNormalizationFields,
      numbers: numbersOf(spec),
      inputs: { x, gamma, beta },
      room: { out: rows * width * 4, sums: chunks * 2 * width * 4, moments: 3 * width * 4 },
      stages: [
        { name: "batchMoments", size: chunks },
        { name: "batchCombine", size: width },
        { name: "batchNormalize", size: chunks },
      ],
      name: `batchNormalize ${rows} ${width}`,
      work: rows * width * cost.forward,
    });
    return { y: results("out", rows * width), moments: Float32Array.from(results("moments", 3 * width)) };
  }

  /**
   * @param moments those that `forward` gave for x.
   * @returns the gradients; that of x is a view as above.
   */
  backward(
    spec: BatchNormalizationSpec,
    x: Float32Array,
    gamma: Float32Array,
    moments: Float32Array,
    dy: Float32Array,
  ) {
    const { rows, width } = spec;
    const chunks = Math.ceil(rows / chunk);
    const results = this.#tasks.run({
      fields: batchNormalizationFields,
      numbers: numbersOf(spec),
      inputs: { x, gamma, moments, dy },
      room: { out: rows * width * 4, sums: chunks * 2 * width * 4, totals: 2 * width * 4 },
      stages: [
        { name: "batchSums", size: chunks },
        { name: "batchCombine", size: width },
        { name: "batchBack", size: chunks },
      ],
      name: `batchBack ${rows} ${width}`,
      work: rows * width * cost.backward,
    });
    const totals = Float32Array.from(results("totals", 2 * width));
    return { x: results("out", rows * width), gamma: totals.subarray(0, width), beta: totals.subarray(width) };
  }
}

function numbersOf({ rows, width, epsilon }: BatchNormalizationSpec) {
  return { rows, width, chunk, chunks: Math.ceil(rows / chunk), epsilon: bitsOf(epsilon) };
}
