/** Writes kernels.simd.wasm, kernels.relaxed.wasm, sums.wasm and updates.wasm into `folder`. */
export function buildKernels(folder: string): Promise<void>;
/** A folder with both modules, compiled only if the sources have changed. */
export function cachedKernels(): Promise<string>;
