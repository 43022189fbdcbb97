/** Matrix products, and convolutions over images and volumes, in WebAssembly, with their gradients. */

import { BLOCK, CHUNK, PATCH_COLUMNS, PATCH_ROWS, PATCHES, Product as ProductBlock } from "./assembly/productBlock.ts";
import { fieldsOf } from "./blockFields.ts";
import { lanes, roundUp, tileRows } from "./layout.ts";
import { type Tasks, worthSharing } from "./tasks.ts";

export const productFields = fieldsOf(new ProductBlock());

/** Strided operands of C[i] = A[i]·B[i] (+ bias), i < `items`. Strides count floats. */
export interface ProductSpec {
  readonly items: number;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  readonly left: Operand;
  readonly right: Operand;
  /** One value per column, added to every row. */
  readonly bias?: Float32Array;
}

export interface Operand {
  readonly values: Float32Array;
  /** Stride from one row to the next. */
  readonly row: number;
  readonly column: number;
  /** Stride from one item to the next; 0: all items share the operand. */
  readonly item: number;
}

/**
 * A convolution over images [batch][height][width][channels] with a filter [filterHeight][filterWidth][channels][filters].
 * With a `depth`, over volumes [batch][depth][height][width][channels] with a filter [filterDepth][filterHeight]….
 */
export interface ConvolutionSpec {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly filters: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly dilationY: number;
  readonly dilationX: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly depth?: DepthSpec;
}

export interface DepthSpec {
  readonly depth: number;
  readonly outDepth: number;
  readonly filterDepth: number;
  readonly strideZ: number;
  readonly dilationZ: number;
  readonly padFront: number;
}

type Numbers = Partial<Record<(typeof productFields)[number], number>>;

interface Product {
  readonly numbers: Numbers;
  readonly left: Float32Array;
  readonly right: Float32Array;
  readonly bias: Float32Array | null;
  /** Number of floats of the result. */
  readonly result: number;
}

export class Products {
  readonly #tasks: Tasks;

  constructor(tasks: Tasks) {
    this.#tasks = tasks;
  }

  /** @returns [items][rows][columns]; a view that the next call of anything in the kernels overwrites. */
  multiply({ items, rows, columns, inner, left, right, bias }: ProductSpec): Float32Array {
    return this.#run({
      numbers: {
        items,
        rows,
        columns,
        inner,
        leftRow: left.row,
        leftInner: left.column,
        leftItem: left.item,
        rightInner: right.row,
        rightColumn: right.column,
        rightItem: right.item,
      },
      left: left.values,
      right: right.values,
      bias: bias ?? null,
      result: items * rows * columns,
    });
  }

  /** @returns [batch]([outDepth])[outHeight][outWidth][filters]; a view as above. */
  convolve(spec: ConvolutionSpec, images: Float32Array, filter: Float32Array, bias?: Float32Array): Float32Array {
    const pixels = spec.batch * outputPixels(spec);
    return this.#run({
      numbers: {
        ...geometry(spec),
        source: PATCH_ROWS,
        items: 1,
        rows: pixels,
        columns: spec.filters,
        inner: patchSize(spec),
        rightInner: spec.filters,
        rightColumn: 1,
      },
      left: images,
      right: filter,
      bias: bias ?? null,
      result: pixels * spec.filters,
    });
  }

  /** @param dy in the output's layout. @returns ∂L/∂filter, in the filter's layout; a view as above. */
  filterGradient(spec: ConvolutionSpec, images: Float32Array, dy: Float32Array): Float32Array {
    return this.#run({
      numbers: {
        ...geometry(spec),
        source: PATCH_COLUMNS,
        items: 1,
        rows: patchSize(spec),
        columns: spec.filters,
        inner: spec.batch * outputPixels(spec),
        rightInner: spec.filters,
        rightColumn: 1,
      },
      left: images,
      right: dy,
      bias: null,
      result: patchSize(spec) * spec.filters,
    });
  }

  /** @returns ∂L/∂images, in their layout; a view as above. */
  imageGradient(spec: ConvolutionSpec, dy: Float32Array, filter: Float32Array): Float32Array {
    const pixels = outputPixels(spec);
    return this.#run({
      numbers: {
        ...geometry(spec),
        scatter: 1,
        items: spec.batch,
        rows: pixels,
        columns: patchSize(spec),
        inner: spec.filters,
        leftRow: spec.filters,
        leftInner: 1,
        leftItem: pixels * spec.filters,
        // Transposed filter.
        rightInner: 1,
        rightColumn: spec.filters,
      },
      left: dy,
      right: filter,
      bias: null,
      result: spec.batch * (spec.depth?.depth ?? 1) * spec.height * spec.width * spec.channels,
    });
  }

  #run({ numbers, left, right, bias, result }: Product): Float32Array {
    const { items = 1, rows = 0, columns = 0, inner = 0, channels = 0 } = numbers;
    const scatter = numbers.scatter === 1;
    const panels = Math.ceil(columns / lanes);
    const panelBytes = panels * inner * lanes * 4;
    // A right operand that all items share is packed once.
    const shared = scatter || items === 1;
    const own = scatter ? CHUNK * tileRows * columns * 4 : shared ? 0 : panelBytes;
    const spaceStride = roundUp(CHUNK * BLOCK * tileRows * 4 + tileRows * lanes * 4 + PATCHES + own, 64);
    const units = shared && !scatter ? Math.ceil(rows / tileRows) : items;
    const results = this.#tasks.run({
      fields: productFields,
      numbers: { ...numbers, spaceStride },
      inputs: { left, right, bias: bias && padded(bias, panels * lanes), zeros: new Float32Array(channels) },
      room: { out: result * 4, packed: shared ? panelBytes : 0, space: spaceStride * this.#tasks.workers },
      stages: [
        ...(shared ? [{ name: "packRight", size: panels, brief: inner * columns < worthSharing } as const] : []),
        { name: "product", size: units },
      ],
      name: `product ${items} ${rows} ${columns} ${inner}`,
      work: items * rows * columns * inner,
    });
    return results("out", result);
  }
}

/** `values`, padded with zeros. */
function padded(values: Float32Array, length: number): Float32Array {
  const result = new Float32Array(length);
  result.set(values);
  return result;
}

function patchSize({ filterHeight, filterWidth, channels, depth }: ConvolutionSpec): number {
  return (depth?.filterDepth ?? 1) * filterHeight * filterWidth * channels;
}

/** Pixels of one item's output. */
function outputPixels({ outHeight, outWidth, depth }: ConvolutionSpec): number {
  return (depth?.outDepth ?? 1) * outHeight * outWidth;
}

function geometry({ batch, filters, depth, ...fields }: ConvolutionSpec): Numbers {
  return { ...fields, ...(depth && { ...depth, volume: 1 }) };
}
