/** tfjs's layers-model artifacts: model.json and the weight files it names. */

import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { io } from "@tensorflow/tfjs-core";
import * as z from "zod";
import { type CheckpointMetadata, metadataOf } from "./checkpointFormat.ts";
import {
  type JsonObject,
  maxDescriptionBytes,
  maxFileBytes,
  objectAt,
  parseDescription,
  SavedError,
  type SavedModel,
  type SavedWeight,
  WeightCount,
  type WeightsByLayer,
} from "./savedModel.ts";

const quantization = z.object({
  dtype: z.enum(["uint8", "uint16", "float16"]),
  scale: z.number().optional(),
  min: z.number().optional(),
});
const group = z.object({
  paths: z.array(z.string()),
  weights: z.array(
    z.object({
      name: z.string(),
      shape: z.array(z.number().int().min(0)),
      dtype: z.literal("float32"),
      quantization: quantization.optional(),
    }),
  ),
});

/**
 * @param file path of the model.json; the weights are below its folder.
 * @throws SavedError
 */
export function readTfjs(file: string, bytes: Uint8Array): SavedModel {
  if (bytes.length > maxDescriptionBytes) throw new SavedError("It is too long to describe a model.");
  const json = parseDescription(new TextDecoder().decode(bytes), "text");
  if (json["format"] === "graph-model")
    throw new SavedError("It is a tfjs graph model, which has operations but no layers. Save it as a layers model.");
  const own = metadataOf(json["userDefinedMetadata"]);
  const whole = objectAt(json["modelTopology"]);
  // tfjs's converter puts Keras's own description one level deeper.
  const topology = objectAt(whole?.["model_config"]) ?? whole;
  if (!whole || !topology) throw new SavedError("It is not tfjs's model.json: it has no modelTopology.");
  const manifest = z.array(group).safeParse(json["weightsManifest"]);
  if (!manifest.success)
    throw new SavedError("Its weightsManifest is missing, or is not a list of float32 weights and their files.");
  return {
    dialect: dialectOf(whole["keras_version"]),
    topology,
    entries: own?.layers.map((layer) => layer.entry) ?? null,
    weights: async () => {
      const named = await readWeights(file, manifest.data);
      return own ? ownWeights(own, named) : byLayer(layerNames(topology), named);
    },
  };
}

type NamedWeight = readonly [name: string, weight: SavedWeight];

async function readWeights(file: string, groups: readonly z.infer<typeof group>[]): Promise<NamedWeight[]> {
  const named: NamedWeight[] = [];
  const count = new WeightCount();
  for (const { paths, weights } of groups) {
    for (const { shape } of weights) count.take(shape);
    const alike = weights.find(({ name }, i) => weights.findIndex((w) => w.name === name) < i);
    if (alike) throw new SavedError(`It has two weights named "${alike.name}".`);
    named.push(...decode(await readShards(file, paths), weights));
  }
  return named;
}

function dialectOf(version: unknown): SavedModel["dialect"] {
  if (typeof version !== "string") return "tfjs";
  if (version.startsWith("tfjs")) return "tfjs";
  return Number.parseInt(version, 10) >= 3 ? "keras3" : "keras2";
}

async function readShards(file: string, paths: readonly string[]): Promise<Uint8Array> {
  const folder = path.dirname(file);
  const shards: Buffer[] = [];
  let size = 0;
  for (const name of paths) {
    const shard = path.resolve(folder, name);
    const relative = path.relative(folder, shard);
    if (relative.startsWith("..") || path.isAbsolute(relative))
      throw new SavedError(`Its weights are to be in "${name}", which is outside of its folder.`);
    const info = await stat(shard).catch(() => null);
    if (!info?.isFile()) throw new SavedError(`Its weights are to be in "${name}", but there is no such file.`);
    size += info.size;
    if (size > maxFileBytes) throw new SavedError("It holds more than a model may have.");
    shards.push(await readFile(shard));
  }
  return Buffer.concat(shards);
}

type Specs = z.infer<typeof group>["weights"];

function decode(bytes: Uint8Array, specs: Specs): NamedWeight[] {
  const wanted = specs.reduce((sum, s) => sum + size(s.shape) * bytesOf(s.quantization?.dtype), 0);
  if (bytes.length !== wanted)
    throw new SavedError(`Its weight files have ${bytes.length} bytes, but model.json describes ${wanted}.`);
  const buffer = new Uint8Array(bytes).buffer;
  const tensors = io.decodeWeights(buffer, z.array(z.custom<io.WeightsManifestEntry>()).parse(specs));
  return specs.map(({ name, shape }) => {
    const tensor = tensors[name];
    if (!tensor) throw new SavedError(`Its weight "${name}" is missing.`);
    const values = Float32Array.from(tensor.dataSync());
    tensor.dispose();
    return [name, { shape, values }];
  });
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, d) => product * d, 1);
}

function bytesOf(dtype: z.infer<typeof quantization>["dtype"] | undefined): number {
  if (dtype === undefined) return 4;
  return dtype === "uint8" ? 1 : 2;
}

function layerNames(topology: JsonObject): readonly string[] {
  const { config } = topology;
  const layers = Array.isArray(config) ? config : objectAt(config)?.["layers"];
  return z
    .array(z.object({ config: z.object({ name: z.string() }) }))
    .catch([])
    .parse(layers)
    .map((layer) => layer.config.name);
}

function ownWeights({ layers }: CheckpointMetadata, named: readonly NamedWeight[]): WeightsByLayer {
  const weights = new Map(named);
  return new Map(
    layers.map((layer) => [String(layer.entry["name"]), layer.weights.flatMap((name) => weights.get(name) ?? [])]),
  );
}

/** A weight's name begins with its layer's: `lstm_1/kernel` belongs to the longest name that fits. */
function byLayer(layers: readonly string[], weights: readonly NamedWeight[]): WeightsByLayer {
  const longestFirst = [...layers].sort((a, b) => b.length - a.length);
  const result = new Map<string, SavedWeight[]>();
  for (const [name, weight] of weights) {
    const layer = longestFirst.find((l) => name.startsWith(`${l}/`));
    if (layer !== undefined) result.set(layer, [...(result.get(layer) ?? []), weight]);
  }
  return result;
}
