/** Every layer type of the config: the factories of tf.layers (tfjs-layers 4.22), and our own layers. */

import type * as z from "zod";
import { configWords } from "../../../messages/config.ts";
import { expectedWords } from "../../../messages/expected.ts";
import { type JsonValue, jsonValueSchema } from "../../jsonPath.ts";
import { variants } from "../variants.ts";
import { activationLayers } from "./activations.ts";
import { attentionLayers } from "./attention.ts";
import { base, type LayerGroup, type LayerSchema, type LayerShape } from "./common.ts";
import { convolutionLayers } from "./convolution.ts";
import { coreLayers } from "./core.ts";
import { externalMemory } from "./externalMemory.ts";
import { mergeLayers } from "./merge.ts";
import { noiseLayers } from "./noise.ts";
import { normalizationLayers } from "./normalization.ts";
import { poolingLayers } from "./pooling.ts";
import { preprocessingLayers } from "./preprocessing.ts";
import { cellSchemas, cellTypes, recurrentLayers } from "./recurrent.ts";
import { bidirectional, timeDistributed } from "./wrappers.ts";

/** Layers by their heading in the documentation. */
export const layerGroups: readonly { readonly group: LayerGroup; readonly layers: readonly LayerSchema[] }[] = [
  { group: "Recurrent", layers: [...recurrentLayers, externalMemory] },
  { group: "Attention", layers: attentionLayers },
  { group: "Wrappers", layers: [bidirectional, timeDistributed(() => layerSchema)] },
  { group: "Core", layers: coreLayers },
  { group: "Activation", layers: activationLayers },
  { group: "Normalization", layers: normalizationLayers },
  { group: "Merge", layers: mergeLayers },
  { group: "Convolution", layers: convolutionLayers },
  { group: "Pooling", layers: poolingLayers },
  { group: "Noise", layers: noiseLayers },
  { group: "Preprocessing", layers: preprocessingLayers },
];

const all = layerGroups.flatMap(({ layers }) => layers);
const [first, ...rest] = all as [LayerSchema, ...LayerSchema[]];

export const layerTypes: readonly string[] = all.map((schema) => schema.shape.type.value);

function shapeOf(type: string): LayerShape {
  return [...all, ...cellSchemas].find(({ shape }) => shape.type.value === type)?.shape ?? {};
}

/** Names of the arguments of a layer or cell, including `type`; empty for an unknown type. */
export function argumentsOf(type: string): ReadonlySet<string> {
  return new Set(Object.keys(shapeOf(type)));
}

/** The documented defaults of the arguments that not every layer has. */
export function defaultsOf(type: string): { readonly [argument: string]: JsonValue } {
  const shape = shapeOf(type);
  return Object.fromEntries(
    ownArgumentsOf(type).flatMap((name) => {
      const usual = jsonValueSchema.safeParse(shape[name]?.meta()?.["default"]);
      return usual.success ? [[name, usual.data]] : [];
    }),
  );
}

/** Names of the arguments of a layer or cell that not every layer has. */
export function ownArgumentsOf(type: string): readonly string[] {
  return [...argumentsOf(type)].filter((name) => name !== "type" && !Object.hasOwn(base, name));
}

/** An entry of a model's `layers`, or the layer inside timeDistributed. */
export const layerSchema: z.ZodType = variants(
  { key: "type", noun: () => expectedWords().nouns.layer, hint: cellHint },
  [first, ...rest],
).meta({
  id: "layer",
});

/** Cells are not layers: they live inside `rnn`. */
export const cells: readonly LayerSchema[] = cellSchemas;

/** Layers that combine several inputs into one output. */
export const mergeTypes: readonly string[] = mergeLayers.map((schema) => schema.shape.type.value);

function cellHint(name: string): string | null {
  return cellTypes.some((type) => type === name) ? configWords().cellHint : null;
}
