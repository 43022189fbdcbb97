/** Activations that are unsuitable for a state or a gate. */

import { isSigmoid } from "../../config/activations.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { stateActivationFix } from "../fixes/outputFixes.ts";
import { layerSource, typePlace, written } from "../layerSource.ts";
import { type Check, type Mismatch, unlessLearnt } from "./mismatch.ts";

const reasons: { readonly [activation: string]: string } = {
  softmax:
    "A softmax makes the units of the state share a sum of 1: each is about 1 / units, all move together, and hardly any gradient passes through time.",
  exponential: "An exponential grows without limit from timestep to timestep.",
  softplus: "A softplus is never below 0 and grows without limit: the state can only pile up.",
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
    const reason = reasons[layer.activation ?? ""];
    const source = layerSource(model, layer.path, layer.type);
    if (reason === undefined || layer.recurrent === null) return null;
    const one = layer.activation === "softmax" && layer.recurrent.units === 1;
    return {
      kind: "state",
      severity: one ? "error" : "warning",
      layer,
      place: written(source, "activation") ?? typePlace(source),
      message: one
        ? `the state of ${layer.name} is a softmax over one unit, which is always 1`
        : `${layer.activation} does not suit the state of ${layer.name}`,
      explanation: `${reason} The usual one is tanh, within ±1 and with slope 1 at 0.`,
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
      message: `${gateActivation} does not suit the gates of ${layer.name}`,
      explanation:
        "A gate is the share that passes, from 0 to 1. A value outside this range reverses the state's sign or amplifies it at every timestep, and an amplified state explodes. The usual one is sigmoid.",
      evidence: {},
      fixes: [stateActivationFix(source, "recurrentActivation", "sigmoid")],
    };
  }
};
