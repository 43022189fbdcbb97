/**
 * Runs tfjs's matrix products in our kernels on all processors, under the WASM and the CPU backend; dense layers use them.
 * tfjs's WASM backend (4.22) multiplies batches of matrices on one thread without packing them, and both backends
 * combine the wrong matrices if both batches are repeated, or one of them along a single axis.
 */

import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type { Products } from "../../../kernels/products.ts";
import { biasedProductKernel } from "./denseCalls.ts";
import { computeInKernels, fused, result } from "./kernelParams.ts";

/** Call this once, after the patches, whose kernels remain for what these do not cover. */
export function registerProductKernels(products: Products): void {
  registerBiasedProducts(products);
  computeInKernels({
    BatchMatMul: ({ inputs, attrs, backend }) => multiplied(inputs, attrs, backend, products),
    _FusedMatMul: (params) => fused(params, multiplied(params.inputs, params.attrs, params.backend, products)),
  });
}

/** x · kernel (+ bias) along the last axis of x, of any rank. */
function registerBiasedProducts(products: Products): void {
  for (const backendName of ["wasm", "cpu"]) {
    if (tf.getKernel(biasedProductKernel, backendName)) tf.unregisterKernel(biasedProductKernel, backendName);
    tf.registerKernel({
      kernelName: biasedProductKernel,
      backendName,
      kernelFunc({ inputs: { x, kernel, bias }, backend }) {
        const [inner = 0, columns = 0] = kernel?.shape ?? [];
        const rows = tf.util.sizeFromShape(x?.shape ?? []) / inner;
        const made =
          x &&
          kernel &&
          result(backend, x.shape.with(-1, columns), [x, kernel, ...(bias ? [bias] : [])], (left, right, add) =>
            products.multiply({
              items: 1,
              rows,
              columns,
              inner,
              left: { values: left, row: inner, column: 1, item: 0 },
              right: { values: right, row: columns, column: 1, item: 0 },
              ...(add && { bias: add }),
            }),
          );
        if (!made) throw new Error(`${biasedProductKernel} takes float32 tensors with values.`);
        return made;
      },
    });
  }
}

/** a·b, either of them transposed or not, for each item of a batch. */
function multiplied(
  { a, b, bias }: NamedTensorInfoMap,
  attrs: NamedAttrMap | undefined,
  backend: unknown,
  products: Products,
): TensorInfo | null {
  if (!a || !b || (bias && bias.shape.at(-1) !== tf.util.sizeFromShape(bias.shape))) return null;
  const transposeA = attrs?.["transposeA"] === true;
  const transposeB = attrs?.["transposeB"] === true;
  const [rows, inner] = lastTwo(a.shape, transposeA);
  const [, columns] = lastTwo(b.shape, transposeB);
  const [itemsA, itemsB] = [itemsOf(a.shape), itemsOf(b.shape)];
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const alike = batchA.length === batchB.length && batchA.every((size, i) => size === batchB[i]);
  if (bias && bias.shape.at(-1) !== columns) return null;
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
  const items = itemsOf([...batch, rows, columns]);
  // Neither one matrix for all nor one for each: tfjs (4.22) then multiplies the wrong ones.
  const uneven = !alike && itemsA !== 1 && itemsB !== 1;
  // One matrix for all items: the rows of all items then form a single product.
  const single = itemsB === 1 && !transposeA;
  return result(backend, [...batch, rows, columns], [a, b, ...(bias ? [bias] : [])], (left, right, add) =>
    products.multiply({
      items: single ? 1 : items,
      rows: single ? items * rows : rows,
      columns,
      inner,
      left: {
        values: uneven ? spread(left, batchA, batch) : left,
        row: transposeA ? 1 : inner,
        column: transposeA ? rows : 1,
        item: itemsA === 1 ? 0 : rows * inner,
      },
      right: {
        values: uneven ? spread(right, batchB, batch) : right,
        row: transposeB ? 1 : columns,
        column: transposeB ? inner : 1,
        item: itemsB === 1 ? 0 : inner * columns,
      },
      ...(add && { bias: add }),
    }),
  );
}

/** Repeats the matrices of an operand along the axes of `batch` on which it has only one. */
function spread(values: Float32Array, own: readonly number[], batch: readonly number[]): Float32Array {
  const items = own.reduce((product, size) => product * size, 1);
  const size = values.length / items;
  const padded = [...batch.slice(own.length).map(() => 1), ...own];
  const result = new Float32Array(size * batch.reduce((product, n) => product * n, 1));
  for (let at = 0; at * size < result.length; at++) {
    let [rest, from, stride] = [at, 0, 1];
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      const n = batch[axis]!;
      from += (padded[axis] === 1 ? 0 : rest % n) * stride;
      stride *= padded[axis]!;
      rest = Math.floor(rest / n);
    }
    result.set(values.subarray(from * size, (from + 1) * size), at * size);
  }
  return result;
}

function lastTwo(shape: readonly number[], transposed: boolean): readonly [number, number] {
  const [first = 1, second = 1] = shape.slice(-2);
  return transposed ? [second, first] : [first, second];
}

function itemsOf(shape: readonly number[]): number {
  return shape.slice(0, -2).reduce((product, size) => product * size, 1);
}
