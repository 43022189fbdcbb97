/** Reads Keras 3's `.keras`: a zip of config.json, metadata.json and model.weights.h5. */

import type { JsonValue } from "../../../config/resolved.ts";
import { unpacked, ZipFault, zipEntries } from "../../reading/zip.ts";
import { type Hdf5File, withHdf5 } from "./hdf5.ts";
import { lossOfLogits } from "./savedLoss.ts";
import {
  isList,
  type JsonObject,
  maxDescriptionBytes,
  maxFileBytes,
  objectAt,
  parseDescription,
  SavedError,
  type SavedModel,
  type SavedWeight,
  type WeightsByLayer,
} from "./savedModel.ts";

const limits: { readonly [name: string]: number } = {
  "config.json": maxDescriptionBytes,
  "model.weights.h5": maxFileBytes,
};
/** Besides these three there are a few metadata entries, and assets of layers that we do not support. */
const zipLimits = { total: 2 * maxFileBytes, entries: 1000 };

/** @throws SavedError */
export async function readKeras(bytes: Uint8Array): Promise<SavedModel> {
  const entries = await unzip(bytes);
  const config = entries.get("config.json");
  const weights = entries.get("model.weights.h5");
  if (!config) throw new SavedError("It is a zip file, but not a Keras model: it has no config.json.");
  if (!weights) throw new SavedError("It has no model.weights.h5.");
  const topology = parseDescription(config, "config.json");
  return {
    dialect: "keras3",
    topology,
    entries: null,
    resume: null,
    logits: lossOfLogits(topology["compile_config"]),
    weights: async () => await withHdf5(weights, (file) => layerWeights(file, topology)),
  };
}

/**
 * Unpacks only the needed entries, and none that claims to be larger than allowed: memory is allocated for the claimed
 * size.
 */
async function unzip(bytes: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  try {
    const wanted = zipEntries(bytes, zipLimits).filter(({ name }) => limits[name] !== undefined);
    if (wanted.some(({ name, size }) => size > (limits[name] ?? 0)))
      throw new SavedError("It holds more than a model may have.");
    const contents = new Map<string, Uint8Array>();
    for (const entry of wanted) contents.set(entry.name, await unpacked(bytes, entry));
    return contents;
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    if (error.kind === "damaged")
      throw new SavedError("It is not a zip file as written by Keras 3, or it is damaged or cut off.");
    throw new SavedError(`It holds more than a model may have: ${error.message}.`);
  }
}

/** Keras 3 addresses layers by class and order, because their names may differ from run to run. */
function layerWeights(file: Hdf5File, topology: JsonObject): WeightsByLayer {
  const layers = listAt(objectAt(topology["config"])?.["layers"]);
  const groups = groupNames(layers);
  return new Map(
    layers.map((layer, i) => {
      const config = objectAt(layer["config"]);
      return [String(config?.["name"]), weightsUnder(file, `layers/${groups[i]}`, config)];
    }),
  );
}

/**
 * Parts of a layer with weights of their own, in the order in which Keras and tfjs list them, and where they are
 * described.
 */
const parts = [
  ["cell", "cell"],
  ["forward_layer", "layer"],
  ["backward_layer", "backward_layer"],
  ["layer", "layer"],
] as const;
/** Deepest supported case: a stack of cells in a layer in a wrapper. In HDF5 a group can contain itself. */
const maxPartDepth = 4;

function weightsUnder(file: Hdf5File, group: string, config: JsonObject | null, depth = 0): SavedWeight[] {
  if (depth > maxPartDepth) throw new SavedError(`Its group "${group}" is nested too deeply.`);
  const inside = file.names(group);
  const own = [...file.names(`${group}/vars`)].sort((a, b) => Number(a) - Number(b));
  const cells = listAt(config?.["cells"]);
  const names = groupNames(cells);
  const below = (name: string, described: JsonValue | undefined) =>
    weightsUnder(file, `${group}/${name}`, objectAt(objectAt(described)?.["config"]), depth + 1);
  return [
    ...own.map((index) => file.weight(`${group}/vars/${index}`)),
    ...cells.flatMap((cell, i) => below(`cells/${names[i]}`, cell)),
    ...parts.flatMap(([part, key]) => (inside.includes(part) ? below(part, config?.[key]) : [])),
  ];
}

/** `LSTM` → `lstm`, the second one → `lstm_1`. */
function groupNames(layers: readonly JsonObject[]): readonly string[] {
  const counts = new Map<string, number>();
  return layers.map((layer) => {
    const name = snakeCase(String(layer["class_name"]));
    const before = counts.get(name) ?? 0;
    counts.set(name, before + 1);
    return before === 0 ? name : `${name}_${before}`;
  });
}

/** Same as Keras: `SimpleRNN` → `simple_rnn`, `Conv1D` → `conv1d`. */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

function listAt(value: JsonValue | undefined): readonly JsonObject[] {
  return isList(value) ? value.map(objectAt).filter((item) => item !== null) : [];
}
