/** Depthwise convolutions in WebAssembly, with their gradients. */

import { Depthwise } from "./assembly/depthwiseBlock.ts";
import { fieldsOf } from "./blockFields.ts";
import type { ConvolutionSpec } from "./products.ts";
import type { Tasks } from "./tasks.ts";

export const depthwiseFields = fieldsOf(new Depthwise());

type Name = "depthwise" | "depthwiseImage" | "depthwiseFilter";

/** A filter is [filterHeight][filterWidth][channels][multiplier]; a spec's `filters` is channels × multiplier. */
export class Depthwises {
  readonly #tasks: Tasks;

  constructor(tasks: Tasks) {
    this.#tasks = tasks;
  }

  /** @returns [batch][outHeight][outWidth][filters]; a view that the next call of anything in the kernels overwrites. */
  convolve(spec: ConvolutionSpec, image: Float32Array, filter: Float32Array): Float32Array {
    const length = spec.batch * spec.outHeight * spec.outWidth * spec.filters;
    return this.#run(spec, "depthwise", { image, filter }, { output: length * 4 })("output", length);
  }

  /** @returns ∂L/∂image; a view as above. */
  imageGradient(spec: ConvolutionSpec, output: Float32Array, filter: Float32Array): Float32Array {
    const length = spec.batch * spec.height * spec.width * spec.channels;
    return this.#run(spec, "depthwiseImage", { filter, output }, { image: length * 4 })("image", length);
  }

  /** @returns ∂L/∂filter, summed over the batch in float64. */
  filterGradient(spec: ConvolutionSpec, image: Float32Array, output: Float32Array): Float32Array {
    const length = spec.filterHeight * spec.filterWidth * spec.filters;
    const room = { filter: length * spec.batch * 4 };
    const each = this.#run(spec, "depthwiseFilter", { image, output }, room)("filter", length * spec.batch);
    const sum = new Float64Array(length);
    for (let from = 0; from < each.length; from += length) for (let i = 0; i < length; i++) sum[i]! += each[from + i]!;
    return Float32Array.from(sum);
  }

  #run(
    { batch, filters, depth, ...geometry }: ConvolutionSpec,
    name: Name,
    inputs: Partial<Record<"image" | "filter" | "output", Float32Array>>,
    room: Partial<Record<"image" | "filter" | "output", number>>,
  ) {
    const { outHeight, outWidth, filterHeight, filterWidth } = geometry;
    return this.#tasks.run({
      fields: depthwiseFields,
      numbers: { ...geometry, multiplier: filters / geometry.channels },
      inputs,
      room,
      stages: [{ name, size: batch }],
      name: `${name} ${batch} ${outHeight} ${outWidth} ${filterHeight} ${filterWidth} ${filters}`,
      work: batch * outHeight * outWidth * filterHeight * filterWidth * filters,
    });
  }
}
