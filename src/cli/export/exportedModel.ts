/** Reads a built model and its data into what the exporters take. */

import type { JsonValue, ResolvedModel } from "../../config/resolved.ts";
import type { PositionWeights } from "../../engine/data/positionWeights.ts";
import { type BuiltLayer, weightsOf } from "../../engine/model/builtModel.ts";
import { sizeOf } from "../../engine/model/forward.ts";
import { type Prepared, takesLogits } from "../../engine/training/prepare.ts";
import { baselineLoss } from "../../engine/training/runInfo.ts";
import { stepPlan } from "../../engine/training/stepPlan.ts";
import type {
  ExportedLayer,
  ExportedModel,
  ExportedOutput,
  ExportedWeight,
  Refusal,
} from "../../export/exportedModel.ts";
import { cliWords } from "../../messages/cli.ts";
import type { NpzArray } from "./npz.ts";

export interface Exportable {
  readonly exported: ExportedModel;
  /** The samples, in the order of the first epoch. */
  readonly arrays: readonly NpzArray[];
}

/** Or why a model of this form cannot be exported. */
export function exportable(model: ResolvedModel, prepared: Prepared): Exportable | readonly Refusal[] {
  const { built, dataset, weights } = prepared;
  const unlike = built.layers.flatMap(refusalOf);
  if (unlike.length > 0) return unlike;
  const { test, inputShape, targetShape } = dataset;
  const order = firstEpoch(model, prepared);
  const outputs = outputsOf(model, prepared);
  const each = outputs.map((output) => output.targetShape.slice(0, -1));
  // The weights of several outputs travel as one array, too.
  const positions =
    each.length === 1 ? targetShape.slice(0, -1) : [each.reduce((sum, shape) => sum + sizeOf(shape), 0)];
  const ordered = (values: Float32Array, shape: readonly number[]): NpzArray["values"] => taken(values, order, shape);
  const own = weights.training;
  return {
    exported: {
      model,
      layers: built.layers.filter(({ wrapper }) => wrapper === null).map(exportedLayer),
      inputs: built.inputs,
      outputs,
      data: {
        samples: dataset.samples,
        inputShape,
        targetShape,
        classes: dataset.classes,
        test: test?.samples ?? 0,
        weighted: own !== null,
        masked: (own?.unmasked ?? null) !== null,
        requiredLag: dataset.requiredLag,
        baseline: baselineLoss(prepared, model.training.loss),
      },
    },
    arrays: [
      { name: "inputs", shape: [dataset.samples, ...inputShape], values: ordered(dataset.inputs, inputShape) },
      { name: "targets", shape: [dataset.samples, ...targetShape], values: ordered(dataset.targets, targetShape) },
      ...(own
        ? [{ name: "weights", shape: [dataset.samples, ...positions], values: ordered(withMask(own), positions) }]
        : []),
      ...(test
        ? [
            { name: "test_inputs", shape: [test.samples, ...inputShape], values: test.inputs },
            { name: "test_targets", shape: [test.samples, ...targetShape], values: test.targets },
          ]
        : []),
    ],
  };
}

function outputsOf({ training }: ResolvedModel, prepared: Prepared): readonly ExportedOutput[] {
  const { built, dataset, loss, outputs } = prepared;
  const only = built.outputs[0]?.name ?? built.layers.findLast(({ wrapper }) => wrapper === null)?.name ?? "";
  if (!outputs)
    return [
      {
        name: only,
        loss: training.loss,
        weight: 1,
        targetShape: dataset.targetShape,
        logits: loss.threshold === 0,
        bare: loss.threshold === 0 && !takesLogits(training, built),
      },
    ];
  return outputs.map(({ name, loss: own, weight, dataset: part, fromLogits, own: { threshold } }) => ({
    name,
    loss: own,
    weight,
    targetShape: part.targetShape,
    logits: threshold === 0,
    bare: threshold === 0 && !fromLogits,
  }));
}

/** Arguments that the exporters do not write yet, with the values that they do. */
const written: { readonly [argument: string]: readonly JsonValue[] } = {
  ignoreMask: [false],
  zeroOutputForMask: [false],
  negativeSlope: [0],
  threshold: [0],
  interpolation: ["nearest", "bilinear"],
};

/** Why a layer cannot be exported because of the engine's own additions to its type. */
function refusalOf({ type, path, entry, wrapper }: BuiltLayer): readonly Refusal[] {
  if (wrapper !== null) return [];
  const key = Object.entries(entry.args).find(
    ([argument, value]) =>
      (typeof value !== "object" && written[argument]?.every((each) => each !== value) === true) ||
      (argument === "padding" && value === "causal") ||
      (type === "elu" && argument === "alpha" && value !== 1),
  )?.[0];
  return key === undefined
    ? []
    : [{ path: [...path, key], message: cliWords().argumentNotExported({ argument: key, type }) }];
}

/** Indices of all samples: those of the first epoch's batches, then the rest. */
function firstEpoch(model: ResolvedModel, prepared: Prepared): Uint32Array {
  const { samples } = prepared.dataset;
  const plan = stepPlan({ runId: "", kind: "train", model, configPath: "", steps: null, budget: null }, prepared);
  const batches = plan.order();
  const order = Array.from({ length: plan.perEpoch }, () => [...batches.next().value]).flat();
  const used = new Set(order);
  for (let i = 0; i < samples; i++) if (!used.has(i)) order.push(i);
  return Uint32Array.from(order);
}

/** The weights, NaN where a mask removes the position. */
function withMask({ values, unmasked }: PositionWeights): Float32Array {
  return unmasked ? values.map((value, i) => (unmasked[i] === 0 ? Number.NaN : value)) : values;
}

function taken(values: Float32Array, order: Uint32Array, shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, d) => product * d, 1);
  const result = new Float32Array(values.length);
  order.forEach((sample, i) => {
    result.set(values.subarray(sample * size, (sample + 1) * size), i * size);
  });
  return result;
}

function exportedLayer(built: BuiltLayer): ExportedLayer {
  const { layer, entry, type, name, path } = built;
  const inner = built.inner.map(exportedLayer);
  const weights = weightsOf(built).map(({ name: weight, variable, trainable }): ExportedWeight => {
    const values = variable.dataSync();
    return { name: weight, shape: variable.shape, values: Float32Array.from(values), trainable };
  });
  const config = layer.getConfig();
  return {
    type,
    name,
    path,
    inputs: entry.inputs,
    initialState: entry.initialState ?? [],
    shares: entry.shares ?? null,
    config,
    inputShape: sampleShape(layer.inboundNodes[0]?.inputShapes[0]),
    outputShape: sampleShape(layer.inboundNodes[0]?.outputShapes[0]),
    weights,
    inner: type === "rnn" ? cellsOf({ name, path, config, weights }) : inner,
  };
}

/** The cell of an `rnn`, whose weights are the layer's; for stacked cells their weights are not told apart. */
function cellsOf(of: Pick<ExportedLayer, "name" | "path" | "config" | "weights">): ExportedLayer[] {
  const cell: unknown = of.config["cell"];
  if (!isRecord(cell) || typeof cell["className"] !== "string" || !isRecord(cell["config"])) return [];
  const base = { ...of, inputs: [], initialState: [], shares: null, inputShape: [], outputShape: [], inner: [] };
  const type = `${cell["className"].charAt(0).toLowerCase()}${cell["className"].slice(1)}`;
  const types: Readonly<Record<string, string>> = { lSTMCell: "lstmCell", gRUCell: "gruCell" };
  return [{ ...base, type: types[type] ?? type, config: cell["config"] }];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A shape without the batch; open axes count as 1. */
function sampleShape(shape: unknown): number[] {
  if (!Array.isArray(shape)) return [];
  return shape.slice(1).map((size) => (typeof size === "number" ? size : 1));
}
