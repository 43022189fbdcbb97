/** Writes tfjs's layers-model artifacts so that at every moment there is a whole checkpoint: the former one, or the new. */

import type { LayerEntry } from "../../../config/resolved.ts";
import type { SafeFolder } from "../../../files/safeFolder.ts";
import { removeLeftovers, writeDurably } from "../../../files/writeSafely.ts";
import type { CheckpointMetadata, ResumeState } from "../../formats/models/checkpointFormat.ts";
import type { BuiltModel } from "../../model/builtModel.ts";

export interface Resume {
  readonly state: Omit<ResumeState, "optimizer"> & { readonly optimizer: Omit<ResumeState["optimizer"], "file"> };
  /** All that the optimizer keeps, one array after another. */
  readonly values: readonly Float32Array[];
}

const description = "model.json";
const binary = /^(weights|optimizer)-\d+(-\d+)?\.bin$/;

/** Whether a checkpoint's folder holds a file of that name because this module has written it. */
export function isArtifact(name: string): boolean {
  return name === description || binary.test(name);
}

/**
 * Weights first, under a name that no file has; then model.json, which names them, takes the place of the former one in
 * one go. Each is on the disk before the next begins. What the former one names stays: a reader may be about to open it.
 *
 * @param entries the model's layers, as the config or a file has them.
 * @param resume null: the model alone.
 * @returns the names of the files that model.json names.
 */
export async function writeArtifacts(
  folder: SafeFolder,
  step: number,
  built: BuiltModel,
  entries: readonly LayerEntry[],
  resume: Resume | null,
): Promise<readonly string[]> {
  const names = weightNames(built);
  const weights = freeName(folder, "weights", step);
  const optimizer = freeName(folder, "optimizer", step);
  await writeDurably(
    folder,
    weights,
    built.model.weights.map((weight) => bytesOf(weight.read().dataSync<"float32">())),
  );
  if (resume) await writeDurably(folder, optimizer, resume.values.map(bytesOf));
  const metadata: CheckpointMetadata = {
    layers: entries.map(({ type, name, inputs, args }) => ({
      entry: { type, name, inputs: [...inputs], ...structuredClone(args) },
      weights: weightsOf(built, name).map((weight) => names.get(weight) ?? ""),
    })),
    resume: resume && { ...resume.state, optimizer: { ...resume.state.optimizer, file: optimizer } },
  };
  const json = {
    format: "layers-model",
    generatedBy: "Gradient Lens",
    convertedBy: null,
    modelTopology: built.model.toJSON(null, false),
    weightsManifest: [
      {
        paths: [weights],
        weights: built.model.weights.map((weight) => ({
          name: names.get(weight),
          shape: weight.shape.map(Number),
          dtype: "float32",
        })),
      },
    ],
    userDefinedMetadata: { gradlens: metadata },
  };
  await writeDurably(folder, description, [new TextEncoder().encode(`${JSON.stringify(json, floats)}\n`)]);
  return [weights, ...(resume ? [optimizer] : [])];
}

/** Removes the files of former checkpoints, and what killed runs have left. @param named by the present model.json */
export function removeFormer(folder: SafeFolder, named: readonly string[]): void {
  for (const name of folder.names()) if (binary.test(name) && !named.includes(name)) folder.remove(name);
  removeLeftovers(folder);
}

/** An earlier run may have ended at the same step; its model.json still means its own weights. */
function freeName(folder: SafeFolder, what: "weights" | "optimizer", step: number): string {
  let name = `${what}-${step}.bin`;
  for (let n = 2; folder.look(name) === "file"; n++) name = `${what}-${step}-${n}.bin`;
  return name;
}

/** JSON would make null of what is not finite. */
function floats(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

type Weight = BuiltModel["model"]["weights"][number];

function weightsOf({ layers }: BuiltModel, name: string): readonly Weight[] {
  return layers.find((layer) => layer.wrapper === null && layer.entry.name === name)?.layer.weights ?? [];
}

/** tfjs's own names, by which its loader finds the weights; numbered where it would mix them up. */
function weightNames({ model }: BuiltModel): ReadonlyMap<Weight, string> {
  const used = new Set<string>();
  return new Map(
    model.weights.map((weight) => {
      let name = weight.originalName;
      for (let i = 1; used.has(name); i++) name = `${weight.originalName}_${i}`;
      used.add(name);
      return [weight, name];
    }),
  );
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
