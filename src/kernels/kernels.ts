/** Fused recurrent kernels in WebAssembly: the library's entry. */

import os from "node:os";
import { Arena } from "./arena.ts";
import { STATISTICS } from "./assembly/records.ts";
import { Attentions, attentionFields } from "./attention.ts";
import { BatchNormalizations, batchNormalizationFields } from "./batchNormalization.ts";
import { Depthwises, depthwiseFields } from "./depthwise.ts";
import { Elementwise, elementwiseFields } from "./elementwise.ts";
import { Holder } from "./held.ts";
import { activations, planFields } from "./layout.ts";
import { Normalizations, normalizationFields } from "./normalization.ts";
import { Pairs } from "./pairs.ts";
import { RecurrentPlan } from "./plan.ts";
import { Products, productFields } from "./products.ts";
import type { RecurrentSpec } from "./spec.ts";
import type { Sums } from "./sums.ts";
import { Tasks } from "./tasks.ts";
import { Threads } from "./threads.ts";
import { type Loaded, loadModule, type Variant } from "./wasm.ts";

export interface KernelOptions {
  /** Most threads to use, including the calling one. Default: one per processor, at most 4. */
  readonly threads?: number;
  /** Overrides the best variant that the JavaScript engine supports. */
  readonly variant?: Variant;
}

const defaultThreads = 4;

/**
 * Loads the kernels that `buildKernels` wrote into `folder`; null without WebAssembly SIMD. Without SharedArrayBuffer
 * everything runs on the calling thread.
 */
export async function loadKernels(folder: string, options: KernelOptions = {}): Promise<Kernels | null> {
  const wanted = options.threads ?? Math.min(defaultThreads, os.availableParallelism());
  const threads = typeof SharedArrayBuffer === "undefined" ? 1 : Math.max(1, wanted);
  const loaded = await loadModule(folder, threads > 1, options.variant);
  return loaded && new Kernels(loaded, threads);
}

/** Null if the system starts no threads: the calling one then does everything. */
function startThreads(count: number, { module, memory }: Loaded): Threads | null {
  try {
    return new Threads(count, module, memory);
  } catch {
    return null;
  }
}

export class Kernels {
  readonly variant: Variant;
  /** Runs everything except the recurrent layers. */
  readonly tasks: Tasks;
  /** Runs two recurrent layers in one call. */
  readonly pairs: Pairs;
  readonly products: Products;
  readonly depthwises: Depthwises;
  readonly normalizations: Normalizations;
  readonly batchNormalizations: BatchNormalizations;
  readonly attentions: Attentions;
  readonly elementwise: Elementwise;
  /** Keeps values where the functions read them. */
  readonly holder: Holder;
  readonly #loaded: Loaded;
  readonly #arena: Arena;
  readonly #threads: Threads | null;

  constructor(loaded: Loaded, threads: number) {
    const { functions } = loaded;
    if (
      functions.planBytes() !== planFields.length * 4 ||
      functions.productBytes() !== productFields.length * 4 ||
      functions.depthwiseBytes() !== depthwiseFields.length * 4 ||
      functions.normalizationBytes() !== normalizationFields.length * 4 ||
      functions.batchNormalizationBytes() !== batchNormalizationFields.length * 4 ||
      functions.attentionBytes() !== attentionFields.length * 4 ||
      functions.elementwiseBytes() !== elementwiseFields.length * 4 ||
      functions.statisticsFields() !== STATISTICS
    )
      throw new Error("The compiled kernels have another version.");
    this.variant = loaded.variant;
    this.#loaded = loaded;
    this.#arena = new Arena(loaded.memory, functions.heapBase());
    this.#threads = threads > 1 ? startThreads(threads - 1, loaded) : null;
    this.tasks = new Tasks(this.#arena, functions, this.#threads);
    this.pairs = new Pairs(functions, this.#threads);
    this.products = new Products(this.tasks);
    this.depthwises = new Depthwises(this.tasks);
    this.normalizations = new Normalizations(this.tasks);
    this.batchNormalizations = new BatchNormalizations(this.tasks);
    this.attentions = new Attentions(this.tasks);
    this.elementwise = new Elementwise(this.tasks);
    this.holder = new Holder(this.#arena);
  }

  /** Size of the memory in bytes; it does not shrink. */
  get bytes(): number {
    return this.#arena.size;
  }

  /** Number of threads that passes may use at present, including the calling one; 1 while the others start. */
  get threads(): number {
    return this.#threads?.ready ? this.#threads.count + 1 : 1;
  }

  /** Number of threads that passes may use once all have started. */
  get maxThreads(): number {
    return 1 + (this.#threads?.count ?? 0);
  }

  /**
   * Reserves the memory of a layer. A plan holds one forward pass at a time: a layer that is called twice in a step
   * needs two.
   */
  plan(spec: RecurrentSpec): RecurrentPlan {
    return new RecurrentPlan(spec, this.#arena, this.#loaded.functions, this.#threads);
  }

  /** `kind` of each value of `x`, as the kernels compute it. */
  activate(kind: keyof typeof activations, x: Float32Array): Float32Array {
    const rows = Math.ceil(x.length / 8);
    const at = this.#arena.allocate(rows * 32);
    const values = new Float32Array(this.#loaded.memory.buffer, at, rows * 8);
    values.set(x);
    this.#loaded.functions.activate(activations[kind], at, at, rows);
    const result = values.slice(0, x.length);
    this.#arena.release(at, rows * 32);
    return result;
  }

  /** Lets `sums` read what lies in the kernels' memory. */
  lendTo(sums: Sums): void {
    sums.useKernels(this.#loaded.memory, this.#loaded.functions, this.elementwise);
  }

  /** Ends the worker threads. They do not keep the process alive, so this may be skipped at exit. */
  async close(): Promise<void> {
    await this.#threads?.close();
  }
}
