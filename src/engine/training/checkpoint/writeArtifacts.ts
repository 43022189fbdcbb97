/** Writes tfjs's layers-model artifacts so that at every moment there is a whole checkpoint: the former one, or the new. */

import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { LayerEntry } from "../../../config/resolved.ts";
import type { BuiltModel } from "../../model/builtModel.ts";
import type { CheckpointMetadata, ResumeState } from "../../saved/checkpointFormat.ts";

export interface Resume {
  readonly state: Omit<ResumeState, "optimizer"> & { readonly optimizer: Omit<ResumeState["optimizer"], "file"> };
  /** All that the optimizer keeps, one array after another. */
  readonly values: readonly Float32Array[];
}

/**
 * Weights first, under a name of their own; then model.json, which names them, takes the place of the former one in one
 * go. What it does not name is removed.
 *
 * @param entries the model's layers, as the config or a file has them.
 * @param resume null: the model alone.
 */
export async function writeArtifacts(
  folder: string,
  step: number,
  built: BuiltModel,
  entries: readonly LayerEntry[],
  resume: Resume | null,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = weightNames(built);
  const weights = `weights-${step}.bin`;
  const optimizer = `optimizer-${step}.bin`;
  await write(
    path.join(folder, weights),
    built.model.weights.map((weight) => weight.read().dataSync<"float32">()),
  );
  if (resume) await write(path.join(folder, optimizer), resume.values);
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
  const temporary = path.join(folder, "model.json.new");
  await write(temporary, [new TextEncoder().encode(`${JSON.stringify(json, floats)}\n`)]);
  await rename(temporary, path.join(folder, "model.json"));
  const current = [weights, ...(resume ? [optimizer] : [])];
  const former = (await readdir(folder)).filter(
    (n) => /^(weights|optimizer)-\d+\.bin$/.test(n) && !current.includes(n),
  );
  for (const name of former) await rm(path.join(folder, name), { force: true });
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

/** On the disk once it returns, so that the name that follows never stands for less. */
async function write(file: string, pieces: readonly (Float32Array | Uint8Array)[]): Promise<void> {
  const handle = await open(file, "w");
  try {
    for (const { buffer, byteOffset, byteLength } of pieces)
      await handle.writeFile(new Uint8Array(buffer, byteOffset, byteLength));
    await handle.sync();
  } finally {
    await handle.close();
  }
}
