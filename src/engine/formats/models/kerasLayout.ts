/** Reads weights in the layout of Keras 3's `model.weights.h5`: a group per layer, named after its class. */

import type { JsonValue } from "../../../config/resolved.ts";
import { translationWords } from "../../../messages/translating.ts";
import type { Hdf5File } from "./hdf5.ts";
import { isList, type JsonObject, objectAt, SavedError, type SavedWeight, type WeightsByLayer } from "./savedModel.ts";
import { nestedGroups } from "./windowsPaths.ts";

/** Groups of a model's layers: Keras 3's name, and the name in TensorFlow 2.12 to 2.15. */
const roots = ["layers", "_layer_checkpoint_dependencies"];

/** Whether an HDF5 file has its weights in this layout. */
export function hasKerasLayout(file: Hdf5File): boolean {
  return rootOf(nestedGroups(file)) !== undefined;
}

function rootOf(file: Hdf5File): string | undefined {
  const names = file.names("/");
  return roots.find((root) => names.includes(root));
}

/**
 * Keras 3 addresses layers by class and order, because their names may differ from run to run.
 *
 * @param topology Keras's description of the model, or of one with the same layers.
 */
export function kerasLayoutWeights(file: Hdf5File, topology: JsonObject): WeightsByLayer {
  return new Map(weightsOfModel(nestedGroups(file), "", topology, ""));
}

/** Most models that may be nested in each other. */
const maxModelDepth = 8;

type LayerWeights = readonly [name: string, weights: readonly SavedWeight[]];

/** @param prefix names of the models around this one, as in `graphOf`: `block/`. */
function weightsOfModel(
  file: Hdf5File,
  group: string,
  model: JsonObject,
  prefix: string,
  depth = 0,
): readonly LayerWeights[] {
  if (depth > maxModelDepth) throw new SavedError(translationWords().modelsInside(maxModelDepth));
  const inside = file.names(group === "" ? "/" : group);
  const root = roots.find((each) => inside.includes(each)) ?? "layers";
  const layers = layersIn(model["config"]);
  const groups = groupNames(layers);
  return layers.flatMap((layer, i): readonly LayerWeights[] => {
    const config = objectAt(layer["config"]);
    const name = `${prefix}${String(config?.["name"])}`;
    const at = `${group === "" ? "" : `${group}/`}${root}/${groups[i]}`;
    if (isModel(layer)) return weightsOfModel(file, at, layer, `${name}/`, depth + 1);
    const inner = objectAt(config?.["layer"]);
    if (inner && isModel(inner)) return weightsOfModel(file, `${at}/layer`, inner, `${name}/`, depth + 1);
    return [[name, weightsUnder(file, at, config)]];
  });
}

/** Whether a layer's description is that of a model. */
function isModel(layer: JsonObject): boolean {
  return ["Sequential", "Functional", "Model"].includes(String(layer["class_name"]));
}

function layersIn(config: JsonValue | undefined): readonly JsonObject[] {
  return isList(config) ? listAt(config) : listAt(objectAt(config)?.["layers"]);
}

/**
 * Parts of a layer with weights of their own, in the order in which Keras and tfjs list them, and where they are
 * described.
 */
const parts = [
  ...["query", "key", "value", "output"].flatMap(
    (part) =>
      [
        [`${part}_dense`, null],
        [`_${part}_dense`, null],
      ] as const,
  ),
  ["cell", "cell"],
  ["forward_layer", "layer"],
  ["backward_layer", "backward_layer"],
  ["layer", "layer"],
] as const;
/** Deepest supported case: a stack of cells in a layer in a wrapper. In HDF5 a group can contain itself. */
const maxPartDepth = 4;

function weightsUnder(file: Hdf5File, group: string, config: JsonObject | null, depth = 0): SavedWeight[] {
  if (depth > maxPartDepth) throw new SavedError(translationWords().deepGroup(group));
  const inside = file.names(group);
  const own = [...file.names(`${group}/vars`)].sort((a, b) => Number(a) - Number(b));
  const cells = listAt(config?.["cells"]);
  const names = groupNames(cells);
  const below = (name: string, described: JsonValue | undefined) =>
    weightsUnder(file, `${group}/${name}`, objectAt(objectAt(described)?.["config"]), depth + 1);
  return [
    ...own.map((index) => file.weight(`${group}/vars/${index}`)),
    ...cells.flatMap((cell, i) => below(`cells/${names[i]}`, cell)),
    ...parts.flatMap(([part, key]) =>
      inside.includes(part) ? below(part, key === null ? undefined : config?.[key]) : [],
    ),
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
