/** Describes a run before its first step: what is measured of it, and what its reader is told. */

import type { Problem } from "../../config/problem.ts";
import { isRegression } from "../../config/regression.ts";
import type { LossName } from "../../config/resolved.ts";
import { engineWords } from "../../messages/engine.ts";
import { testQuantities } from "../../protocol/quantities.ts";
import type { BackendInfo, RunInfo } from "../../protocol/run.ts";
import type { Dataset } from "../data/dataset.ts";
import { dataFacts } from "../data/facts/dataFacts.ts";
import { type InputBlock, type JointInputs, jointInputs } from "../data/lag/jointInputs.ts";
import { lagFacts } from "../data/lag/lagFacts.ts";
import { type TimeAxis, timeAxis } from "../data/lag/timeAxis.ts";
import { masksRows } from "../instrument/masks.ts";
import { type MeasuredLayer, measuredLayers } from "../instrument/measuredLayers.ts";
import { layerInfos, meterWeights } from "../measure/layerInfo.ts";
import { type MeterWeight, StepMeter } from "../measure/stepMeter.ts";
import { entriesOf } from "../model/builtModel.ts";
import type { RunRequest } from "../run.ts";
import { longestUnmasked } from "./longestUnmasked.ts";
import { outputMetricNames } from "./outputMetrics.ts";
import { lossOf, type Prepared, takesLogits, timeCut, warningsOf } from "./prepare.ts";
import { regularizedLayers } from "./regularizers.ts";
import { requiredLag } from "./requiredLag.ts";
import type { StepPlan } from "./stepPlan.ts";

export interface DescribedRun {
  readonly info: RunInfo;
  readonly layers: readonly MeasuredLayer[];
  readonly meter: StepMeter;
  /** Places of the trained weights in `info.layers`. */
  readonly places: readonly MeterWeight[];
  /** The axis on which the need is measured; null: there is none, or it is unknown. */
  readonly axis: TimeAxis | null;
  /** Where each of several inputs is within a sample; undefined: there is one. */
  readonly blocks: readonly InputBlock[] | undefined;
}

/** @param kernels whether the kernels run the layers that they support */
export async function describeRun(
  request: RunRequest,
  prepared: Prepared,
  plan: StepPlan,
  backend: BackendInfo,
  kernels: boolean,
): Promise<DescribedRun> {
  const { model } = request;
  const { dataset, built } = prepared;
  const { training, diagnosis } = model;
  const layers = measuredLayers(built.model);
  const longest = longestUnmasked(built.model, layers, dataset);
  const infos = layerInfos(layers, built.byLayer, dataset.timesteps, kernels, longest, timeCut(model));
  const places = meterWeights(layers, built.model.trainableWeights);
  const meter = meterOf(request, prepared, { layers, infos, places });

  const masks = masksRows(built.model);
  // Rows of zeros at an end are padding only if they are zeros in all inputs.
  const joint = masks ? null : jointInputs(dataset, entriesOf(built));
  const alone = aloneOrJoint(dataset, joint);
  const axis = alone ? timeAxis(alone.inputShape, infos) : null;
  const masked = longest.some((timesteps) => timesteps !== null);
  const estimate = alone ? await lagFacts(alone, masks, infos, training.loss) : null;
  const info: RunInfo = {
    runId: request.runId,
    kind: request.kind,
    config: request.configPath,
    model: model.name,
    modelPath: model.path,
    layers: infos,
    columns: meter.columns,
    plannedSteps: plan.planned,
    batchSize: plan.batchSize,
    parameters: built.parameters,
    backend,
    dataWarnings: [...warningsOf(prepared, model), ...loopRemarks(infos)],
    fromLogits: takesLogits(training, built),
    baselineLoss: baselineLoss(prepared, training.loss),
    ...requiredLag(
      { config: diagnosis.requiredLag, task: dataset.requiredLag, estimate, axis: masked ? null : axis },
      infos,
    ),
    data: {
      ...(await dataFacts(dataset, entriesOf(built), (name) => lossOf(prepared, training, name))),
      lag: estimate,
    },
    diagnosis,
    clip: training.clip,
    trainingPath: model.trainingPath,
  };
  return { info, layers, meter, places, axis, blocks: joint?.blocks };
}

/** The data with one input, from which a lag can be estimated; null: several inputs have no common time axis. */
function aloneOrJoint(dataset: Dataset, joint: JointInputs | null): Dataset | null {
  if (!dataset.parts) return dataset;
  return dataset.parts.inputs.length > 1 ? (joint?.dataset ?? null) : (dataset.parts.targets[0]?.of ?? null);
}

/** What is said of layers that the kernels do not run. */
function loopRemarks(infos: RunInfo["layers"]): readonly Problem[] {
  return infos.flatMap(({ name, path, recurrent }): Problem[] => {
    if (recurrent?.reason === undefined) return [];
    const where = recurrent.method === "own" ? engineWords().ownCode : engineWords().ownLoop;
    const message = engineWords().runsIn({ layer: name, where, reason: recurrent.reason });
    return [{ severity: "information", message, path: [...path], on: "value" }];
  });
}

function meterOf(
  { kind, model }: RunRequest,
  { dataset, built, outputs }: Prepared,
  { layers, infos, places }: Pick<DescribedRun, "layers" | "places"> & { readonly infos: RunInfo["layers"] },
): StepMeter {
  const { training, diagnosis } = model;
  const { epsilon } = diagnosis.rules["vanishing-through-time"];
  const classes = !outputs && !isRegression(training.loss);
  const tested = kind === "train" && dataset.test;
  const tests = tested ? testQuantities.filter((quantity) => quantity === "testLoss" || classes) : [];
  const metrics = outputs ? outputMetricNames(training.metrics, outputs) : training.metrics;
  const penalized = regularizedLayers(built.model).length > 0;
  return new StepMeter(layers, infos, places, epsilon, tests, metrics, penalized);
}

/** The baseline; for several outputs, the weighted sum of theirs, or null if one is unknown or weighted. */
export function baselineLoss({ dataset, outputs, weights }: Prepared, loss: LossName): number | null {
  if (!outputs) return dataset.baselineLoss(loss, weights.training);
  if (weights.training) return null;
  return outputs.reduce<number | null>((sum, output) => {
    const own = output.dataset.baselineLoss(output.loss);
    return sum === null || own === null ? null : sum + output.weight * own;
  }, 0);
}
