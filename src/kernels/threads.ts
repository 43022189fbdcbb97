/**
 * Worker threads that run kernel functions on the shared memory. They sleep in Atomics.wait between calls. A call is
 * synchronous: the calling thread computes one share itself and waits for the others.
 */

import { Worker } from "node:worker_threads";
import { checkStop, stopBlock, stopWords } from "./stop.ts";
import type { Functions } from "./wasm.ts";

/** Functions that work on a range of panels, columns or timesteps and may be shared among threads. */
export const sharedFunctions = [
  "forward",
  "backward",
  "weightGradient",
  "statistics",
  "packRight",
  "product",
  "normalize",
  "normalizeBack",
  "batchMoments",
  "batchCombine",
  "batchNormalize",
  "batchSums",
  "batchBack",
  "attend",
  "attendBack",
  "depthwise",
  "depthwiseImage",
  "depthwiseFilter",
  "add",
  "relu",
  "reluBack",
  "sumColumns",
  "sumSquares",
  "sumShifted",
] as const satisfies readonly (keyof Functions)[];
export type SharedFunction = (typeof sharedFunctions)[number];

/** `measured`: several threads if trials found them faster; `always`: whenever there are several. */
export type ThreadUse = "measured" | "never" | "always";

/** Functions that take the worker's number, which determines the space that it may write to. */
export const ownSpace: readonly SharedFunction[] = ["weightGradient", "statistics", "product", "attend", "attendBack"];

/** Words of the control block: calls so far, shares done, workers ready, shares failed, function, then the share of each worker: plan, space, from, to. */
const control = { calls: 0, done: 1, ready: 2, failed: 3, function: 4, shares: 5, shareWords: 4 } as const;

const script = `
const { workerData } = require("node:worker_threads");
const { module, memory, words, index, names, ownSpace, control, stop, stopWords } = workerData;
// As in stop.ts.
const look = () => {
  Atomics.add(stop, stopWords.looks, 1);
  const asked = Atomics.load(stop, stopWords.asked);
  return asked !== 0 && asked === Atomics.load(stop, stopWords.running) && Atomics.load(stop, stopWords.held) === 0;
};
const functions = new WebAssembly.Instance(module, { env: { memory, look } }).exports;
let calls = 0;
process.on("exit", () => {
  Atomics.add(words, control.failed, 1);
  Atomics.add(words, control.done, 1);
  Atomics.notify(words, control.done);
});
Atomics.add(words, control.ready, 1);
for (;;) {
  // A wake-up need not mean a new call: a late notify of the previous call can arrive here, so compare the counter.
  while (Atomics.load(words, control.calls) === calls) Atomics.wait(words, control.calls, calls);
  calls = calls + 1 | 0;
  const share = control.shares + control.shareWords * index;
  const space = words[share + 1], from = words[share + 2], to = words[share + 3];
  if (from < to) {
    const name = names[words[control.function]];
    const plan = words[share] >>> 0;
    try {
      if (ownSpace.includes(name)) functions[name](plan, space, from, to);
      else functions[name](plan, from, to);
    } catch {
      Atomics.add(words, control.failed, 1);
    }
  }
  Atomics.add(words, control.done, 1);
  Atomics.notify(words, control.done);
}
`;

/** What one worker computes: items `from` … `to` − 1 of a plan, with the space of that number for functions that need one. */
export interface Share {
  readonly plan: number;
  readonly space: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Computes a share on the calling thread.
 * @throws Stopped if the share may have ended early.
 */
export function callShare(functions: Functions, name: SharedFunction, { plan, space, from, to }: Share): void {
  // Functions without a space of their own take no worker number, and ignore a fourth argument.
  if (ownSpace.includes(name)) functions[name](plan, space, from, to);
  else functions[name](plan, from, to, 0);
  checkStop();
}

/** Milliseconds without progress after which the workers are considered dead: far longer than any share takes. */
const patience = 60_000;

export class Threads {
  /** Workers besides the calling thread. */
  readonly count: number;
  readonly #words: Int32Array;
  readonly #workers: readonly Worker[];
  #failed = false;

  constructor(count: number, module: WebAssembly.Module, memory: WebAssembly.Memory) {
    this.count = count;
    const words = new Int32Array(new SharedArrayBuffer(4 * (control.shares + control.shareWords * count)));
    this.#words = words;
    this.#workers = Array.from({ length: count }, (_, index) => {
      const worker = new Worker(script, {
        eval: true,
        workerData: {
          module,
          memory,
          words,
          index,
          names: sharedFunctions,
          ownSpace,
          control,
          stop: stopBlock,
          stopWords,
        },
        // The process's own flags and preloads do not apply to these threads.
        execArgv: [],
      });
      // A worker that ended, for whatever reason, takes no share of the next call.
      for (const event of ["error", "exit"])
        worker.on(event, () => {
          this.#failed = true;
        });
      worker.unref();
      return worker;
    });
  }

  /** Whether all workers are up: false while they start, and permanently if one could not start or has ended. */
  get ready(): boolean {
    return !this.#lost && Atomics.load(this.#words, control.ready) === this.count;
  }

  /** Whether a worker failed or ended. The last words of one arrive here before its events do. */
  get #lost(): boolean {
    return this.#failed || Atomics.load(this.#words, control.failed) > 0;
  }

  /** Runs `name` over 0 … `size` − 1 in equal shares; `own` computes the calling thread's. Throws as `runShares` does. */
  run(name: SharedFunction, plan: number, size: number, own: (from: number, to: number) => void): void {
    const parts = this.count + 1;
    const bound = (i: number): number => Math.floor((size * i) / parts);
    // The calling thread takes the last share (the largest if they are unequal), because it needs no waking.
    const shares = Array.from({ length: this.count }, (_, i) => ({
      plan,
      space: i + 1,
      from: bound(i),
      to: bound(i + 1),
    }));
    this.runShares(name, shares, () => own(bound(this.count), size));
  }

  /**
   * Runs `name` on one share for each worker; `own` computes the calling thread's.
   * @throws Error if a worker's share trapped or a worker died; the results are then unusable, and later calls find the
   * workers not ready and throw at once.
   * @throws Stopped if the shares may have ended early.
   */
  runShares(name: SharedFunction, shares: readonly Share[], own: () => void): void {
    const words = this.#words;
    if (this.#lost) throw new Error(`No worker thread is left to share ${name}.`);
    words[control.function] = sharedFunctions.indexOf(name);
    for (let i = 0; i < this.count; i++) {
      const { plan, space, from, to } = shares[i] ?? { plan: 0, space: 0, from: 0, to: 0 };
      words.set([plan, space, from, to], control.shares + control.shareWords * i);
    }
    Atomics.store(words, control.done, 0);
    Atomics.add(words, control.calls, 1);
    Atomics.notify(words, control.calls);
    try {
      own();
    } finally {
      this.#join();
    }
    if (this.#lost) {
      this.#failed = true;
      throw new Error(`A share of ${name} failed on a worker thread.`);
    }
    // A worker may have ended early after our own share was complete.
    checkStop();
  }

  /**
   * Waits for the workers' shares, even if our own share threw; otherwise a late worker would increment the next call's
   * counter.
   */
  #join(): void {
    const words = this.#words;
    for (
      let done = Atomics.load(words, control.done);
      done < this.count && !this.#failed;
      done = Atomics.load(words, control.done)
    )
      if (Atomics.wait(words, control.done, done, patience) === "timed-out") this.#failed = true;
  }

  /** Ends the workers; none is ready from now on. */
  async close(): Promise<void> {
    this.#failed = true;
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
