/** The whole of `gradlens.json`. */

import * as z from "zod";
import { expectedWords } from "../../messages/expected.ts";
import { maxFilePath, maxLayers } from "../limits.ts";
import { arraysSchema } from "./data/arrays.ts";
import { tableSchema } from "./data/table.ts";
import { taskSchema } from "./data.ts";
import { diagnosisSchema } from "./diagnosis.ts";
import { layerSchema } from "./layers/index.ts";
import { trainingSchema } from "./training.ts";
import { distinct, entry, list, text } from "./values.ts";

/**
 * The keys that a model may override; they replace those of the top level. They are checked after merging, when their
 * meaning is known.
 */
const override = z.record(z.string(), z.unknown(), { error: () => expectedWords().object });

const takeBack = (example: string) =>
  `A key that is null removes what the model inherits, as if it had never been set: \`${example}\`.`;

const layersExpected = () => expectedWords().layers(maxLayers);

export const layersSchema = list(layerSchema, layersExpected).max(maxLayers, { error: layersExpected });

const inputName = text(() => expectedWords().inputName);
const inputsExpected = () => expectedWords().inputNames;
const outputsExpected = () => expectedWords().layerNames;

export const endsSchema = {
  inputs: list(inputName, inputsExpected)
    .check(distinct(() => expectedWords().anotherInput))
    .optional()
    .meta({
      description:
        'Names of the model\'s inputs, to which layers refer. If there are several, `data` has an array for each. Default: one input named "input".',
    }),
  outputs: list(
    text(() => expectedWords().layerName),
    outputsExpected,
  )
    .check(distinct(() => expectedWords().anotherLayer))
    .optional()
    .meta({
      description:
        "The layers whose outputs are the model's, by name. If there are several, `data` has an array of targets for each. Default: the last layer.",
    }),
};

const shape = {
  ...endsSchema,
  extends: text(() => expectedWords().otherModel)
    .optional()
    .meta({
      description: "Another model of this config, from which this one takes everything that it does not set itself.",
    }),
  data: override.optional().meta({
    description: `Overrides the config's \`data\`, key by key; another task or file replaces all of it. ${takeBack('"test": null')}`,
  }),
  training: override
    .optional()
    .meta({ description: `Overrides the config's \`training\`, key by key. ${takeBack('"clip": null')}` }),
  diagnosis: override
    .optional()
    .meta({ description: `Overrides the config's \`diagnosis\`, key by key. ${takeBack('"requiredLag": null')}` }),
};
const layersMeta = {
  description: "The layers. Each takes the output of the previous one unless it names its `inputs`.",
};

const fileExpected = () => expectedWords().savedModel(maxFilePath);

export const fileSchema = text(fileExpected).max(maxFilePath, { error: fileExpected }).meta({
  description:
    "A saved model in place of `layers`, measured with its saved weights: Keras's `.keras` or `.h5`, or tfjs's `model.json` with its weights beside it (as written by `training.checkpoint`). The file's content determines its format, not its name. The path is relative to the config's folder. Nothing in the file is executed.",
});

const weightsExpected = () => expectedWords().weightsFile(maxFilePath);

export const weightsFileSchema = text(weightsExpected).max(maxFilePath, { error: weightsExpected }).meta({
  description:
    "The weights to measure at, for a `file` that only describes layers (Keras's `to_json()`), or for a model written as `layers`. Keras's `.weights.h5`, or any saved model. Layers are matched by their names or, if these differ, by their order. Arguments must equal Keras's: its `recurrentActivation` defaults to `sigmoid`, and its GRU to `resetAfter`. The path is relative to the config's folder.",
});

/** A model's own keys, without checking the content of its layers. */
export const modelFrameSchema = entry({
  layers: z.unknown().optional().meta(layersMeta),
  file: fileSchema.optional(),
  weights: weightsFileSchema.nullable().optional(),
  ...shape,
});

export const modelSchema = entry({
  layers: layersSchema.optional().meta(layersMeta),
  file: fileSchema.optional(),
  weights: weightsFileSchema.nullable().optional(),
  ...shape,
}).meta({
  description: "A model: its layers, or the file it was saved in, and its differences from the rest of the config.",
});

export const sections = {
  data: { task: taskSchema, table: tableSchema, arrays: arraysSchema },
  training: trainingSchema,
  diagnosis: diagnosisSchema,
} as const;

export const rootKeys = ["data", "training", "models", "diagnosis"] as const;
