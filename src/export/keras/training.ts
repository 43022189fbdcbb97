/** The training's parts: losses, optimizer, limits of gradients and weights. */

import { has } from "../../config/layerCatalogue.ts";
import type { OptimizerConfig, TrainingConfig } from "../../config/resolved.ts";
import { exportWords } from "../../messages/exporting.ts";
import type { ExportedModel, ExportedOutput, Refusal } from "../exportedModel.ts";
import { trainingRefusals } from "../loop.ts";
import { boolean, float, indented, number } from "../python.ts";

/** What of the training has no equivalent. */
export function kerasRefusals(exported: ExportedModel): Refusal[] {
  const { model, layers, data } = exported;
  const { training, trainingPath } = model;
  const at = (key: string, message: string): Refusal => ({ path: [...trainingPath, key], message });
  const limits = Object.values(training.clip).filter((limit) => limit !== null);
  const attends = layers.some((layer) => has("attends", layer));
  const { accumulate, batchSize, weightClip } = training;
  return [
    ...trainingRefusals(exported),
    ...(limits.length > 1 ? [at("clip", exportWords().oneClip)] : []),
    ...(weightClip && weightClip.maxNorm !== null && attends ? [at("weightClip", exportWords().weightClip)] : []),
    ...(accumulate > 1 && data.samples < accumulate * batchSize ? [at("accumulate", exportWords().fewSamples)] : []),
  ];
}

/** The loss of each output. */
export function lossOf({ loss, logits }: ExportedOutput): string {
  const named: Readonly<Record<TrainingConfig["loss"], string>> = {
    meanSquaredError: "MeanSquaredError",
    meanAbsoluteError: "MeanAbsoluteError",
    binaryCrossentropy: "BinaryCrossentropy",
    categoricalCrossentropy: "CategoricalCrossentropy",
    sparseCategoricalCrossentropy: "SparseCategoricalCrossentropy",
  };
  return `keras.losses.${named[loss]}(${logits ? "from_logits=True" : ""})`;
}

/** The optimizer with its limits of gradients, and the parts whose gradients it averages. */
export function optimizerOf({ optimizer, clip, accumulate }: TrainingConfig): string {
  const { name, options } = ruleOf(optimizer);
  const given = [
    float(optimizer.learningRate),
    ...options,
    ...(clip.value === null ? [] : [`clipvalue=${number(clip.value)}`]),
    ...(clip.norm === null ? [] : [`clipnorm=${number(clip.norm)}`]),
    ...(clip.globalNorm === null ? [] : [`global_clipnorm=${number(clip.globalNorm)}`]),
    ...(accumulate > 1 ? [`gradient_accumulation_steps=${accumulate}`] : []),
  ];
  return `keras.optimizers.${name}(${given.join(", ")})`;
}

function ruleOf(config: OptimizerConfig): { readonly name: string; readonly options: readonly string[] } {
  const moments = ({ beta1, beta2, epsilon }: Readonly<Record<"beta1" | "beta2" | "epsilon", number>>) => [
    `beta_1=${number(beta1)}`,
    `beta_2=${number(beta2)}`,
    `epsilon=${number(epsilon)}`,
  ];
  switch (config.type) {
    case "sgd":
      return { name: "SGD", options: [] };
    case "momentum":
      return {
        name: "SGD",
        options: [`momentum=${number(config.momentum)}`, ...(config.nesterov ? ["nesterov=True"] : [])],
      };
    case "adagrad":
      return { name: "Adagrad", options: [`initial_accumulator_value=${number(config.initialAccumulator)}`] };
    case "adadelta":
      return { name: "Adadelta", options: [`rho=${number(config.rho)}`, `epsilon=${number(config.epsilon)}`] };
    case "adam":
      return { name: "Adam", options: moments(config) };
    case "adamw":
      return { name: "AdamW", options: [...moments(config), `weight_decay=${number(config.weightDecay)}`] };
    case "adamax":
      return { name: "Adamax", options: moments(config) };
    case "rmsprop":
      return {
        name: "RMSprop",
        options: [
          `rho=${number(config.decay)}`,
          `momentum=${number(config.momentum)}`,
          `epsilon=${number(config.epsilon)}`,
          `centered=${boolean(config.centered)}`,
        ],
      };
  }
}

/** `limit_weights(net)`: limits of the weights themselves; null: none. */
export function weightLimit({ weightClip }: TrainingConfig): string | null {
  if (!weightClip) return null;
  const { value, maxNorm } = weightClip;
  return [
    "def limit_weights(net):",
    ...indented([
      '"""Limits each entry, or the norm of each unit\'s incoming weights."""',
      "for v in net.trainable_variables:",
      ...indented([
        ...(value === null ? [] : [`v.assign(ops.clip(v, ${number(-value)}, ${number(value)}))`]),
        ...(maxNorm === null
          ? []
          : [
              "if len(v.shape) > 1:",
              ...indented([
                "norms = ops.sqrt(ops.sum(v**2, axis=tuple(range(len(v.shape) - 1)), keepdims=True))",
                `v.assign(v * ops.minimum(norms, ${number(maxNorm)}) / (norms + 1e-7))`,
              ]),
            ]),
      ]),
    ]),
  ].join("\n");
}
