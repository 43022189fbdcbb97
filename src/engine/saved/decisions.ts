/** Describes Keras 3's comparisons, the logic of their results, and the choice between values (`keras.ops.where`) as layers. */

import type { JsonValue } from "../../config/resolved.ts";
import type { Comparison } from "../../config/schema/names.ts";
import { isList, type JsonObject, objectAt } from "../formats/models/savedModel.ts";

interface Operation {
  readonly className: string;
  readonly config: JsonObject;
  readonly args: readonly JsonValue[];
}

interface Described {
  readonly className: string;
  readonly config: JsonObject;
  readonly tensors: readonly JsonValue[];
  readonly difference?: readonly JsonValue[];
}

/** Comparisons, and what holds if the sides are exchanged. */
const comparisons: { readonly [operation: string]: readonly [by: Comparison, turned: Comparison] } = {
  Greater: ["greater", "less"],
  GreaterEqual: ["greaterEqual", "lessEqual"],
  Less: ["less", "greater"],
  LessEqual: ["lessEqual", "greaterEqual"],
  Equal: ["equal", "equal"],
  NotEqual: ["notEqual", "notEqual"],
};

/** Null: it is no such operation, or one with other arguments. The results of comparisons are 0 and 1. */
export function decided({ className, config, args }: Operation, tensors: readonly JsonValue[]): Described | null {
  const [first = null, second = null, third = null] = args;
  const as = (layer: string, own: JsonObject = {}): Described => ({ className: layer, config: own, tensors });
  const comparison = comparisons[className];
  if (comparison) {
    const [by, turned] = comparison;
    if (tensors.length === 2) return { ...as("Compare", { by, to: 0 }), difference: tensors };
    if (typeof second === "number") return as("Compare", { by, to: second });
    return typeof first === "number" ? as("Compare", { by: turned, to: first }) : null;
  }
  switch (className) {
    case "LogicalNot":
      return as("Compare", { by: "equal", to: 0 });
    case "LogicalAnd":
      return tensors.length === 2 ? as("Multiply") : null;
    case "LogicalOr":
      return tensors.length === 2 ? as("Maximum") : null;
    case "Cast":
      return config["dtype"] === "float32" ? as("Activation", { activation: "linear" }) : null;
    case "Where": {
      if (!isTensor(first) || !isChoice(second) || !isChoice(third)) return null;
      const number = (key: string, value: JsonValue) => (typeof value === "number" ? { [key]: value } : {});
      return as("Where", { ...number("value", second), ...number("otherwise", third) });
    }
    default:
      return null;
  }
}

function isTensor(value: JsonValue): boolean {
  return !isList(value) && objectAt(value)?.["class_name"] === "__keras_tensor__";
}

function isChoice(value: JsonValue): boolean {
  return typeof value === "number" || isTensor(value);
}
