/** Matrix products and two-dimensional convolutions in WebAssembly, with their gradients. */

import type { Arena } from "./arena.ts";
import { Calibration } from "./calibration.ts";
import { lanes, roundUp, tileRows } from "./layout.ts";
import { blockInner, chunkTiles, type ProductField, productFields, sources } from "./productLayout.ts";
import type { Threads } from "./threads.ts";
import type { Functions } from "./wasm.ts";

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

/** A convolution over images [batch][height][width][channels] with a filter [filterHeight][filterWidth][channels][filters]. */
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
}

type Numbers = Partial<Record<ProductField, number>>;

interface Task {
  readonly numbers: Numbers;
  readonly left: Float32Array;
  readonly right: Float32Array;
  readonly bias: Float32Array | null;
  /** Number of floats of the result. */
  readonly result: number;
}

/** Below this number of multiplications, waking other threads costs more than it saves. */
const worthSharing = 1e6;
/** Number of shapes whose thread choice is remembered; beyond that all choices are discarded. */
const rememberedShapes = 256;

export class Products {
  readonly #arena: Arena;
  readonly #functions: Functions;
  readonly #threads: Threads | null;
  readonly #calibrations = new Map<string, Calibration>();

  constructor(arena: Arena, functions: Functions, threads: Threads | null) {
    this.#arena = arena;
    this.#functions = functions;
    this.#threads = threads;
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

  /** @returns [batch][outHeight][outWidth][filters]; a view as above. */
  convolve(spec: ConvolutionSpec, images: Float32Array, filter: Float32Array, bias?: Float32Array): Float32Array {
    const pixels = spec.batch * spec.outHeight * spec.outWidth;
    return this.#run({
      numbers: {
        ...geometry(spec),
        source: sources.patchRows,
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

  /** @param dy [batch][outHeight][outWidth][filters]. @returns ∂L/∂filter, in the filter's layout; a view as above. */
  filterGradient(spec: ConvolutionSpec, images: Float32Array, dy: Float32Array): Float32Array {
    return this.#run({
      numbers: {
        ...geometry(spec),
        source: sources.patchColumns,
        items: 1,
        rows: patchSize(spec),
        columns: spec.filters,
        inner: spec.batch * spec.outHeight * spec.outWidth,
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
    const pixels = spec.outHeight * spec.outWidth;
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
      result: spec.batch * spec.height * spec.width * spec.channels,
    });
  }

  #run({ numbers, left, right, bias, result }: Task): Float32Array {
    const { items = 1, rows = 0, columns = 0, inner = 0, channels = 0 } = numbers;
    const scatter = numbers.scatter === 1;
    const panels = Math.ceil(columns / lanes);
    const panelBytes = panels * inner * lanes * 4;
    // A right operand that all items share is packed once.
    const shared = scatter || items === 1;
    const own = scatter ? chunkTiles * tileRows * columns * 4 : shared ? 0 : panelBytes;
    const spaceStride = roundUp(chunkTiles * blockInner * tileRows * 4 + tileRows * lanes * 4 + own, 64);
    const workers = 1 + (this.#threads?.count ?? 0);

    const blocks: [ProductField, number][] = [
      ["left", left.length * 4],
      ["right", right.length * 4],
      ["out", result * 4],
      ["bias", bias ? panels * lanes * 4 : 0],
      ["packed", shared ? panelBytes : 0],
      ["space", spaceStride * workers],
      ["zeros", channels * 4],
    ];
    let bytes = roundUp(productFields.length * 4, 64);
    const offsets = new Map<ProductField, number>();
    for (const [field, size] of blocks) {
      if (size > 0) offsets.set(field, bytes);
      bytes += roundUp(size, 64);
    }
    const start = this.#arena.allocate(bytes);
    try {
      const memory = this.#arena.memory.buffer;
      const at = (field: ProductField): number => start + (offsets.get(field) ?? 0);
      new Float32Array(memory, at("left"), left.length).set(left);
      new Float32Array(memory, at("right"), right.length).set(right);
      if (bias) new Float32Array(memory, at("bias"), bias.length).set(bias);
      if (channels > 0) new Float32Array(memory, at("zeros"), channels).fill(0);
      const fields = productFields.map(
        (field) => (offsets.has(field) ? at(field) : numbers[field]) ?? (field === "spaceStride" ? spaceStride : 0),
      );
      new Int32Array(memory, start, fields.length).set(fields);

      const units = shared && !scatter ? Math.ceil(rows / tileRows) : items;
      this.#timed(`${items} ${rows} ${columns} ${inner}`, items * rows * columns * inner, (several) => {
        if (shared) this.#share(several, "packRight", start, panels);
        this.#share(several, "product", start, units);
      });
      return new Float32Array(memory, at("out"), result);
    } finally {
      this.#arena.release(start, bytes);
    }
  }

  /** Uses several threads if they were measured to be faster. */
  #timed(shape: string, work: number, pass: (several: boolean) => void): void {
    if (!this.#threads?.ready || work < worthSharing) {
      pass(false);
      return;
    }
    let calibration = this.#calibrations.get(shape);
    if (!calibration) {
      if (this.#calibrations.size >= rememberedShapes) this.#calibrations.clear();
      calibration = new Calibration();
      this.#calibrations.set(shape, calibration);
    }
    const several = calibration.next();
    const start = performance.now();
    pass(several);
    calibration.record(several, performance.now() - start);
  }

  #share(several: boolean, name: "packRight" | "product", block: number, size: number): void {
    const own = (from: number, to: number): void => {
      if (name === "product") this.#functions.product(block, 0, from, to);
      else this.#functions.packRight(block, from, to);
    };
    if (several && this.#threads && size > this.#threads.count) this.#threads.run(name, block, size, own);
    else own(0, size);
  }
}

function patchSize({ filterHeight, filterWidth, channels }: ConvolutionSpec): number {
  return filterHeight * filterWidth * channels;
}

function geometry({ batch, filters, ...fields }: ConvolutionSpec): Numbers {
  return fields;
}
