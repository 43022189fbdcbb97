/**
 * A stop for computations that take long: another thread asks for it, in shared memory, while this thread computes and
 * handles no events. The kernels look here about every millisecond, and callers after every call of them.
 */

/** Numbers of the computation that runs and of the one that is to stop, looks so far, and how often a stop has to wait. */
export const stopWords = { running: 0, asked: 1, looks: 2, held: 3, count: 4 } as const;

/** Shared with the threads of the kernels and with the thread that hears of a stop. */
export const stopBlock = new Int32Array(
  typeof SharedArrayBuffer === "undefined"
    ? new ArrayBuffer(4 * stopWords.count)
    : new SharedArrayBuffer(4 * stopWords.count),
);

/** Thrown in a computation that is to stop. What it has computed so far has no meaning. */
export class Stopped extends Error {
  constructor() {
    super("The computation was stopped.");
  }
}

/** Says which computation runs from now on; 0: none. */
export function nowRuns(number: number): void {
  Atomics.store(stopBlock, stopWords.running, number);
}

/** Whether the present computation is to stop. */
export function isStopped(): boolean {
  const asked = Atomics.load(stopBlock, stopWords.asked);
  return (
    asked !== 0 && asked === Atomics.load(stopBlock, stopWords.running) && Atomics.load(stopBlock, stopWords.held) === 0
  );
}

/** What the kernels call: counts the look, which shows other threads that the work goes on. @returns `isStopped`. */
export function look(): boolean {
  Atomics.add(stopBlock, stopWords.looks, 1);
  return isStopped();
}

/** @throws Stopped if the present computation is to stop. */
export function checkStop(): void {
  if (look()) throw new Stopped();
}

/** Entries of an array that are computed between two looks: about a millisecond's work. */
const piece = 2 ** 18;

/**
 * Computes something for all entries of a long array, from `from` to before `to` at a time.
 * @throws Stopped if the present computation is to stop.
 */
export function inPieces(length: number, compute: (from: number, to: number) => void): void {
  for (let from = 0; from < length; from += piece) {
    compute(from, Math.min(length, from + piece));
    if (length > piece) checkStop();
  }
}

/**
 * Lets a stop wait while something happens that must not end halfway, such as an update of the weights.
 * @returns a function that ends this.
 */
export function holdStop(): () => void {
  Atomics.add(stopBlock, stopWords.held, 1);
  return () => {
    Atomics.sub(stopBlock, stopWords.held, 1);
  };
}
