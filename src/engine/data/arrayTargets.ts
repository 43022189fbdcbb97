/** Checks whether an array's targets suit the loss. */

import type { LossName } from "../../config/resolved.ts";
import { arrayWords } from "../../messages/arrays.ts";
import type { NumberArray } from "../formats/arrays/numberArray.ts";
import {
  areYesOrNo,
  indexFault,
  type LabelFault,
  oneColumnFault,
  type Places,
  shareFault,
  sumFault,
} from "./labels.ts";

export interface ArrayTargets {
  /** Shape of one sample; for class indices the last axis is 1. */
  readonly shape: readonly number[];
  /** Number of classes if the targets are class indices. */
  readonly classes: number | null;
}

/**
 * Returns how to read the targets of one sample for a loss, or describes the first value that the loss cannot take.
 * @param listed number of classes that the config lists; null: as many as occur
 */
export function arrayTargets(
  { shape: whole, values }: NumberArray,
  loss: LossName,
  at: Places,
  listed: number | null = null,
): ArrayTargets | LabelFault {
  const shape = whole.length > 1 ? whole.slice(1) : [1];
  const width = shape.at(-1) ?? 1;
  switch (loss) {
    case "meanSquaredError":
    case "meanAbsoluteError":
      return { shape, classes: null };
    case "binaryCrossentropy":
      return shareFault(values, loss, at) ?? { shape, classes: null };
    case "sparseCategoricalCrossentropy": {
      const bad = indexFault(values, loss, at);
      if (bad) return bad;
      const classes = listed ?? values.reduce((m, y) => Math.max(m, y), 0) + 1;
      return { shape: width === 1 ? shape : [...shape, 1], classes };
    }
    case "categoricalCrossentropy": {
      if (width < 2) return oneColumnFault(values, loss, arrayWords().valuePerClass, at);
      const bad = values.find((v) => !(v >= 0 && v <= 1));
      if (bad !== undefined) return { fault: arrayWords().sharesHere({ loss, found: bad }), fixes: [] };
      for (let i = 0; i < values.length; i += width) {
        const sum = values.subarray(i, i + width).reduce((s, v) => s + v, 0);
        if (Math.abs(sum - 1) <= 1e-3) continue;
        return sumFault(sum, areYesOrNo(values), loss, at);
      }
      return { shape, classes: null };
    }
  }
}
