/** Whether an array's targets are what the loss takes. */

import type { LossName } from "../../config/resolved.ts";
import type { NumberArray } from "./files/numberArray.ts";
import type { FileFault } from "./files/readFile.ts";
import { maxClasses } from "./tableTargets.ts";

export interface ArrayTargets {
  /** Of one sample; for class indices the last axis is 1. */
  readonly shape: readonly number[];
  /** Number of classes where they are class indices. */
  readonly classes: number | null;
}

/** How the targets of one sample are to be read for a loss, or the first value that it does not take. */
export function arrayTargets({ shape: whole, values }: NumberArray, loss: LossName): ArrayTargets | FileFault {
  const shape = whole.length > 1 ? whole.slice(1) : [1];
  const width = shape.at(-1) ?? 1;
  const wrong = (allowed: (value: number) => boolean, expected: string): FileFault | null => {
    const value = values.find((v) => !allowed(v));
    return value === undefined ? null : { fault: `the loss "${loss}" takes ${expected}, but there is ${value}.` };
  };
  switch (loss) {
    case "meanSquaredError":
    case "meanAbsoluteError":
      return { shape, classes: null };
    case "binaryCrossentropy":
      return wrong((v) => v >= 0 && v <= 1, "targets from 0 to 1") ?? { shape, classes: null };
    case "sparseCategoricalCrossentropy": {
      const isIndex = (v: number) => Number.isInteger(v) && v >= 0 && v < maxClasses;
      const bad = wrong(isIndex, `class indices (whole numbers from 0 to ${maxClasses - 1})`);
      if (bad) return bad;
      return { shape: width === 1 ? shape : [...shape, 1], classes: values.reduce((m, y) => Math.max(m, y), 0) + 1 };
    }
    case "categoricalCrossentropy": {
      if (width < 2) {
        const fault = `the loss "${loss}" takes a value per class, at least two, on the last axis. For class indices use "sparseCategoricalCrossentropy".`;
        return { fault };
      }
      const bad = wrong((v) => v >= 0 && v <= 1, "shares from 0 to 1");
      if (bad) return bad;
      for (let i = 0; i < values.length; i += width) {
        const sum = values.subarray(i, i + width).reduce((s, v) => s + v, 0);
        if (Math.abs(sum - 1) <= 1e-3) continue;
        return {
          fault: `the loss "${loss}" takes shares that sum to 1 on the last axis; there are some that sum to ${sum}.`,
        };
      }
      return { shape, classes: null };
    }
  }
}
