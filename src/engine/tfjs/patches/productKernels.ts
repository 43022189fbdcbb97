/**
 * Runs tfjs's matrix products in our kernels on all processors, under the WASM and the CPU backend; dense layers use them.
 * tfjs's WASM backend (4.22) multiplies batches of matrices on one thread without packing them.
 */

import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type { Products } from "../../../kernels/products.ts";
import { computeInKernels, fused, result } from "./kernelParams.ts";

/** Call this once; kernels that are replaced later still find these beneath. */
export function registerProductKernels(products: Products): void {
  computeInKernels({
    BatchMatMul: ({ inputs, attrs, backend }) => multiplied(inputs, attrs, backend, products),
    _FusedMatMul: (params) => fused(params, multiplied(params.inputs, params.attrs, params.backend, products)),
  });
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
  if (!alike && itemsA !== 1 && itemsB !== 1) return null;
  if (bias && bias.shape.at(-1) !== columns) return null;
  const items = Math.max(itemsA, itemsB);
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
  // One matrix for all items: the rows of all items then form a single product.
  const single = itemsB === 1 && !transposeA;
  return result(backend, [...batch, rows, columns], [a, b, ...(bias ? [bias] : [])], (left, right, add) =>
    products.multiply({
      items: single ? 1 : items,
      rows: single ? items * rows : rows,
      columns,
      inner,
      left: {
        values: left,
        row: transposeA ? 1 : inner,
        column: transposeA ? rows : 1,
        item: itemsA === 1 ? 0 : rows * inner,
      },
      right: {
        values: right,
        row: transposeB ? 1 : columns,
        column: transposeB ? inner : 1,
        item: itemsB === 1 ? 0 : inner * columns,
      },
      ...(add && { bias: add }),
    }),
  );
}

function lastTwo(shape: readonly number[], transposed: boolean): readonly [number, number] {
  const [first = 1, second = 1] = shape.slice(-2);
  return transposed ? [second, first] : [first, second];
}

function itemsOf(shape: readonly number[]): number {
  return shape.slice(0, -2).reduce((product, size) => product * size, 1);
}
