/**
 * Describes Keras 3's operations on tensors (`x + y`, `x[:, -1]`, `keras.ops.tanh(x)`) as layers, where there is a layer
 * that computes the same. Numbers and slices among an operation's arguments become the layer's arguments.
 */

import * as z from "zod";
import type { JsonValue } from "../../config/resolved.ts";
import type { ElementwiseFunction } from "../../config/schema/names.ts";
import { savedWords } from "../../messages/savedModels.ts";
import { isList, type JsonObject, objectAt, SavedError } from "../formats/models/savedModel.ts";
import { decided } from "./decisions.ts";

/** A layer, with the tensors that it takes. */
interface Described {
  /** Two tensors whose difference it takes. */
  readonly difference?: readonly JsonValue[];
  readonly className: string;
  readonly config: JsonObject;
  readonly tensors: readonly JsonValue[];
}

interface Operation {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  /** Positional arguments: tensors, lists of them, numbers. */
  readonly args: readonly JsonValue[];
}

/** Functions that are activations. */
const functions: { readonly [operation: string]: string } = {
  Tanh: "tanh",
  Sigmoid: "sigmoid",
  Relu: "relu",
  Relu6: "relu6",
  Elu: "elu",
  Selu: "selu",
  Silu: "silu",
  Softplus: "softplus",
  Softsign: "softsign",
  HardSigmoid: "hard_sigmoid",
  HardSilu: "hard_silu",
  Exp: "exponential",
};
/** Operations of two tensors that are layers. */
const merges: { readonly [operation: string]: string } = {
  Add: "Add",
  Subtract: "Subtract",
  Multiply: "Multiply",
  Maximum: "Maximum",
  Minimum: "Minimum",
  Divide: "Divide",
  TrueDivide: "Divide",
};
/** Functions that `elementwise` applies. */
const elementwise: { readonly [operation: string]: ElementwiseFunction } = {
  Absolute: "abs",
  Abs: "abs",
  Sign: "sign",
  Sqrt: "sqrt",
  Rsqrt: "rsqrt",
  Log: "log",
  Log1p: "log1p",
  Expm1: "expm1",
  Reciprocal: "reciprocal",
  Sin: "sin",
  Cos: "cos",
  Sinh: "sinh",
  Cosh: "cosh",
  Arctan: "atan",
  Erf: "erf",
  Floor: "floor",
  Ceil: "ceil",
};
const reductions: { readonly [operation: string]: string } = { Mean: "mean", Sum: "sum", Max: "max", Min: "min" };

/** A layer's description, with an operation replaced by one or two layers. Anything else is returned unchanged. */
export function withoutOperation(item: JsonValue): readonly JsonValue[] {
  const layer = objectAt(item);
  const nodes = layer?.["inbound_nodes"];
  const config = objectAt(layer?.["config"]) ?? {};
  if (!layer || !isOperation(layer, config)) return [item];
  const name = String(layer["name"] ?? config["name"]);
  const use = isList(nodes) && nodes.length === 1 ? objectAt(nodes[0]) : null;
  const args = use?.["args"];
  const className = String(layer["class_name"]);
  if (!use || !isList(args)) return [item];
  const made = described({ name, className, config, args });
  if (!made) throw new SavedError(savedWords().operation({ name, kind: className }));
  const as = (own: string, { className: kind, config: given, tensors }: Described): JsonObject => ({
    ...layer,
    name: own,
    class_name: kind,
    config: { ...given, name: own },
    inbound_nodes: [{ args: [tensors.length === 1 ? tensors[0]! : tensors], kwargs: {} }],
  });
  const { difference } = made;
  if (!difference) return [as(name, made)];
  const before = `${name}_difference`;
  const tensor = { class_name: "__keras_tensor__", config: { keras_history: [before, 0, 0] } };
  return [
    as(before, { className: "Subtract", config: {}, tensors: difference }),
    as(name, { ...made, tensors: [tensor] }),
  ];
}

/** HDF5 has no modules, but an operation has neither a precision nor a flag for training, unlike any layer. */
function isOperation(layer: JsonObject, config: JsonObject): boolean {
  const { module, inbound_nodes: nodes } = layer;
  if (typeof module === "string") return /^keras\.(src\.)?ops\b/.test(module);
  if (!isList(nodes) || objectAt(nodes[0]) === null || "trainable" in config) return false;
  return !("dtype" in config) || layer["class_name"] === "Cast";
}

function described(operation: Operation): Described | null {
  const { className, config, args } = operation;
  const [first = null, second = null] = args;
  const tensors = args.flatMap((each) => (isList(each) ? each : [each])).filter(isTensor);
  const as = (layer: string, own: JsonObject = {}): Described => ({ className: layer, config: own, tensors });
  if (Object.hasOwn(functions, className)) return as("Activation", { activation: functions[className] ?? null });
  const own = elementwise[className];
  if (own !== undefined) return as("Elementwise", { function: own });
  const withArguments = activationWith(className, config);
  if (withArguments) return as(withArguments.className, withArguments.config);
  if (className === "Softmax") return as("Softmax", { axis: config["axis"] ?? -1 });
  if (className === "Negative") return as("Rescaling", { scale: -1, offset: 0 });
  if (className === "Square" || (className === "Power" && second === 2))
    return { className: "Multiply", config: {}, tensors: isTensor(first) ? [first, first] : [] };
  if (className === "Power" && typeof second === "number" && tensors.length === 1)
    return as("Power", { exponent: second });
  if (className === "Concatenate") return as("Concatenate", { axis: config["axis"] ?? -1 });
  if (className === "GetItem") return sliced(first, second);
  if (className === "Flip" && typeof config["axis"] === "number")
    return as("Slice", { axis: config["axis"], step: -1 });
  if (Object.hasOwn(reductions, className)) {
    const { axis = null, keepdims = false } = config;
    if (axis === null) return null;
    return as("Reduce", { by: reductions[className] ?? null, axis, keepDims: keepdims });
  }
  if (className === "Matmul") return tensors.every((each) => rankOf(each) === 3) ? as("Dot", { axes: [2, 1] }) : null;
  if (tensors.length === 2 && Object.hasOwn(merges, className)) return as(merges[className] ?? className);
  if (className === "Cumsum" && typeof config["axis"] === "number") return as("Cumsum", { axis: config["axis"] });
  return withNumber(operation, tensors) ?? reshaped(operation, tensors) ?? decided(operation, tensors);
}

/** Activations with arguments. */
function activationWith(className: string, config: JsonObject): { className: string; config: JsonObject } | null {
  switch (className) {
    case "LeakyRelu":
      return { className: "LeakyReLU", config: { negative_slope: config["negative_slope"] ?? 0.2 } };
    case "Gelu":
      return { className: "Activation", config: { activation: config["approximate"] === false ? "gelu" : "gelu_new" } };
    case "LogSoftmax":
      return config["axis"] === -1 ? { className: "Activation", config: { activation: "log_softmax" } } : null;
    case "Clip":
      return typeof config["x_min"] === "number" && typeof config["x_max"] === "number"
        ? { className: "Clip", config: { low: config["x_min"], high: config["x_max"] } }
        : null;
    default:
      return null;
  }
}

/** x + 2, 2 × x, 2 − x, x / 2 are rescalings, and so is the sum with a table of positions. */
function withNumber({ className, args }: Operation, tensors: readonly JsonValue[]): Described | null {
  const [tensor = null] = tensors;
  const constants = args.map((each) => constantOf(each, rankOf(tensor)));
  const given = constants.find((each) => each !== null) ?? null;
  if (tensors.length !== 1 || given === null) return null;
  const first = constants[0] !== null;
  if (typeof given !== "number") return withTable(className, given, first, tensors);
  const number = given;
  if ((className === "TrueDivide" || className === "Divide") && first)
    return number === 1 ? { className: "Elementwise", config: { function: "reciprocal" }, tensors } : null;
  const as = (scale: number, offset: number) => ({ className: "Rescaling", config: { scale, offset }, tensors });
  if (className === "Add") return as(1, number);
  if (className === "Multiply") return as(number, 0);
  if (className === "Subtract") return first ? as(-1, number) : as(1, -number);
  if ((className === "TrueDivide" || className === "Divide") && !first) return as(1 / number, 0);
  return null;
}

/** The same with a number for each feature, or for each timestep and feature. */
function withTable(className: string, table: Table, first: boolean, tensors: readonly JsonValue[]): Described | null {
  const as = (scale: JsonValue, offset: JsonValue) => ({ className: "Rescaling", config: { scale, offset }, tensors });
  if (className === "Add") return as(1, table);
  if (className === "Multiply") return as(table, 0);
  if (className === "Subtract")
    return first
      ? as(-1, table)
      : as(
          1,
          each(table, (v) => -v),
        );
  if ((className === "TrueDivide" || className === "Divide") && !first)
    return as(
      each(table, (v) => 1 / v),
      0,
    );
  return null;
}

type Table = readonly number[] | readonly (readonly number[])[];

function each(table: Table, of: (value: number) => number): Table {
  return table.map((row) => (typeof row === "number" ? of(row) : row.map(of))) as Table;
}

/** A number, or a constant tensor that a batch of this rank can be combined with sample by sample. */
function constantOf(value: JsonValue, rank: number | null): number | Table | null {
  if (typeof value === "number") return value;
  const { class_name: className, config } = objectAt(value) ?? {};
  // Keras 3 writes an array of NumPy by another name.
  if (className !== "__tensor__" && className !== "__numpy__") return null;
  let content = objectAt(config)?.["value"] ?? null;
  // An axis of one for the samples.
  for (let depth = depthOf(content); isList(content) && (depth === rank || depth > 2); depth--) {
    if (content.length !== 1) return null;
    content = content[0] ?? null;
  }
  const parsed = tableSchema.safeParse(content);
  return parsed.success ? parsed.data : null;
}

const tableSchema = z.union([z.number(), z.array(z.number()), z.array(z.array(z.number()))]);

function depthOf(value: JsonValue): number {
  let depth = 0;
  for (let inner: JsonValue | undefined = value; isList(inner); inner = inner[0]) depth++;
  return depth;
}

/** Operations that keep the values and change the shape. */
function reshaped({ className, config }: Operation, tensors: readonly JsonValue[]): Described | null {
  const [tensor = null] = tensors;
  const shape = shapeOf(tensor);
  if (!shape) return null;
  const { axis, axes, newshape } = config;
  const to = (sizes: readonly JsonValue[]): Described | null => {
    const target = sizes.slice(1).map((size) => (typeof size === "number" ? size : -1));
    const open = target.filter((size) => size === -1).length;
    return open <= 1 ? { className: "Reshape", config: { target_shape: target }, tensors } : null;
  };
  if (className === "Reshape" && isList(newshape)) {
    const [batch] = newshape;
    return batch === -1 || batch === null ? to(newshape) : null;
  }
  if (className === "Transpose" && isList(axes) && axes[0] === 0)
    return { className: "Permute", config: { dims: axes.slice(1) }, tensors };
  if (typeof axis !== "number") return null;
  if (className === "ExpandDims") {
    const at = axis < 0 ? axis + shape.length + 1 : axis;
    return at > 0 ? to([...shape.slice(0, at), 1, ...shape.slice(at)]) : null;
  }
  if (className === "Squeeze") {
    const at = axis < 0 ? axis + shape.length : axis;
    return at > 0 && shape[at] === 1 ? to(shape.filter((_, i) => i !== at)) : null;
  }
  return null;
}

/** `x[:, -1]`: a slice of one axis; all other axes are whole. */
function sliced(tensor: JsonValue, key: JsonValue): Described | null {
  const parts = (isList(key) ? key : [key]).map((part) => {
    if (typeof part === "number") return { index: part };
    const { class_name: className, config } = objectAt(part) ?? {};
    const { start = null, stop = null, step = null } = objectAt(config) ?? {};
    if (className !== "__slice__") return null;
    return start === null && stop === null && step === null ? "whole" : given({ start, end: stop, step });
  });
  const own = parts.flatMap((part, axis) => (part === "whole" ? [] : [{ part, axis }]));
  const [only, ...others] = own;
  if (!isTensor(tensor) || !only || only.part === null || only.axis === 0 || others.length > 0) return null;
  return { className: "Slice", config: { ...only.part, axis: only.axis }, tensors: [tensor] };
}

function given(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function isTensor(value: JsonValue): boolean {
  return objectAt(value)?.["class_name"] === "__keras_tensor__";
}

function shapeOf(tensor: JsonValue): readonly JsonValue[] | null {
  const shape = objectAt(objectAt(tensor)?.["config"])?.["shape"];
  return isList(shape) ? shape : null;
}

function rankOf(tensor: JsonValue): number | null {
  return shapeOf(tensor)?.length ?? null;
}
