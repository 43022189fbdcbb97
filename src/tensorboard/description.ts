/** The description of a run in its file, and what it says as a `RunInfo`. */

import * as z from "zod";
import { activationNamed } from "../config/activations.ts";
import { defaultRules } from "../config/resolveDiagnosis.ts";
import { quantities } from "../protocol/quantities.ts";
import { type Column, type LayerInfo, type RunInfo, runInfoSchema, stateNames } from "../protocol/run.ts";

/** Bounds of what a file may describe. */
export const mostLayers = 2000;
export const mostColumns = 20_000;
export const mostTimesteps = 2 ** 16;

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null);
const place = z.int().positive();

/** Where a layer is made in a program. Lines and columns count from 1, columns in code points; the end is exclusive. */
export const programPlaceSchema = z.object({
  file: z.string(),
  line: place,
  column: place,
  endLine: place,
  endColumn: place,
  text: z.string(),
  /** Source of the notebook's cell that it stands in. */
  cell: optional(z.string()),
});
export type ProgramPlace = z.infer<typeof programPlaceSchema>;

const layerSchema = z.object({
  name: z.string(),
  type: z.string(),
  weights: optional(z.array(z.string())),
  recurrent: optional(
    z.object({
      timesteps: z.int().positive().max(mostTimesteps),
      units: z.int().positive(),
      states: z.array(z.enum(stateNames)),
      gates: optional(z.array(z.string())),
      reversed: optional(z.boolean()),
    }),
  ),
  source: optional(programPlaceSchema),
});

const columnSchema = z.object({
  tag: z.string(),
  quantity: z.string(),
  /** Each process holds a part of it. */
  across: optional(z.literal("squares")),
  layer: z.int().nonnegative().nullish(),
  name: z.string().nullish(),
});

export const descriptionSchema = z.object({
  writer: z.string(),
  kind: z.enum(["probe", "train"]),
  model: z.string(),
  layers: z.array(layerSchema).max(mostLayers),
  columns: z.array(columnSchema).max(mostColumns),
  started: optional(z.number()),
  config: optional(z.string()),
  backend: optional(z.string()),
  batchSize: optional(z.number().positive()),
  parameters: optional(z.number().nonnegative()),
  plannedSteps: optional(z.number().positive()),
  baselineLoss: optional(z.number()),
  requiredLag: optional(z.number().nonnegative()),
  rank: optional(z.int().nonnegative()),
  ranks: optional(z.int().positive()),
  /** Where the program began the run. */
  source: optional(programPlaceSchema),
  /** Name of the machine that wrote it, and the number of the writing process there. */
  host: optional(z.string()),
  pid: optional(z.int().positive()),
  engine: z.unknown().optional(),
});
export type Description = z.infer<typeof descriptionSchema>;

/** What the engine writes about its run. @param started seconds since 1970 */
export function describeRun(info: RunInfo, writer: string, started: number): Description {
  return {
    writer,
    kind: info.kind,
    model: info.model,
    layers: info.layers.map(({ name, type, weights, recurrent }) => ({
      name,
      type,
      weights: [...weights],
      recurrent: recurrent && {
        timesteps: recurrent.timesteps,
        units: recurrent.units,
        states: [...recurrent.states],
        gates: [...recurrent.gates],
        reversed: recurrent.reversed,
      },
    })),
    columns: info.columns.map((column) => ({ tag: columnTag(info, column), ...column })),
    started,
    config: info.config,
    backend: info.backend.label,
    batchSize: info.batchSize,
    parameters: info.parameters,
    plannedSteps: info.plannedSteps,
    baselineLoss: info.baselineLoss,
    requiredLag: info.requiredLag,
    engine: info,
  };
}

/** `loss`, `dense/kernel/weightNorm`, `lstm/h/horizon`: the tag of a scalar, by which TensorBoard groups its charts. */
export function columnTag(info: Pick<RunInfo, "layers">, { quantity, layer, name }: Column): string {
  const layerName = layer === null ? null : (info.layers[layer]?.name ?? String(layer));
  return [layerName, name, quantity].filter((part) => part !== null).join("/");
}

/**
 * A described run as the panel knows runs. What only our engine says of a run has neutral values in others.
 *
 * @param tags receives the tag of each column.
 */
export function infoOf(description: Description, runId: string): { readonly info: RunInfo; readonly tags: string[] } {
  const engine = runInfoSchema.safeParse(description.engine);
  if (engine.success && engine.data.columns.length === description.columns.length)
    return { info: { ...engine.data, runId }, tags: description.columns.map(({ tag }) => tag) };
  const layers = description.layers.map(layerInfo);
  const columns = description.columns.map(({ tag, quantity, layer, name }): Column => {
    const known = quantities.find((q) => q === quantity);
    const index = layer ?? null;
    if (known === undefined || (index !== null && index >= layers.length))
      return { quantity: "metric", layer: null, name: tag };
    return { quantity: known, layer: index, name: name ?? null };
  });
  const info: RunInfo = {
    ...neutralInfo(runId, description.model),
    kind: description.kind,
    config: description.config ?? "",
    layers,
    columns,
    plannedSteps: description.plannedSteps ?? null,
    batchSize: description.batchSize ?? 0,
    parameters: description.parameters ?? 0,
    backend: { name: "other", label: description.backend ?? description.writer, rejected: [] },
    baselineLoss: description.baselineLoss ?? null,
    requiredLag: description.requiredLag ?? null,
    requiredLagSource: description.requiredLag == null ? null : "program",
  };
  return { info, tags: description.columns.map(({ tag }) => tag) };
}

/** A run known by its name alone. */
export function neutralInfo(runId: string, model: string): RunInfo {
  return {
    runId,
    kind: "train",
    config: "",
    model,
    modelPath: [],
    layers: [],
    columns: [],
    plannedSteps: null,
    batchSize: 0,
    parameters: 0,
    backend: { name: "other", label: "", rejected: [] },
    dataWarnings: [],
    fromLogits: false,
    baselineLoss: null,
    requiredLag: null,
    requiredLagSource: null,
    data: null,
    diagnosis: { requiredLag: null, rules: defaultRules },
    clip: { value: null, norm: null, globalNorm: null },
    trainingPath: [],
  };
}

function layerInfo({ name, type, weights, recurrent }: Description["layers"][number]): LayerInfo {
  return {
    name,
    type,
    // The directions of one module have one path.
    path: [name.replace(/_reverse$/, "")],
    weights: weights ?? [],
    activation: activationNamed(type.toLowerCase()),
    gateActivation: null,
    width: recurrent?.units ?? null,
    symmetry: null,
    recurrent: recurrent
      ? {
          timesteps: recurrent.timesteps,
          units: recurrent.units,
          states: recurrent.states,
          gates: recurrent.gates ?? [],
          reversed: recurrent.reversed ?? false,
          method: "taps",
          floor: null,
        }
      : null,
  };
}
