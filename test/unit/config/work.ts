/**
 * The work of a function, counted instead of timed, so that a busy machine changes nothing: how often each block of
 * JavaScript runs, by V8's block coverage, and the lengths that native functions scan or copy meanwhile. Regular
 * expressions have a test of their own (test/unit/structure/expressions.test.ts).
 */

import { type Profiler, Session } from "node:inspector";
import { setFlagsFromString } from "node:v8";

/** The optimizing compilers, whose code does not count; V8 has the second by default since version 12. */
const compilers = Number.parseInt(process.versions.v8, 10) < 12 ? ["opt"] : ["opt", "maglev"];

/**
 * Blocks that ran, and elements or characters that native functions read, while each function ran once. They are counted
 * together, because V8 reads all code when it begins to count.
 */
export function worksOf(...runs: readonly (() => void)[]): readonly number[] {
  for (const compiler of compilers) setFlagsFromString(`--no-${compiler}`);
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const works: number[] = [];
  try {
    for (const run of runs) {
      const natives = countNatives();
      try {
        run();
        works.push(natives.count() + blocksOf(session));
      } finally {
        natives.restore();
      }
    }
    return works;
  } finally {
    session.post("Profiler.stopPreciseCoverage");
    session.disconnect();
    for (const compiler of compilers) setFlagsFromString(`--${compiler}`);
  }
}

function blocksOf(session: Session): number {
  let scripts: readonly Profiler.ScriptCoverage[] = [];
  session.post("Profiler.takePreciseCoverage", (error, { result }) => {
    if (error) throw error;
    scripts = result;
  });
  let sum = 0;
  for (const { functions } of scripts)
    for (const { ranges } of functions) for (const range of ranges) sum += range.count;
  return sum;
}

type Native = (this: unknown, ...values: readonly unknown[]) => unknown;

/** The length that a call read: of what it was called on, of its result, or up to the place that it found. */
type Cost = (of: number, result: unknown, values: readonly unknown[]) => number;

const whole: Cost = (of) => of;
const ofResult: Cost = (_, result) => lengthOf(result);
const upToFound: Cost = (of, result, values) => {
  const from = typeof values[1] === "number" ? values[1] : 0;
  return Math.max((typeof result === "number" && result >= 0 ? result : of) - from, 0);
};

const costs: readonly (readonly [prototype: object, names: readonly string[], cost: Cost])[] = [
  [Array.prototype, ["includes", "join", "shift", "unshift", "splice", "reverse", "fill", "flat"], whole],
  [Array.prototype, ["slice", "concat"], ofResult],
  [Array.prototype, ["indexOf"], upToFound],
  [String.prototype, ["includes", "split", "replace", "replaceAll", "trim", "normalize", "toLowerCase"], whole],
  [String.prototype, ["repeat", "padEnd", "padStart"], ofResult],
  [String.prototype, ["indexOf"], upToFound],
];

function lengthOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return 0;
}

/** Puts counters around native functions until `restore`. */
function countNatives(): { readonly count: () => number; readonly restore: () => void } {
  let sum = 0;
  const former: (() => void)[] = [];
  const replace = (prototype: object, name: string | symbol, value: unknown): void => {
    const own = Object.getOwnPropertyDescriptor(prototype, name);
    if (!own) throw new Error(`There is no ${String(name)}.`);
    former.push(() => Object.defineProperty(prototype, name, own));
    Object.defineProperty(prototype, name, { ...own, value });
  };
  for (const [prototype, names, cost] of costs)
    for (const name of names) {
      const native: unknown = Reflect.get(prototype, name);
      if (!isNative(native)) throw new Error(`${name} is not a function.`);
      replace(prototype, name, function (this: unknown, ...values: readonly unknown[]): unknown {
        const before = lengthOf(this);
        const result = Reflect.apply(native, this, values);
        sum += cost(before, result, values);
        return result;
      });
    }
  // What a spread or a loop reads; V8 does not count the blocks of a generator reliably.
  replace(Array.prototype, Symbol.iterator, function* (this: readonly unknown[]) {
    for (let i = 0; i < this.length; i++, sum++) yield this[i];
  });
  return {
    count: () => sum,
    restore: () => {
      for (const put of former.reverse()) put();
    },
  };
}

function isNative(value: unknown): value is Native {
  return typeof value === "function";
}
