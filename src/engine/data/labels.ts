/** Labels of classes: what they are for a loss, and what is said where they are not what it takes. */

import { classesFix } from "../../config/classesFix.ts";
import type { Fix } from "../../config/fix.ts";
import type { ConfigPath, LossName } from "../../config/resolved.ts";

/** Class indices above this are a mistake, not a vocabulary. */
export const maxClasses = 100_000;

export interface LabelFault {
  /** What the loss takes and what there is instead, without a full stop before and with one behind. */
  readonly fault: string;
  readonly fixes: readonly Fix[];
}

export interface Places {
  /** Of `data`. */
  readonly data: ConfigPath;
  /** Of `training`. */
  readonly training: ConfigPath;
}

type Numbers = Float32Array | Float64Array;

/** Null: they are class indices. */
export function indexFault(values: Numbers, loss: LossName, at: Places): LabelFault | null {
  const wrong = values.find((v) => !(Number.isInteger(v) && v >= 0 && v < maxClasses));
  if (wrong === undefined) return null;
  const labels = distinct(values);
  const takes = `the loss "${loss}" takes class indices`;
  if (labels.every(Number.isInteger))
    return {
      fault: `${takes}, from 0 to ${labels.length - 1} for ${labels.length} labels, but there is ${wrong}.`,
      fixes: present([classesFix(at.data, labels)]),
    };
  return {
    fault: `${takes}, whole numbers from 0, but there is ${wrong}. For numbers use "meanSquaredError".`,
    fixes: [lossFix(at, "meanSquaredError")],
  };
}

/** Null: they lie between 0 and 1. */
export function shareFault(values: Numbers, loss: LossName, at: Places): LabelFault | null {
  const wrong = values.find((v) => !(v >= 0 && v <= 1));
  if (wrong === undefined) return null;
  const labels = distinct(values);
  const takes = `the loss "${loss}" takes`;
  if (!labels.every(Number.isInteger))
    return {
      fault: `${takes} targets from 0 to 1, but there is ${wrong}. For numbers use "meanSquaredError".`,
      fixes: [lossFix(at, "meanSquaredError")],
    };
  if (labels.length === 2)
    return {
      fault: `${takes} the labels 0 and 1, but these are ${labels[0]} and ${labels[1]}.`,
      fixes: present([classesFix(at.data, labels)]),
    };
  return {
    fault: `${takes} targets from 0 to 1, but there is ${wrong}. For more than two classes use "sparseCategoricalCrossentropy".`,
    fixes: [lossFix(at, "sparseCategoricalCrossentropy")],
  };
}

/** Labels where one value per class is asked for. */
export function oneColumnFault(values: Numbers, loss: LossName, asked: string, at: Places): LabelFault {
  const yesOrNo = distinct(values).every((v) => v === 0 || v === 1);
  const right = yesOrNo ? "binaryCrossentropy" : "sparseCategoricalCrossentropy";
  const what = yesOrNo ? "For one value of 0 or 1" : "For class indices";
  return { fault: `the loss "${loss}" takes ${asked}. ${what} use "${right}".`, fixes: [lossFix(at, right)] };
}

/**
 * Labels as indices into `classes`; the first label that is not among them, where there is one; or why this loss has no
 * use for the list.
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
      fault: `"classes" lists labels, but the loss "${loss}" takes none. Leave it out, or use "sparseCategoricalCrossentropy".`,
      fixes: [{ id: "no-classes", title: 'Leave out "classes"', edits: [{ path: [...at.data, "classes"] }] }],
    };
  if (loss === "binaryCrossentropy" && classes.length !== 2)
    return {
      about: "classes",
      fault: `the loss "${loss}" tells two classes apart, but "classes" lists ${classes.length}.`,
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
        fault: `there is the label ${label}, which "classes" does not list.`,
        fixes: present([classesFix(at.data, labels)]),
      };
    }
    indices[i] = found;
  }
  return { indices };
}

/** One more than are ever listed: beyond that they are no labels. */
const mostDistinct = 1001;

/** The different values, ascending; of very many only some. */
export function distinct(values: Numbers): readonly number[] {
  const found = new Set<number>();
  for (const v of values) {
    found.add(v);
    if (found.size >= mostDistinct) break;
  }
  return [...found].sort((a, b) => a - b);
}

function lossFix({ training }: Places, loss: LossName): Fix {
  return { id: `loss-${loss}`, title: `Use the loss ${loss}`, edits: [{ path: [...training, "loss"], value: loss }] };
}

function present(fixes: readonly (Fix | undefined)[]): readonly Fix[] {
  return fixes.filter((fix) => fix !== undefined);
}
