/** One of Keras's layers as the config would write it: only where tfjs computes the same. */

import type { JsonValue } from "../../config/resolved.ts";
import { cells, layerGroups } from "../../config/schema/layers/index.ts";
import { type Dialect, isList, type JsonObject, objectAt, SavedError } from "../formats/models/savedModel.ts";
import { activationOf, camelCase, regularizerOrConstraint } from "./arguments.ts";
import { isNeutral, layerTypeOf, maskSensitive } from "./kerasLayers.ts";

export interface TranslatedLayer {
  /** tf.layers factory name. */
  readonly type: string;
  readonly args: { readonly [key: string]: JsonValue };
  /** With masked timesteps Keras would give something else than tfjs. */
  readonly maskSensitive: boolean;
}

export interface KerasLayer {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
}

const schemas = new Map([...layerGroups.flatMap((g) => g.layers), ...cells].map((s) => [s.shape.type.value, s]));

/** @throws SavedError naming the layer, and why there is no translation. */
export function translateLayer(layer: KerasLayer, dialect: Dialect): TranslatedLayer {
  const { name, className, config } = layer;
  const refuse = (why: string): never => {
    throw new SavedError(`Its layer "${name}" (${className}) cannot be translated: ${why}`);
  };
  if (className === "Lambda" || className === "TFOpLambda")
    return refuse("it holds code, and nothing in a file is executed.");
  if (["Sequential", "Functional", "Model"].includes(className)) return refuse("it is a model inside the model.");
  const type = layerTypeOf(className);
  const schema = type === null ? undefined : schemas.get(type);
  if (type === null || !schema) return refuse("tfjs has no layer that computes the same.");

  const args: Record<string, JsonValue> = {};
  let sensitive = maskSensitive(className);
  const inner = (value: JsonValue): JsonValue => {
    const { class_name: innerClass, config: innerConfig } = objectAt(value) ?? {};
    const content = objectAt(innerConfig);
    if (typeof innerClass !== "string" || !content) return refuse("it does not say what is inside it.");
    const innerName = content["name"];
    const made = translateLayer(
      { name: typeof innerName === "string" ? innerName : name, className: innerClass, config: content },
      dialect,
    );
    sensitive ||= made.maskSensitive;
    return { type: made.type, ...made.args };
  };
  const translate = (key: string, value: JsonValue): JsonValue => {
    if (key.endsWith("Regularizer") || key.endsWith("Constraint")) {
      return regularizerOrConstraint(value) ?? refuse(`its ${key} is unknown.`);
    }
    if (key === "activation" || key === "recurrentActivation") {
      const activation = activationOf(value, dialect);
      return "reason" in activation ? refuse(activation.reason) : activation.name;
    }
    if (key === "layer" || key === "cell") return isList(value) ? value.map(inner) : inner(value);
    if (key === "cells") return isList(value) ? value.map(inner) : refuse("its cells are no list.");
    if (key === "dataFormat" && typeof value === "string") return camelCase(value);
    return value;
  };

  for (const [key, value] of Object.entries(config)) {
    if (key === "zero_output_for_mask") sensitive ||= value === true;
    if (isNeutral(className, key, value) || key === "backward_layer") continue;
    const own = argumentName(type, key);
    if (own.endsWith("Initializer")) {
      // The weights come from the file: whatever the layer starts from is overwritten, so it should cost nothing.
      if (Object.hasOwn(schema.shape, own)) args[own] = "zeros";
      continue;
    }
    if (!Object.hasOwn(schema.shape, own))
      return refuse(`"${key}" is ${JSON.stringify(value)?.slice(0, 80)}, which tfjs's layer does not know.`);
    args[own] = translate(own, own === "axis" && isList(value) && value.length === 1 ? (value[0] ?? null) : value);
  }
  if (type === "bidirectional") checkDirections(config, args, inner, refuse);
  const checked = schema.safeParse({ type, ...args });
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return refuse(`"${issue?.path.join(".")}" would have to be ${issue?.message}.`);
  }
  return { type, args, maskSensitive: sensitive };
}

function argumentName(type: string, key: string): string {
  if (type === "leakyReLU" && key === "negative_slope") return "alpha";
  // tfjs writes a list of cells into the layer, where Keras has a cell that holds it.
  if (type === "rnn" && key === "cells") return "cell";
  return camelCase(key);
}

/** tfjs makes the layer that reads backward out of the one that reads forward. */
function checkDirections(
  config: JsonObject,
  args: { readonly [key: string]: JsonValue },
  inner: (value: JsonValue) => JsonValue,
  refuse: (why: string) => never,
): void {
  if (config["merge_mode"] === null) refuse("it gives two outputs (merge_mode is null).");
  const forward = objectAt(args["layer"]);
  if (forward?.["goBackwards"] === true) refuse("its forward layer reads backward.");
  const backward = config["backward_layer"] === undefined ? null : objectAt(inner(config["backward_layer"]));
  if (backward === null) return;
  const alike =
    JSON.stringify({ ...backward, goBackwards: false }) === JSON.stringify({ ...forward, goBackwards: false });
  if (!alike || backward["goBackwards"] !== true) refuse("its two directions are not the same layer.");
}
