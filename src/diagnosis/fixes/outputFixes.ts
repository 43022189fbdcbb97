/** Edits of a model's output: its activation, a layer at its end, the loss, the scale of the targets. */

import type { Range } from "../../config/activations.ts";
import type { ConfigEdit } from "../../config/edit.ts";
import { writtenInOrder } from "../../config/graph/takers.ts";
import { has } from "../../config/layerCatalogue.ts";
import { isGated } from "../../config/layerKinds.ts";
import type { JsonValue, LossName, ResolvedModel } from "../../config/resolved.ts";
import { argumentsOf, ownArgumentsOf } from "../../config/schema/layers/index.ts";
import { fixWords } from "../../messages/fixes.ts";
import type { Fix } from "../../protocol/finding.ts";
import { type LayerSource, layerSource, nameOf, typePlace, written } from "../layerSource.ts";
import type { Link } from "../outputChain.ts";
import { type ArrayPlan, arrayEdits, titleOfArrays } from "./arrayScaling.ts";
import { type MaybeFix, present, together } from "./fix.ts";
import { type LossPlace, lossEdit } from "./lossEdit.ts";

/**
 * Another activation for the layer that makes the output: in its place if the layer has one, else by a dense layer at
 * the end, because the state of a recurrent layer is not the output. Undefined for a saved model.
 */
export function activationFix(
  model: ResolvedModel,
  chain: readonly Link[],
  link: Link,
  activation: "linear" | "sigmoid" | "softmax",
): MaybeFix {
  const { source, layer } = link;
  if (model.file !== null) return undefined;
  const id = `output-${activation}`;
  const title =
    activation === "linear"
      ? fixWords().makeLinear(layer.name)
      : fixWords().giveActivation({ name: layer.name, activation });
  if (has("function", source) && source.type !== "activation") {
    const gone = ownArgumentsOf(source.type).flatMap((key): ConfigEdit[] => {
      const path = written(source, key);
      return path ? [{ path, value: undefined }] : [];
    });
    const edits: ConfigEdit[] = [
      { path: typePlace(source), value: "activation" },
      ...gone,
      { path: [...source.path, "activation"], value: activation },
    ];
    return { id, title, edits };
  }
  if (layer.recurrent === null && argumentsOf(source.type).has("activation"))
    return { id, title, edits: [{ path: [...source.path, "activation"], value: activation }] };
  return appendFix(model, chain, activation);
}

/** A dense layer at the end, as wide as the present output. */
function appendFix(model: ResolvedModel, chain: readonly Link[], activation: string): MaybeFix {
  const last = model.layers.at(-1);
  const units = chain[0]?.top.width;
  const index = last?.path.at(-1);
  const alone = model.outputs.length === 1 && model.outputs[0] === last?.name && writtenInOrder(model);
  if (!last || !alone || !units || typeof index !== "number") return undefined;
  const value: { [key: string]: JsonValue } = { type: "dense", units };
  if (activation !== "linear") value["activation"] = activation;
  return {
    id: `dense-${activation}`,
    title: fixWords().endWithDense({ units, activation }),
    edits: [{ path: [...last.path.slice(0, -1), index + 1], value }],
  };
}

/**
 * Fixes for a regression whose output does not reach its targets: make it unbounded, or bring the targets into its
 * range.
 */
export function linearOutputFixes(
  model: ResolvedModel,
  chain: readonly Link[],
  link: Link,
  range: Range,
  targets: Range,
  output: string | null,
): readonly Fix[] {
  const linear = activationFix(model, chain, link, "linear");
  const scaled = output === null ? minMaxFix(model, range) : minMaxArrayFix(model, output, range);
  // A linear output starts near 0 and needs very many steps to reach targets of several hundred.
  return present(farAway(targets) ? [scaled, linear] : [linear, scaled]);
}

function farAway({ low, high }: Range): boolean {
  return Math.max(Math.abs(low), Math.abs(high)) > 10;
}

/** Scales the targets to 0 … 1, if the output covers that range. */
function minMaxFix({ data, dataPath }: ResolvedModel, { low, high }: Range): MaybeFix {
  if (data.kind === "task" || data.kind === "text" || low > 0 || high < 1) return undefined;
  if (data.minMax === true || data.minMax === "targets") return undefined;
  // Keep the scaling of the inputs.
  const edits: ConfigEdit[] = [{ path: [...dataPath, "minMax"], value: data.minMax === "inputs" ? true : "targets" }];
  // A side cannot be scaled both ways.
  if (data.standardize === true) edits.unshift({ path: [...dataPath, "standardize"], value: "inputs" });
  if (data.standardize === "targets") edits.unshift({ path: [...dataPath, "standardize"], value: undefined });
  return { id: "scale-targets", title: fixWords().scaleTargets, edits };
}

/** The same for the targets of one of several outputs. */
function minMaxArrayFix(model: ResolvedModel, array: string, { low, high }: Range): MaybeFix {
  const plan: ArrayPlan = { side: "targets", array, scaling: "minMax" };
  const edits = low > 0 || high < 1 ? undefined : arrayEdits(model, plan);
  return edits && { id: "scale-targets", title: titleOfArrays([plan]), edits };
}

/** Computes the loss from logits, which is exact however certain the net is. */
export function logitsFix(model: ResolvedModel, output: LossPlace | null): Fix {
  return {
    id: "from-logits",
    title: fixWords().takeLogits,
    edits: [lossEdit(model, output, model.training.loss, true)],
  };
}

export function withoutLogitsFix(model: ResolvedModel, output: LossPlace | null): Fix {
  return {
    id: "no-logits",
    title: fixWords().takeProbabilities,
    edits: [lossEdit(model, output, model.training.loss, false)],
  };
}

export function lossFix(model: ResolvedModel, output: LossPlace | null, loss: LossName): Fix {
  return {
    id: `loss-${loss}`,
    title: fixWords().useLoss(loss),
    edits: [lossEdit(model, output, loss, false)],
  };
}

export function stateActivationFix(
  source: LayerSource,
  key: "activation" | "recurrentActivation",
  value: "tanh" | "sigmoid",
): Fix {
  const what = key === "activation" ? fixWords().theState : fixWords().theGates;
  return {
    id: `${value}-${key}`,
    title: fixWords().useFor({ value, what }),
    edits: [{ path: [...source.path, key], value }],
  };
}

/**
 * A linear output, together with tanh for the states of gated layers that rectify: either one alone leaves the other
 * fault.
 */
export function deadOutputFix(model: ResolvedModel, chain: readonly Link[], link: Link): MaybeFix {
  const linear = activationFix(model, chain, link, "linear");
  const states = rectifyingStates(model);
  if (!linear || states.length === 0) return linear;
  const edits = states.map(({ path }): ConfigEdit => ({ path: [...path, "activation"], value: "tanh" }));
  const also: Fix = { id: "tanh-states", title: fixWords().andTanhState, edits };
  return together({ ...linear, id: "linear-output-tanh-states" }, also, fixWords().andTanhStates(states.length));
}

function rectifyingStates(model: ResolvedModel): readonly LayerSource[] {
  return model.layers
    .map((l) => layerSource(model, l.type === "bidirectional" ? [...l.path, "layer"] : l.path, l.type))
    .filter((s) => isGated(s) && nameOf(s, "activation") === "relu");
}
