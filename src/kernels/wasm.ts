/** Chooses, loads and instantiates the compiled kernels. */

import { readFile } from "node:fs/promises";
import path from "node:path";
import { look } from "./stop.ts";

/** `relaxed`: with fused multiply-add (V8 ≥ 11.4). */
export type Variant = "relaxed" | "simd";

/** The module's functions (assembly/index.ts); `plan` and `block` are addresses of parameter blocks. */
export interface Functions {
  heapBase(): number;
  planBytes(): number;
  statisticsFields(): number;
  packWeights(plan: number, backward: number): void;
  forward(plan: number, from: number, to: number): void;
  backward(plan: number, from: number, to: number): void;
  weightGradient(plan: number, worker: number, from: number, to: number): void;
  unpackGradients(plan: number): void;
  statistics(plan: number, worker: number, from: number, to: number): void;
  contributions(plan: number): void;
  activate(kind: number, from: number, to: number, rows: number): void;
  productBytes(): number;
  packRight(block: number, from: number, to: number): void;
  product(block: number, worker: number, from: number, to: number): void;
  normalizationBytes(): number;
  normalize(block: number, from: number, to: number): void;
  normalizeBack(block: number, from: number, to: number): void;
  batchNormalizationBytes(): number;
  batchMoments(block: number, from: number, to: number): void;
  batchCombine(block: number, from: number, to: number): void;
  batchNormalize(block: number, from: number, to: number): void;
  batchSums(block: number, from: number, to: number): void;
  batchBack(block: number, from: number, to: number): void;
  attentionBytes(): number;
  attend(block: number, worker: number, from: number, to: number): void;
  attendBack(block: number, worker: number, from: number, to: number): void;
  depthwiseBytes(): number;
  depthwise(block: number, from: number, to: number): void;
  depthwiseImage(block: number, from: number, to: number): void;
  depthwiseFilter(block: number, from: number, to: number): void;
  elementwiseBytes(): number;
  add(block: number, from: number, to: number): void;
  relu(block: number, from: number, to: number): void;
  reluBack(block: number, from: number, to: number): void;
  sumColumns(block: number, from: number, to: number): void;
  sumSquares(block: number, from: number, to: number): void;
  sumShifted(block: number, from: number, to: number): void;
}

const names: readonly (keyof Functions)[] = [
  "heapBase",
  "planBytes",
  "statisticsFields",
  "packWeights",
  "forward",
  "backward",
  "weightGradient",
  "unpackGradients",
  "statistics",
  "contributions",
  "activate",
  "productBytes",
  "packRight",
  "product",
  "normalizationBytes",
  "normalize",
  "normalizeBack",
  "batchNormalizationBytes",
  "batchMoments",
  "batchCombine",
  "batchNormalize",
  "batchSums",
  "batchBack",
  "attentionBytes",
  "attend",
  "attendBack",
  "depthwiseBytes",
  "depthwise",
  "depthwiseImage",
  "depthwiseFilter",
  "elementwiseBytes",
  "add",
  "relu",
  "reluBack",
  "sumColumns",
  "sumSquares",
  "sumShifted",
];

function hasFunctions(exports: object): exports is Functions {
  return hasEach(exports, names);
}

/** Whether a module exports a function of each name. */
export function hasEach(exports: object, functions: readonly string[]): boolean {
  return functions.every((name) => typeof Reflect.get(exports, name) === "function");
}

export interface Loaded {
  readonly variant: Variant;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly functions: Functions;
}

/**
 * Marks the module's memory import as shared. WebAssembly has one flag for it, and none of our instructions depends on
 * it (threads meet in JavaScript's Atomics), so one binary works with and without threads.
 */
function withSharedMemory(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  // Import entry: "env", "memory", kind 2 (memory), then the limits' flags: 1 = maximum given, 2 = shared.
  const entry = Buffer.from("\x03env\x06memory\x02\x01", "latin1");
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(entry);
  if (at < 0) throw new Error("The kernels' memory import was not found.");
  const shared = bytes.slice();
  shared[at + entry.length - 1] = 3;
  return shared;
}

/** Compiles the module in `folder`/`file`. */
export async function compileFile(folder: string, file: string): Promise<WebAssembly.Module> {
  return await WebAssembly.compile(new Uint8Array(await readFile(path.join(folder, file))));
}

const maximumPages = [65536, 32768, 16384];

/** As much address space as the system provides; pages are used only when needed. */
function makeMemory(shared: boolean): WebAssembly.Memory {
  for (const maximum of maximumPages) {
    try {
      return new WebAssembly.Memory({ initial: 16, maximum, shared });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  throw new RangeError("No address space for the kernels' memory.");
}

/**
 * Loads `kernels.relaxed.wasm` if the JavaScript engine validates it, otherwise `kernels.simd.wasm`, from `folder`.
 * Null if it supports neither (no WebAssembly SIMD). `only` requests one of them.
 */
export async function loadModule(folder: string, shared: boolean, only?: Variant): Promise<Loaded | null> {
  for (const variant of only ? [only] : (["relaxed", "simd"] as const)) {
    const file = await readFile(path.join(folder, `kernels.${variant}.wasm`));
    const plain = new Uint8Array(file);
    const bytes = shared ? withSharedMemory(plain) : plain;
    if (!WebAssembly.validate(bytes)) continue;
    const module = await WebAssembly.compile(bytes);
    const memory = makeMemory(shared);
    const { exports } = await WebAssembly.instantiate(module, { env: { memory, look } });
    if (!hasFunctions(exports)) throw new Error(`kernels.${variant}.wasm has another version.`);
    return { variant, module, memory, functions: exports };
  }
  return null;
}
