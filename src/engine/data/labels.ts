/** Class labels: their encoding for a loss, and the message when they do not suit it. */

import { classesFix } from "../../config/classesFix.ts";
import type { Fix } from "../../config/fix.ts";
import type { JsonPath, LossName } from "../../config/resolved.ts";
import { fitWords } from "../../messages/fit.ts";

/** Class indices above this are a mistake, not a vocabulary. */
export const maxClasses = 100_000;

export interface LabelFault {
  /** What the loss takes and what the data contain instead: no capital at the start, a full stop at the end. */
  readonly fault: string;
  readonly fixes: readonly Fix[];
}

export interface Places {
  /** Place of the `data` section. */
  readonly data: JsonPath;
  /** Place of the `training` section. */
  readonly training: JsonPath;
}

type Numbers = Float32Array | Float64Array;

/** Null if the values are class indices. */
export function indexFault(values: Numbers, loss: LossName, at: Places): LabelFault | null {
  const wrong = values.find((v) => !(Number.isInteger(v) && v >= 0 && v < maxClasses));
  if (wrong === undefined) return null;
  const labels = distinct(values);
  if (labels.every(Number.isInteger))
    return {
      fault: fitWords().indicesFrom0({ loss, last: labels.length - 1, n: labels.length, wrong }),
      fixes: present([classesFix(at.data, labels)]),
    };
  return {
    fault: fitWords().wholeIndices({ loss, wrong }),
    fixes: [lossFix(at, "meanSquaredError")],
  };
}

/** Null if the values lie between 0 and 1. */
export function shareFault(values: Numbers, loss: LossName, at: Places): LabelFault | null {
  const wrong = values.find((v) => !(v >= 0 && v <= 1));
  if (wrong === undefined) return null;
  const labels = distinct(values);
  if (!labels.every(Number.isInteger))
    return {
      fault: fitWords().sharesOfNumbers({ loss, wrong }),
      fixes: [lossFix(at, "meanSquaredError")],
    };
  if (labels.length === 2)
    return {
      fault: fitWords().twoLabels({ loss, first: String(labels[0]), second: String(labels[1]) }),
      fixes: present([classesFix(at.data, labels)]),
    };
  return {
    fault: fitWords().manyLabels({ loss, wrong }),
    fixes: [lossFix(at, "sparseCategoricalCrossentropy")],
  };
}

/**
 * The problem of samples whose values for the classes do not sum to 1. If all values are 0 or 1, a sample has several
 * labels or none, and each label is a question of its own.
 * @param sum the first sum that is wrong
 */
export function sumFault(sum: number, yesOrNo: boolean, loss: LossName, at: Places): LabelFault {
  const fault = fitWords().sharesSum({ loss, sum, several: yesOrNo });
  return { fault, fixes: yesOrNo ? [lossFix(at, "binaryCrossentropy")] : [] };
}

/** True if all values are 0 or 1. */
export function areYesOrNo(values: Numbers): boolean {
  return values.every((v) => v === 0 || v === 1);
}

/** The problem of labels that are given where one value per class is expected. */
export function oneColumnFault(values: Numbers, loss: LossName, asked: string, at: Places): LabelFault {
  const yesOrNo = areYesOrNo(values);
  const right = yesOrNo ? "binaryCrossentropy" : "sparseCategoricalCrossentropy";
  return { fault: fitWords().oneColumn({ loss, asked, yesOrNo, right }), fixes: [lossFix(at, right)] };
}

/**
 * Labels as indices into `classes`. Otherwise the first label that is not listed, or why this loss has no use for the
 * list.
 */
export function indicesOf<T extends Numbers>(
  values: T,
  classes: readonly number[],
  loss: LossName,
  at: Places,
): { readonly indices: Float32Array } | (LabelFault & { readonly about: "classes" | "targets" }) {
  if (loss !== "binaryCrossentropy" && loss !== "sparseCategoricalCrossentropy")
    return {
      about: "classes",
      fault: fitWords().noLabels(loss),
      fixes: [{ id: "no-classes", title: fitWords().leaveOutClasses, edits: [{ path: [...at.data, "classes"] }] }],
    };
  if (loss === "binaryCrossentropy" && classes.length !== 2)
    return {
      about: "classes",
      fault: fitWords().twoClasses({ loss, n: classes.length }),
      fixes: [lossFix(at, "sparseCategoricalCrossentropy")],
    };
  const index = new Map(classes.map((label, i) => [label, i]));
  const indices = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const label = values[i]!;
    const found = index.get(label);
    if (found === undefined) {
      const labels = distinct(values);
      return {
        about: "targets",
        fault: fitWords().unlisted(label),
        fixes: present([classesFix(at.data, labels)]),
      };
    }
    indices[i] = found;
  }
  return { indices };
}

/** One more than the config can list: more distinct values than that are not labels. */
const mostDistinct = 1001;

/** The distinct values, ascending; only some of them if there are very many. */
export function distinct(values: Numbers): readonly number[] {
  const found = new Set<number>();
  for (const v of values) {
    found.add(v);
    if (found.size >= mostDistinct) break;
  }
  return [...found].sort((a, b) => a - b);
}

function lossFix({ training }: Places, loss: LossName): Fix {
  return { id: `loss-${loss}`, title: fitWords().useLoss(loss), edits: [{ path: [...training, "loss"], value: loss }] };
}

function present(fixes: readonly (Fix | undefined)[]): readonly Fix[] {
  return fixes.filter((fix) => fix !== undefined);
}
