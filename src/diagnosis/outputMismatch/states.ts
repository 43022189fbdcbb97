/** Activations that are unsuitable for a state or a gate. */

import { isSigmoid } from "../../config/activations.ts";
import { outputWords } from "../../messages/outputFindings.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { stateActivationFix } from "../fixes/outputFixes.ts";
import { layerSource, typePlace, written } from "../layerSource.ts";
import { type Check, type Mismatch, unlessLearnt } from "./mismatch.ts";

const reasons: { readonly [activation: string]: () => string } = {
  softmax: () => outputWords().softmaxState,
  exponential: () => outputWords().exponentialState,
  softplus: () => outputWords().softplusState,
};

export const states: Check = ({ history, model, learning }) => {
  const told = new Set<string>();
  return history.info.layers.flatMap((layer): Mismatch[] => {
    const key = layer.path.join("/");
    // A bidirectional layer is written once for both directions.
    if (layer.recurrent === null || layer.type === "externalMemory" || told.has(key)) return [];
    told.add(key);
    return [stateOf(layer), gateOf(layer)].flatMap((found) =>
      found ? [{ ...found, severity: unlessLearnt(found.severity, learning) }] : [],
    );
  });

  function stateOf(layer: LayerInfo): Mismatch | null {
    const reason = reasons[layer.activation ?? ""]?.();
    const source = layerSource(model, layer.path, layer.type);
    if (reason === undefined || layer.recurrent === null) return null;
    const one = layer.activation === "softmax" && layer.recurrent.units === 1;
    return {
      kind: "state",
      severity: one ? "error" : "warning",
      layer,
      place: written(source, "activation") ?? typePlace(source),
      message: one
        ? outputWords().stateSoftmaxOfOne(layer.name)
        : outputWords().stateUnsuited({ activation: layer.activation, name: layer.name }),
      explanation: outputWords().usualState(reason),
      evidence: { units: layer.recurrent.units },
      fixes: [stateActivationFix(source, "activation", "tanh")],
    };
  }

  function gateOf(layer: LayerInfo): Mismatch | null {
    const { gateActivation } = layer;
    if (gateActivation === null || isSigmoid(gateActivation)) return null;
    const source = layerSource(model, layer.path, layer.type);
    return {
      kind: "gates",
      severity: "warning",
      layer,
      place: written(source, "recurrentActivation") ?? typePlace(source),
      message: outputWords().gatesUnsuited({ gateActivation, name: layer.name }),
      explanation: outputWords().gatesUnsuitedWhy,
      evidence: {},
      fixes: [stateActivationFix(source, "recurrentActivation", "sigmoid")],
    };
  }
};
