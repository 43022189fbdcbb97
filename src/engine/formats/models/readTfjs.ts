/** Reads tfjs's layers-model artifacts: model.json and the weight files that it names. */

import path from "node:path";
import * as z from "zod";
import { savedWords } from "../../../messages/savedModels.ts";
import { readBounded } from "../../reading/boundedFile.ts";
import { listOf } from "../../reading/firstFault.ts";
import { numberOfHalf } from "../../reading/half.ts";
import { type CheckpointMetadata, metadataOf } from "./checkpointFormat.ts";
import { isDescription, readDescription } from "./readDescription.ts";
import { savedLosses } from "./savedLoss.ts";
import {
  isList,
  type JsonObject,
  maxFileBytes,
  objectAt,
  parseDescription,
  SavedError,
  type SavedModel,
  type SavedWeight,
  WeightCount,
  type WeightsByLayer,
} from "./savedModel.ts";
import { weightsByLayer } from "./weightNames.ts";

/** How tfjs's converter has quantized weights. */
const quantizationSchema = z.object({
  dtype: z.enum(["uint8", "uint16", "float16"]),
  scale: z.number().optional(),
  min: z.number().optional(),
});
type Quantization = z.infer<typeof quantizationSchema>;
const group = z.object({
  paths: listOf(z.string()),
  weights: listOf(
    z.object({
      name: z.string(),
      shape: listOf(z.number().int().min(0)),
      dtype: z.literal("float32"),
      quantization: quantizationSchema.optional(),
    }),
  ),
});

/**
 * @param file path of the model.json; the weights are below its folder.
 * @throws SavedError
 */
export function readTfjs(file: string, bytes: Uint8Array): SavedModel {
  const json = parseDescription(bytes, "text");
  if (json["format"] === "graph-model") throw new SavedError(savedWords().graphModel);
  if (isDescription(json)) return readDescription(json);
  const own = metadataOf(json["userDefinedMetadata"]);
  const whole = objectAt(json["modelTopology"]);
  // tfjs's converter nests Keras's own description one level deeper.
  const topology = objectAt(whole?.["model_config"]) ?? whole;
  if (!whole || !topology) throw new SavedError(savedWords().noTopology);
  const manifest = listOf(group).safeParse(json["weightsManifest"]);
  if (!manifest.success) throw new SavedError(savedWords().noManifest(placeOf(manifest.error)));
  return {
    dialect: dialectOf(whole["keras_version"]),
    topology,
    entries: own?.layers.map((layer) => layer.entry) ?? null,
    ...(own?.inputs && own.outputs && { ends: { inputs: own.inputs, outputs: own.outputs } }),
    resume: own?.resume ?? null,
    ...(own?.written && { written: own.written }),
    losses: own?.losses ?? savedLosses(json["trainingConfig"] ?? whole["training_config"]),
    weights: async () => {
      const named = await readWeights(file, manifest.data);
      return own ? ownWeights(own, named) : weightsByLayer(layerNames(topology), named);
    },
  };
}

/** ` ([0].weights[7].shape)`: the place of the first issue. */
function placeOf(error: z.ZodError): string {
  const path = error.issues[0]?.path ?? [];
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text === "" ? "" : ` (${text})`;
}

type NamedWeight = readonly [name: string, weight: SavedWeight];

async function readWeights(file: string, groups: readonly z.infer<typeof group>[]): Promise<NamedWeight[]> {
  const named: NamedWeight[] = [];
  const names = new Set<string>();
  const count = new WeightCount();
  for (const [g, { weights }] of groups.entries())
    for (const [i, { name, shape }] of weights.entries()) {
      const place = `weightsManifest[${g}].weights[${i}]`;
      count.take(shape, ` (${place})`);
      if (names.has(name)) throw new SavedError(savedWords().weightTwice({ name, place }));
      names.add(name);
    }
  for (const { paths, weights } of groups)
    for (const weight of decode(await readShards(file, paths), weights)) named.push(weight);
  return named;
}

/** tfjs splits weights into files of 4 MB. */
const maxShards = 1000;

function dialectOf(version: unknown): SavedModel["dialect"] {
  if (typeof version !== "string") return "tfjs";
  if (version.startsWith("tfjs")) return "tfjs";
  return Number.parseInt(version, 10) >= 3 ? "keras3" : "keras2";
}

async function readShards(file: string, paths: readonly string[]): Promise<Uint8Array> {
  const folder = path.dirname(file);
  if (paths.length > maxShards) throw new SavedError(savedWords().manyShards(maxShards));
  const shards: Uint8Array[] = [];
  let left = maxFileBytes;
  for (const name of paths) {
    const shard = path.resolve(folder, name);
    const relative = path.relative(folder, shard);
    if (relative.startsWith("..") || path.isAbsolute(relative)) throw new SavedError(savedWords().weightsOutside(name));
    const read = await readBounded(shard, left);
    if ("unread" in read) {
      if (read.unread === "large") throw new SavedError(savedWords().tooMuch);
      throw new SavedError(savedWords().weightsNowhere(name));
    }
    left -= read.bytes.length;
    shards.push(read.bytes);
  }
  const [only] = shards;
  return only && shards.length === 1 ? only : new Uint8Array(Buffer.concat(shards));
}

type Specs = z.infer<typeof group>["weights"];

function decode(bytes: Uint8Array, specs: Specs): NamedWeight[] {
  const wanted = specs.reduce((sum, s) => sum + size(s.shape) * bytesOf(s.quantization?.dtype), 0);
  if (bytes.length !== wanted) throw new SavedError(savedWords().weightBytes({ bytes: bytes.length, wanted }));
  let from = 0;
  return specs.map(({ name, shape, quantization }) => {
    const length = size(shape) * bytesOf(quantization?.dtype);
    // A copy at an offset that is aligned for any number type.
    const own = bytes.slice(from, from + length).buffer;
    from += length;
    return [name, { shape, values: quantization ? dequantized(own, quantization) : new Float32Array(own) }];
  });
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, d) => product * d, 1);
}

function bytesOf(dtype: Quantization["dtype"] | undefined): number {
  if (dtype === undefined) return 4;
  return dtype === "uint8" ? 1 : 2;
}

/**
 * Names of the layers, also of those of models inside, by which weights refer to them. The latter get the names of these
 * models in front (`block/dense`), as in `graphOf`.
 */
function layerNames(topology: JsonObject, prefix = "", depth = 0): ReadonlyMap<string, string> {
  const { config } = topology;
  const layers = Array.isArray(config) ? config : objectAt(config)?.["layers"];
  const names = new Map<string, string>();
  if (!isList(layers) || depth > maxModelDepth) return names;
  for (const item of layers) {
    const layer = objectAt(item);
    const name = objectAt(layer?.["config"])?.["name"] ?? layer?.["name"];
    if (!layer || typeof name !== "string") continue;
    const inner = layerNames(layer, `${prefix}${name}/`, depth + 1);
    for (const [written, full] of inner) if (!names.has(written)) names.set(written, full);
    names.set(name, `${prefix}${name}`);
  }
  return names;
}

/** Most models that may be nested in each other. */
const maxModelDepth = 8;

function ownWeights({ layers }: CheckpointMetadata, named: readonly NamedWeight[]): WeightsByLayer {
  const weights = new Map(named);
  return new Map(
    layers.map((layer) => [String(layer.entry["name"]), layer.weights.flatMap((name) => weights.get(name) ?? [])]),
  );
}

/** Same result as tfjs's `io.decodeWeights`: v · scale + min for whole numbers, otherwise IEEE 754 half precision. */
function dequantized(bytes: ArrayBuffer, { dtype, scale = 1, min = 0 }: Quantization): Float32Array {
  if (dtype === "float16") return Float32Array.from(new Uint16Array(bytes), numberOfHalf);
  const stored = dtype === "uint8" ? new Uint8Array(bytes) : new Uint16Array(bytes);
  return Float32Array.from(stored, (v) => v * scale + min);
}
