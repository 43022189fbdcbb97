/** Reads Keras's `.h5`: attribute `model_config`, group `model_weights` with one group per layer. */

import { translationWords } from "../../../messages/translating.ts";
import { type Hdf5File, withHdf5 } from "./hdf5.ts";
import { savedLosses } from "./savedLoss.ts";
import {
  type JsonObject,
  maxWeights,
  parseDescription,
  SavedError,
  type SavedModel,
  type WeightsByLayer,
} from "./savedModel.ts";

/** @throws SavedError */
export async function readHdf5(bytes: Uint8Array): Promise<SavedModel> {
  return await withHdf5(bytes, (file) => {
    const [config] = file.texts("/", "model_config");
    if (config === undefined) throw new SavedError(withoutConfig(file));
    const [version = "2"] = file.texts("/", "keras_version");
    return {
      dialect: Number.parseInt(version, 10) >= 3 ? "keras3" : "keras2",
      topology: describedBy(config, "model_config"),
      entries: null,
      resume: null,
      losses: trainingLosses(file),
      weights: async () => await withHdf5(bytes, legacyWeights),
    };
  });
}

function trainingLosses(file: Hdf5File): SavedModel["losses"] {
  const [training] = file.texts("/", "training_config");
  return training === undefined ? [] : savedLosses(describedBy(training, "training_config"));
}

function describedBy(text: string, what: string): JsonObject {
  return parseDescription(new TextEncoder().encode(text), what);
}

/** The weights of a whole model, or of a file with weights only. */
export function legacyWeights(file: Hdf5File): WeightsByLayer {
  const root = file.names("/").includes("model_weights") ? "model_weights" : "";
  return new Map(
    list(file, root === "" ? "/" : root, "layer_names").map((layer) => {
      const group = `${root}/${layer}`;
      return [layer, list(file, group, "weight_names").map((name) => file.weight(`${group}/${name}`))];
    }),
  );
}

/** A list of names. Keras splits it into `name0`, `name1`, … if it is too long for one attribute. */
function list(file: Hdf5File, path: string, name: string): readonly string[] {
  const whole = file.texts(path, name);
  if (whole.length > 0) return whole;
  const pieces: string[] = [];
  for (let i = 0; pieces.length <= maxWeights; i++) {
    const piece = file.texts(path, `${name}${i}`);
    if (piece.length === 0) return pieces;
    for (const text of piece) pieces.push(text);
  }
  throw new SavedError(translationWords().manyNames({ what: name, most: maxWeights.toLocaleString("en") }));
}

function withoutConfig(file: Hdf5File): string {
  const weightsOnly = file.names("/").includes("layers") || file.texts("/", "layer_names").length > 0;
  return weightsOnly ? translationWords().weightsOnly : translationWords().noModelConfig;
}
