/**
 * Translates one of Keras's layers to a config entry, but only if tfjs computes the same. The values of its arguments
 * are checked when the entries are resolved, like those of a config.
 */

import { has } from "../../config/layerCatalogue.ts";
import type { JsonValue } from "../../config/resolved.ts";
import { argumentsOf } from "../../config/schema/layers/index.ts";
import { translationWords } from "../../messages/translating.ts";
import { type Dialect, isList, type JsonObject, objectAt, SavedError } from "../formats/models/savedModel.ts";
import { activationOf, camelCase, regularizerOrConstraint } from "./arguments.ts";
import { isNeutral, layerTypeOf } from "./kerasLayers.ts";
import { asOtherLayer } from "./otherLayers.ts";
import { reversedClass } from "./unfolding.ts";

export interface TranslatedLayer {
  /** tf.layers factory name. */
  readonly type: string;
  readonly args: { readonly [key: string]: JsonValue };
  /** Whether Keras's result would differ from tfjs's if timesteps are masked. */
  readonly maskSensitive: boolean;
  /** What is measured differently from the file. */
  readonly differences: readonly Difference[];
}

/** A state that the file carries from batch to batch, a penalty on outputs, or another precision than float32. */
export type Difference =
  | { readonly kind: "stateful" }
  | { readonly kind: "penalty" }
  | { readonly kind: "precision"; readonly policy: string };

export interface KerasLayer {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
}

/** Keys of an entry that are no arguments of the layer: Keras says these things elsewhere. */
const entryKeys = ["type", "name", "inputs", "initialState"];

/**
 * @returns the entry, with unchecked arguments.
 * @throws SavedError with the layer's name and the reason why there is no translation.
 */
export function translateLayer(layer: KerasLayer, dialect: Dialect): TranslatedLayer {
  const { name, className, config } = asOtherLayer(layer, dialect);
  const refuse = (why: string): never => {
    throw new SavedError(translationWords().refused({ layer: name, type: className, why }));
  };
  if (className === "Lambda" || className === "TFOpLambda") return refuse(translationWords().code);
  if (["Sequential", "Functional", "Model"].includes(className)) return refuse(translationWords().modelInside);
  if (className === "LayerNormalization" && config["rms_scaling"] === true)
    return refuse(translationWords().rmsScaling);
  const type = layerTypeOf(className);
  if (type === null) return refuse(translationWords().noLayer);

  const known = argumentsOf(type);
  const args: Record<string, JsonValue> = {};
  const differences: Difference[] = [];
  let sensitive = has("skipsMasked", { type }) || layer.className === reversedClass;
  const inner = (value: JsonValue): JsonValue => {
    const { class_name: innerClass, config: innerConfig } = objectAt(value) ?? {};
    const content = objectAt(innerConfig);
    if (typeof innerClass !== "string" || !content) return refuse(translationWords().notInside);
    const innerName = content["name"];
    const made = translateLayer(
      { name: typeof innerName === "string" ? innerName : name, className: innerClass, config: content },
      dialect,
    );
    sensitive ||= made.maskSensitive;
    differences.push(...made.differences);
    return { type: made.type, ...made.args };
  };
  const translate = (key: string, value: JsonValue): JsonValue => {
    if (key.endsWith("Regularizer") || key.endsWith("Constraint")) {
      return regularizerOrConstraint(value) ?? refuse(translationWords().unknown(key));
    }
    if (key === "activation" || key === "recurrentActivation") {
      const activation = activationOf(value, dialect);
      return "reason" in activation ? refuse(activation.reason) : activation.name;
    }
    if (key === "layer" || key === "cell") return isList(value) ? value.map(inner) : inner(value);
    if (key === "cells") return isList(value) ? value.map(inner) : refuse(translationWords().cells);
    if ((key === "dataFormat" || key === "interpolation") && typeof value === "string") return camelCase(value);
    return value;
  };

  for (const [key, value] of Object.entries(config)) {
    if (key === "dtype") differences.push(...precisionOf(value));
    if (isPenalty(layer, key, value)) {
      differences.push({ kind: "penalty" });
      continue;
    }
    if (key === "stateful") {
      if (value === true) differences.push({ kind: "stateful" });
      else if (value !== false) return refuse(translationWords().stateful);
      continue;
    }
    if (isNeutral(className, key, value) || key === "backward_layer") continue;
    const own = argumentName(type, key);
    if (own.endsWith("Initializer")) {
      // The weights come from the file and overwrite the initial ones, so initialization should cost nothing.
      if (known.has(own)) args[own] = "zeros";
      continue;
    }
    if (!known.has(own) || entryKeys.includes(own))
      return refuse(translationWords().unsupported({ key, value: String(JSON.stringify(value)?.slice(0, 80)) }));
    args[own] = translate(own, own === "axis" && isList(value) && value.length === 1 ? (value[0] ?? null) : value);
  }
  return { type, args, maskSensitive: sensitive, differences };
}

/** Keras writes a dtype as a name or, for a policy, as an object whose config has the name. */
function precisionOf(value: JsonValue): readonly Difference[] {
  const policy = objectAt(objectAt(value)?.["config"])?.["name"] ?? value;
  return typeof policy === "string" && policy !== "float32" ? [{ kind: "precision", policy }] : [];
}

/** Whether an argument makes a layer add a penalty on its outputs to the loss. */
function isPenalty({ className }: KerasLayer, key: string, value: JsonValue): boolean {
  if (className === "ActivityRegularization") return (key === "l1" || key === "l2") && value !== 0;
  return key === "activity_regularizer" && value !== null;
}

function argumentName(type: string, key: string): string {
  if (type === "leakyReLU" && key === "negative_slope") return "alpha";
  if (type === "reLU" && key === "alpha") return "negativeSlope";
  // tfjs writes a list of cells into the layer; Keras has one cell that holds the list.
  if (type === "rnn" && key === "cells") return "cell";
  return camelCase(key);
}
