/**
 * Writes tfjs's layers-model artifacts so that a complete checkpoint exists at every moment: the former one or the new
 * one.
 */

import { sharedType } from "../../../config/graph/sharedLayers.ts";
import type { LayerEntry } from "../../../config/resolved.ts";
import type { SafeFolder } from "../../../files/safeFolder.ts";
import { removeLeftovers, writeDurably } from "../../../files/writeSafely.ts";
import type { CheckpointMetadata, ResumeState } from "../../formats/models/checkpointFormat.ts";
import type { BuiltModel } from "../../model/builtModel.ts";

export interface Resume {
  readonly state: Omit<ResumeState, "optimizer"> & { readonly optimizer: Omit<ResumeState["optimizer"], "file"> };
  /** All arrays of the optimizer, one after another. */
  readonly values: readonly Float32Array[];
}

const description = "model.json";
const binary = /^(weights|optimizer)-\d+(-\d+)?\.bin$/;

/** Whether this module writes files with this name into a checkpoint's folder. */
export function isArtifact(name: string): boolean {
  return name === description || binary.test(name);
}

/**
 * Writes the weights first, under a name that no file has; then a model.json that names them replaces the former one
 * atomically. Each file is on the disk before the next begins. The files of the former model.json stay, because a
 * reader may be about to open them.
 *
 * @param written the run, and the step after which it writes.
 * @param entries the model's layers, as the config or a file describes them.
 * @param resume null: only the model is written.
 * @returns the names of the files that model.json names.
 */
export async function writeArtifacts(
  folder: SafeFolder,
  written: NonNullable<CheckpointMetadata["written"]>,
  built: BuiltModel,
  entries: readonly LayerEntry[],
  resume: Resume | null,
): Promise<readonly string[]> {
  const { step } = written;
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
    layers: entries.map(({ type, name, inputs, initialState, shares, args }) => ({
      entry: {
        type: shares === undefined ? type : sharedType,
        name,
        inputs: [...inputs],
        ...(initialState && { initialState: [...initialState] }),
        ...(shares === undefined ? structuredClone(args) : { layer: shares }),
      },
      weights: weightsOf(built, name).map((weight) => names.get(weight) ?? ""),
    })),
    inputs: built.inputs.map(({ name }) => name),
    outputs: built.outputs.map(({ name }) => name),
    losses: [...built.logits].map(([output, loss]) => ({ output, loss, logits: true, changes: [] })),
    resume: resume && { ...resume.state, optimizer: { ...resume.state.optimizer, file: optimizer } },
    written,
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

/** Removes the files of former checkpoints and of killed runs. @param named files that the present model.json names */
export function removeFormer(folder: SafeFolder, named: readonly string[]): void {
  for (const name of folder.names()) if (binary.test(name) && !named.includes(name)) folder.remove(name);
  removeLeftovers(folder);
}

/**
 * A name without a file: an earlier run may have ended at the same step, and its model.json refers to its own weights.
 */
function freeName(folder: SafeFolder, what: "weights" | "optimizer", step: number): string {
  let name = `${what}-${step}.bin`;
  for (let n = 2; folder.look(name) === "file"; n++) name = `${what}-${step}-${n}.bin`;
  return name;
}

/** JSON would write numbers that are not finite as null. */
function floats(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

type Weight = BuiltModel["model"]["weights"][number];

function weightsOf({ layers }: BuiltModel, name: string): readonly Weight[] {
  return layers.find((layer) => layer.wrapper === null && layer.entry.name === name)?.layer.weights ?? [];
}

/** tfjs's own names, by which its loader finds the weights; numbered where it would confuse them. */
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
